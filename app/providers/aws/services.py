"""How Cost Explorer calls the services and resources that the inventory lists."""

from collections.abc import Mapping

_TYPES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("amazon elastic compute cloud - compute", "amazon elastic compute cloud", "amazon ec2"): ("ec2:instance",),
    ("ec2 - other",): ("ec2:volume", "ec2:snapshot", "ec2:nat-gateway", "ec2:elastic-ip"),
    ("amazon elastic block store", "amazon ebs"): ("ec2:volume", "ec2:snapshot"),
    ("amazon relational database service", "amazon rds"): ("rds:db-instance", "rds:db-cluster"),
    ("amazon simple storage service", "amazon s3"): ("s3:bucket",),
    ("aws lambda", "amazon lambda"): ("lambda:function",),
    ("amazon dynamodb",): ("dynamodb:table",),
    ("amazon elasticache",): ("elasticache:cluster",),
    (
        "amazon elastic container service for kubernetes",
        "amazon elastic kubernetes service",
        "amazon eks",
    ): ("eks:cluster",),
    ("amazon elastic container service", "amazon ecs"): ("ecs:cluster",),
    ("amazon elastic load balancing", "elastic load balancing", "amazon elb", "aws elb"): ("elb:load-balancer",),
}
_BY_NAME = {name: frozenset(types) for names, types in _TYPES.items() for name in names}
_NO_RESOURCE = ("", "noresourceid")


def resource_types(service: str) -> frozenset[str]:
    """Return the inventory types that cause a service's charges, none for a service that is not listed."""
    return _BY_NAME.get(" ".join(service.casefold().split()), frozenset())


def external_id(resource_id: str) -> str | None:
    """Return the inventory's id of what a bill calls by plain id or ARN, None when it names no resource."""
    if resource_id.casefold() in _NO_RESOURCE:
        return None
    if not resource_id.startswith("arn:"):
        return resource_id
    *head, rest = resource_id.split(":", 5)
    service = head[2] if len(head) == 5 else ""
    if service == "s3":
        return rest.split("/")[0]
    if service == "ec2":
        return rest.rpartition("/")[2]
    if service == "ecs" and rest.count("/") == 2:
        # Tasks are billed one by one; what is listed is the cluster that runs them.
        return ":".join([*head, f"cluster/{rest.split('/')[1]}"]) if rest.startswith("task/") else resource_id
    return resource_id
