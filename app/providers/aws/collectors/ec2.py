"""EC2: instances, volumes, snapshots, addresses and NAT gateways.

Fields: docs.aws.amazon.com/AWSEC2/latest/APIReference. Ids are unique across regions. What is already gone stays
listed for about an hour (`terminated` instances, `deleted` gateways) and is left out.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.core.domain.resources import Resource
from app.providers.aws.fields import compact, pick, tag_map, utc
from app.providers.aws.reader import Reader

PAGE_SIZE = 500
"""Instances per page: 1,000 would be 3 MiB of XML at once."""


def instances(reader: Reader) -> Iterator[Resource]:
    """Yield the instances of a region."""
    for reservation in reader.items("ec2", "describe_instances", "Reservations", page_size=PAGE_SIZE):
        for instance in reservation["Instances"]:
            if instance["State"]["Name"] != "terminated":
                yield _instance(instance, reader.region)


def _instance(instance: Mapping[str, Any], region: str) -> Resource:
    tags = tag_map(instance.get("Tags"))
    placement = instance.get("Placement", {})
    interfaces = instance.get("NetworkInterfaces", [])
    ipv6 = [address for interface in interfaces for address in interface.get("Ipv6Addresses", [])]
    return Resource(
        external_id=instance["InstanceId"],
        name=tags.get("Name", ""),
        region=region,
        status=instance["State"]["Name"],
        created_at=utc(_created_at(instance)),
        tags=tags,
        config=compact(
            instance_type=instance["InstanceType"],
            vcpus=_vcpus(instance.get("CpuOptions", {})),
            architecture=instance.get("Architecture"),
            platform=instance.get("PlatformDetails"),
            lifecycle=instance.get("InstanceLifecycle"),
            availability_zone=placement.get("AvailabilityZone"),
            tenancy=placement.get("Tenancy"),
            image_id=instance.get("ImageId"),
            vpc_id=instance.get("VpcId"),
            subnet_id=instance.get("SubnetId"),
            private_ip=instance.get("PrivateIpAddress"),
            public_ip=instance.get("PublicIpAddress"),
            ipv6_addresses=pick(ipv6, "Ipv6Address"),
            security_group_ids=pick(instance.get("SecurityGroups"), "GroupId"),
            volume_ids=pick([d.get("Ebs", {}) for d in instance.get("BlockDeviceMappings", [])], "VolumeId"),
        ),
    )


def _created_at(instance: Mapping[str, Any]) -> datetime | None:
    """Return when the instance was made. LaunchTime moves at every start; the first interface's attachment stays."""
    times = [instance.get("LaunchTime")]
    for interface in instance.get("NetworkInterfaces", []):
        attachment = interface.get("Attachment", {})
        if attachment.get("DeviceIndex") == 0:
            times.append(attachment.get("AttachTime"))
    return min((time for time in times if time is not None), default=None)


def _vcpus(options: Mapping[str, int]) -> int | None:
    return options["CoreCount"] * options.get("ThreadsPerCore", 1) if "CoreCount" in options else None


def volumes(reader: Reader) -> Iterator[Resource]:
    """Yield the EBS volumes of a region."""
    for volume in reader.items("ec2", "describe_volumes", "Volumes", page_size=PAGE_SIZE):
        tags = tag_map(volume.get("Tags"))
        yield Resource(
            external_id=volume["VolumeId"],
            name=tags.get("Name", ""),
            region=reader.region,
            status=volume.get("State", ""),
            created_at=utc(volume.get("CreateTime")),
            tags=tags,
            config=compact(
                volume_type=volume.get("VolumeType"),
                size_gib=volume["Size"],
                iops=volume.get("Iops"),
                throughput_mib_per_s=volume.get("Throughput"),
                encrypted=volume.get("Encrypted"),
                availability_zone=volume.get("AvailabilityZone"),
                snapshot_id=volume.get("SnapshotId"),
                instance_ids=pick(volume.get("Attachments"), "InstanceId"),
            ),
        )


def snapshots(reader: Reader) -> Iterator[Resource]:
    """Yield the account's own EBS snapshots of a region; an emulator may list those of others as well."""
    for snapshot in reader.items("ec2", "describe_snapshots", "Snapshots", page_size=PAGE_SIZE, OwnerIds=["self"]):
        if snapshot["OwnerId"] != reader.identity.account_id:
            continue
        tags = tag_map(snapshot.get("Tags"))
        yield Resource(
            external_id=snapshot["SnapshotId"],
            name=tags.get("Name", ""),
            region=reader.region,
            status=snapshot.get("State", ""),
            created_at=utc(snapshot.get("StartTime")),
            tags=tags,
            config=compact(
                volume_size_gib=snapshot["VolumeSize"],
                volume_id=snapshot.get("VolumeId"),
                storage_tier=snapshot.get("StorageTier"),
                encrypted=snapshot.get("Encrypted"),
                description=snapshot.get("Description"),
            ),
        )


def elastic_ips(reader: Reader) -> Iterator[Resource]:
    """Yield the elastic addresses of a region. AWS has no word for their state: it is told by what they serve."""
    for address in reader.items("ec2", "describe_addresses", "Addresses"):
        tags = tag_map(address.get("Tags"))
        yield Resource(
            external_id=address.get("AllocationId") or address["PublicIp"],
            name=tags.get("Name", ""),
            region=reader.region,
            status="associated" if address.get("AssociationId") or address.get("InstanceId") else "unassociated",
            tags=tags,
            config=compact(
                public_ip=address.get("PublicIp"),
                private_ip=address.get("PrivateIpAddress"),
                instance_id=address.get("InstanceId"),
                network_interface_id=address.get("NetworkInterfaceId"),
                network_border_group=address.get("NetworkBorderGroup"),
            ),
        )


def nat_gateways(reader: Reader) -> Iterator[Resource]:
    """Yield the NAT gateways of a region."""
    for gateway in reader.items("ec2", "describe_nat_gateways", "NatGateways", page_size=PAGE_SIZE):
        if gateway.get("State") == "deleted":
            continue
        tags = tag_map(gateway.get("Tags"))
        addresses = gateway.get("NatGatewayAddresses", [])
        yield Resource(
            external_id=gateway["NatGatewayId"],
            name=tags.get("Name", ""),
            region=reader.region,
            status=gateway.get("State", ""),
            created_at=utc(gateway.get("CreateTime")),
            tags=tags,
            config=compact(
                connectivity=gateway.get("ConnectivityType"),
                vpc_id=gateway.get("VpcId"),
                subnet_id=gateway.get("SubnetId"),
                public_ips=pick(addresses, "PublicIp"),
                private_ips=pick(addresses, "PrivateIp"),
                allocation_ids=pick(addresses, "AllocationId"),
            ),
        )
