"""Load balancers: application, network and gateway (elbv2), and classic ones (elb), in one scope.

Fields: docs.aws.amazon.com/elasticloadbalancing/latest/APIReference and .../2012-06-01/APIReference. Tags are read
for 20 load balancers at a time, which is what one call takes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.domain.resources import Resource
from app.providers.aws.fields import batches, compact, pick, tag_map, utc
from app.providers.aws.reader import Reader

_TAG_BATCH = 20


def load_balancers(reader: Reader) -> Iterator[Resource]:
    """Yield all load balancers of a region."""
    found = reader.items("elbv2", "describe_load_balancers", "LoadBalancers")
    for batch in batches(found, _TAG_BATCH):
        tags = _tags(reader, "elbv2", "ResourceArn", ResourceArns=[balancer["LoadBalancerArn"] for balancer in batch])
        for balancer in batch:
            yield _modern(balancer, tags.get(balancer["LoadBalancerArn"], {}), reader.region)
    classic = reader.items("elb", "describe_load_balancers", "LoadBalancerDescriptions")
    for batch in batches(classic, _TAG_BATCH):
        names = [balancer["LoadBalancerName"] for balancer in batch]
        tags = _tags(reader, "elb", "LoadBalancerName", LoadBalancerNames=names)
        for balancer in batch:
            yield _classic(balancer, tags.get(balancer["LoadBalancerName"], {}), reader)


def _tags(reader: Reader, service: str, key: str, **which: Any) -> dict[str, dict[str, str]]:
    rows = reader.items(service, "describe_tags", "TagDescriptions", **which)
    return {row[key]: tag_map(row.get("Tags")) for row in rows}


def _modern(balancer: Mapping[str, Any], tags: dict[str, str], region: str) -> Resource:
    zones = balancer.get("AvailabilityZones", [])
    return Resource(
        external_id=balancer["LoadBalancerArn"],
        name=balancer["LoadBalancerName"],
        region=region,
        status=balancer.get("State", {}).get("Code", ""),
        created_at=utc(balancer.get("CreatedTime")),
        tags=tags,
        config=compact(
            load_balancer_type=balancer.get("Type"),
            scheme=balancer.get("Scheme"),
            dns_name=balancer.get("DNSName"),
            ip_address_type=balancer.get("IpAddressType"),
            vpc_id=balancer.get("VpcId"),
            availability_zones=pick(zones, "ZoneName"),
            subnet_ids=pick(zones, "SubnetId"),
            security_group_ids=sorted(balancer.get("SecurityGroups", [])),
        ),
    )


def _classic(balancer: Mapping[str, Any], tags: dict[str, str], reader: Reader) -> Resource:
    # Names are unique per region only, and the listing has no ARN: this is how AWS builds it.
    arn = f"arn:{reader.identity.partition}:elasticloadbalancing:{reader.region}:{reader.identity.account_id}"
    return Resource(
        external_id=f"{arn}:loadbalancer/{balancer['LoadBalancerName']}",
        name=balancer["LoadBalancerName"],
        region=reader.region,
        created_at=utc(balancer.get("CreatedTime")),
        tags=tags,
        config=compact(
            load_balancer_type="classic",
            scheme=balancer.get("Scheme"),
            dns_name=balancer.get("DNSName"),
            vpc_id=balancer.get("VPCId"),
            availability_zones=sorted(balancer.get("AvailabilityZones", [])),
            subnet_ids=sorted(balancer.get("Subnets", [])),
            security_group_ids=sorted(balancer.get("SecurityGroups", [])),
            instance_ids=pick(balancer.get("Instances"), "InstanceId"),
        ),
    )
