"""Which resource types are read, and by what."""

from collections.abc import Callable, Iterator, Mapping

from app.core.domain.resources import Resource
from app.providers.aws.collectors import (
    dynamodb,
    ec2,
    ecs,
    eks,
    elasticache,
    elb,
    lambda_,
    rds,
    s3,
)
from app.providers.aws.reader import Reader

Collector = Callable[[Reader], Iterator[Resource]]

GLOBAL: Mapping[str, Collector] = {"s3:bucket": s3.buckets}
"""Read once per account."""

REGIONAL: Mapping[str, Collector] = {
    "ec2:instance": ec2.instances,
    "ec2:volume": ec2.volumes,
    "ec2:snapshot": ec2.snapshots,
    "ec2:elastic-ip": ec2.elastic_ips,
    "ec2:nat-gateway": ec2.nat_gateways,
    "elb:load-balancer": elb.load_balancers,
    "rds:db-instance": rds.db_instances,
    "rds:db-cluster": rds.db_clusters,
    "lambda:function": lambda_.functions,
    "dynamodb:table": dynamodb.tables,
    "elasticache:cluster": elasticache.clusters,
    "eks:cluster": eks.clusters,
    "ecs:cluster": ecs.clusters,
    "ecs:service": ecs.services,
}
"""Read in every region; types of one service stand together, so that they share a client."""
