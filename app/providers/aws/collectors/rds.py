"""RDS: database instances and Aurora (or Multi-AZ) clusters; DocumentDB and Neptune come with the same listings.

Fields: docs.aws.amazon.com/AmazonRDS/latest/APIReference. Identifiers are unique per region only, so the ARN is the
id. The latest restorable time changes all day and is left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.domain.resources import Resource
from app.providers.aws.fields import compact, pick, tag_map, utc
from app.providers.aws.reader import Reader


def db_instances(reader: Reader) -> Iterator[Resource]:
    """Yield the database instances of a region."""
    for instance in reader.items("rds", "describe_db_instances", "DBInstances"):
        yield Resource(
            external_id=instance["DBInstanceArn"],
            name=instance["DBInstanceIdentifier"],
            region=reader.region,
            status=instance.get("DBInstanceStatus", ""),
            created_at=utc(instance.get("InstanceCreateTime")),
            tags=tag_map(instance.get("TagList")),
            config=_instance_config(instance),
        )


def _instance_config(instance: Mapping[str, Any]) -> dict[str, Any]:
    endpoint = instance.get("Endpoint", {})
    return compact(
        instance_type=instance["DBInstanceClass"],
        engine=instance["Engine"],
        engine_version=instance.get("EngineVersion"),
        license_model=instance.get("LicenseModel"),
        storage_gib=instance.get("AllocatedStorage"),
        storage_type=instance.get("StorageType"),
        iops=instance.get("Iops"),
        throughput_mib_per_s=instance.get("StorageThroughput"),
        multi_az=instance.get("MultiAZ"),
        availability_zone=instance.get("AvailabilityZone"),
        address=endpoint.get("Address"),
        port=endpoint.get("Port"),
        vpc_id=instance.get("DBSubnetGroup", {}).get("VpcId"),
        publicly_accessible=instance.get("PubliclyAccessible"),
        encrypted=instance.get("StorageEncrypted"),
        backup_retention_days=instance.get("BackupRetentionPeriod"),
        cluster_id=instance.get("DBClusterIdentifier"),
        replica_of=instance.get("ReadReplicaSourceDBInstanceIdentifier"),
    )


def db_clusters(reader: Reader) -> Iterator[Resource]:
    """Yield the database clusters of a region; their members are instances of their own."""
    for cluster in reader.items("rds", "describe_db_clusters", "DBClusters"):
        yield Resource(
            external_id=cluster["DBClusterArn"],
            name=cluster["DBClusterIdentifier"],
            region=reader.region,
            status=cluster.get("Status", ""),
            created_at=utc(cluster.get("ClusterCreateTime")),
            tags=tag_map(cluster.get("TagList")),
            config=compact(
                engine=cluster["Engine"],
                engine_version=cluster.get("EngineVersion"),
                engine_mode=cluster.get("EngineMode"),
                instance_type=cluster.get("DBClusterInstanceClass"),
                storage_gib=cluster.get("AllocatedStorage"),
                storage_type=cluster.get("StorageType"),
                iops=cluster.get("Iops"),
                multi_az=cluster.get("MultiAZ"),
                availability_zones=sorted(cluster.get("AvailabilityZones", [])),
                address=cluster.get("Endpoint"),
                port=cluster.get("Port"),
                encrypted=cluster.get("StorageEncrypted"),
                backup_retention_days=cluster.get("BackupRetentionPeriod"),
                member_ids=pick(cluster.get("DBClusterMembers"), "DBInstanceIdentifier"),
            ),
        )
