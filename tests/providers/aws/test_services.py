import pytest

from app.providers.aws.services import external_id, resource_types

ECS = "arn:aws:ecs:us-east-1:123456789012"


@pytest.mark.parametrize(
    ("service", "types"),
    [
        ("Amazon Elastic Compute Cloud - Compute", {"ec2:instance"}),
        ("Amazon EC2", {"ec2:instance"}),
        ("EC2 - Other", {"ec2:volume", "ec2:snapshot", "ec2:nat-gateway", "ec2:elastic-ip"}),
        ("Amazon Relational Database Service", {"rds:db-instance", "rds:db-cluster"}),
        ("Amazon RDS", {"rds:db-instance", "rds:db-cluster"}),
        ("Amazon Simple Storage Service", {"s3:bucket"}),
        ("Amazon S3", {"s3:bucket"}),
        ("AWS Lambda", {"lambda:function"}),
        ("Amazon DynamoDB", {"dynamodb:table"}),
        ("Amazon ElastiCache", {"elasticache:cluster"}),
        ("Amazon Elastic Container Service for Kubernetes", {"eks:cluster"}),
        ("Amazon Elastic Kubernetes Service", {"eks:cluster"}),
        ("Amazon Elastic Container Service", {"ecs:cluster"}),
        ("Amazon Elastic Load Balancing", {"elb:load-balancer"}),
        ("  elastic   load balancing ", {"elb:load-balancer"}),
        ("Tax", set()),
        ("AWS Support (Business)", set()),
    ],
)
def test_a_service_of_the_bill_is_matched_to_what_is_listed(service: str, types: set[str]) -> None:
    assert resource_types(service) == types


@pytest.mark.parametrize(
    ("billed", "listed"),
    [
        ("i-0abc", "i-0abc"),
        ("vol-0abc", "vol-0abc"),
        ("arn:aws:ec2:us-east-1:123456789012:snapshot/snap-0abc", "snap-0abc"),
        ("arn:aws:ec2:us-east-1:123456789012:natgateway/nat-0abc", "nat-0abc"),
        ("my-bucket", "my-bucket"),
        ("arn:aws:s3:::my-bucket", "my-bucket"),
        ("arn:aws:s3:::my-bucket/key", "my-bucket"),
        ("arn:aws:rds:us-east-1:123456789012:db:main", "arn:aws:rds:us-east-1:123456789012:db:main"),
        (f"{ECS}:task/web/0123", f"{ECS}:cluster/web"),
        (f"{ECS}:service/web/api", f"{ECS}:service/web/api"),
        ("arn:odd", "arn:odd"),
        ("NoResourceId", None),
        ("", None),
    ],
)
def test_a_resource_of_the_bill_gets_the_id_of_the_inventory(billed: str, listed: str | None) -> None:
    assert external_id(billed) == listed
