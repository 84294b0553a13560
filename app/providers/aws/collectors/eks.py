"""EKS clusters: the listing has names only, so each cluster is described. Worker nodes are EC2 instances.

Fields: docs.aws.amazon.com/eks/latest/APIReference.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.domain.resources import Resource
from app.providers.aws.fields import compact, utc
from app.providers.aws.reader import Reader, answered


def clusters(reader: Reader) -> Iterator[Resource]:
    """Yield the clusters of a region."""
    for name in reader.items("eks", "list_clusters", "clusters"):
        answer = reader.describe("eks", "describe_cluster", name=name)
        if answer is not None:
            yield _cluster(answered(answer, "cluster", "describe_cluster"), reader.region)


def _cluster(cluster: Mapping[str, Any], region: str) -> Resource:
    network = cluster.get("resourcesVpcConfig", {})
    return Resource(
        external_id=cluster["arn"],
        name=cluster["name"],
        region=region,
        status=cluster.get("status", ""),
        created_at=utc(cluster.get("createdAt")),
        tags=dict(cluster.get("tags", {})),
        config=compact(
            kubernetes_version=cluster.get("version"),
            platform_version=cluster.get("platformVersion"),
            endpoint=cluster.get("endpoint"),
            vpc_id=network.get("vpcId"),
            subnet_ids=sorted(network.get("subnetIds", [])),
        ),
    )
