"""ElastiCache clusters; a replication group's members are listed one by one and name their group.

Fields: docs.aws.amazon.com/AmazonElastiCache/latest/APIReference. Serverless caches are not listed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.domain.resources import Resource
from app.providers.aws.fields import compact, utc
from app.providers.aws.reader import Reader


def clusters(reader: Reader) -> Iterator[Resource]:
    """Yield the cache clusters of a region."""
    tags = reader.tags("elasticache")
    for cluster in reader.items("elasticache", "describe_cache_clusters", "CacheClusters"):
        yield _cluster(cluster, tags.of(cluster["ARN"]), reader.region)


def _cluster(cluster: Mapping[str, Any], tags: dict[str, str], region: str) -> Resource:
    endpoint = cluster.get("ConfigurationEndpoint", {})
    return Resource(
        external_id=cluster["ARN"],
        name=cluster["CacheClusterId"],
        region=region,
        status=cluster.get("CacheClusterStatus", ""),
        created_at=utc(cluster.get("CacheClusterCreateTime")),
        tags=tags,
        config=compact(
            instance_type=cluster.get("CacheNodeType"),
            engine=cluster.get("Engine"),
            engine_version=cluster.get("EngineVersion"),
            nodes=cluster.get("NumCacheNodes"),
            availability_zone=cluster.get("PreferredAvailabilityZone"),
            replication_group_id=cluster.get("ReplicationGroupId"),
            subnet_group=cluster.get("CacheSubnetGroupName"),
            address=endpoint.get("Address"),
            port=endpoint.get("Port"),
            snapshot_retention_days=cluster.get("SnapshotRetentionLimit"),
        ),
    )
