"""ECS clusters and services: listings have ARNs only, which are then described in batches.

Fields: docs.aws.amazon.com/AmazonECS/latest/APIReference. Counts of running tasks are metrics and left out. AWS
keeps describing a deleted cluster or service as INACTIVE for a while; it is left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.domain.errors import ResponseInvalid
from app.core.domain.resources import Resource
from app.providers.aws.fields import batches, compact, tag_map, utc
from app.providers.aws.reader import Reader, answered

_CLUSTER_BATCH = 100
_SERVICE_BATCH = 10
_GONE = "INACTIVE"


def clusters(reader: Reader) -> Iterator[Resource]:
    """Yield the clusters of a region."""
    for arns in batches(_cluster_arns(reader), _CLUSTER_BATCH):
        answer = reader.call("ecs", "describe_clusters", clusters=arns, include=["TAGS"])
        for cluster in _described(answer, "clusters"):
            yield Resource(
                external_id=cluster["clusterArn"],
                name=cluster["clusterName"],
                region=reader.region,
                status=cluster["status"],
                tags=tag_map(cluster.get("tags"), "key", "value"),
                config=compact(capacity_providers=sorted(cluster.get("capacityProviders", []))),
            )


def services(reader: Reader) -> Iterator[Resource]:
    """Yield the services of all clusters of a region."""
    for cluster in _cluster_arns(reader):
        arns = reader.items("ecs", "list_services", "serviceArns", page_size=_CLUSTER_BATCH, cluster=cluster)
        for batch in batches(arns, _SERVICE_BATCH):
            answer = reader.call("ecs", "describe_services", cluster=cluster, services=batch, include=["TAGS"])
            for service in _described(answer, "services"):
                yield _service(service, cluster, reader.region)


def _service(service: Mapping[str, Any], cluster: str, region: str) -> Resource:
    return Resource(
        external_id=service["serviceArn"],
        name=service["serviceName"],
        region=region,
        status=service["status"],
        created_at=utc(service.get("createdAt")),
        tags=tag_map(service.get("tags"), "key", "value"),
        config=compact(
            cluster_arn=cluster,
            launch_type=service.get("launchType"),
            platform_version=service.get("platformVersion"),
            scheduling=service.get("schedulingStrategy"),
            desired_tasks=service.get("desiredCount"),
            task_definition=service.get("taskDefinition"),
        ),
    )


def _cluster_arns(reader: Reader) -> Iterator[str]:
    return reader.items("ecs", "list_clusters", "clusterArns")


def _described(answer: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """Yield what was described. Raises ResponseInvalid when AWS failed to describe something that still exists."""
    failure = next((f for f in answer.get("failures", []) if f.get("reason") != "MISSING"), None)
    if failure is not None:
        raise ResponseInvalid(f"AWS could not describe {failure.get('arn')}: {failure.get('reason')}")
    return (thing for thing in answered(answer, key, f"describe_{key}") if thing["status"] != _GONE)
