"""What is found of every resource type, against moto."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.aws.catalog import GLOBAL, REGIONAL
from app.providers.aws.collectors import ec2
from tests.providers.aws.aws_cloud import HUB, Cloud, moto_server, open_account

TAGS = [{"Key": "Name", "Value": "web"}, {"Key": "team", "Value": "größe"}]
WANTED_TAGS = {"Name": "web", "team": "größe"}


def just_now(resource: Resource) -> bool:
    assert resource.created_at is not None
    return resource.created_at.tzinfo is UTC and datetime.now(UTC) - resource.created_at < timedelta(minutes=5)


def tagged(kind: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": TAGS}]


def run_instances(cloud: Cloud, region: str = "us-east-1", **options: Any) -> dict[str, Any]:
    client = cloud.client("ec2", region, options.pop("keys", None))
    options = {"MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"} | options
    return client.run_instances(ImageId="ami-12345678", **options)["Instances"][0]


def network(cloud: Cloud) -> tuple[str, list[str]]:
    client = cloud.client("ec2")
    vpc = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = ("us-east-1a", "us-east-1b")
    subnets = [
        client.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for n, zone in enumerate(zones)
    ]
    return vpc, subnets


def test_an_empty_account_has_every_scope_and_no_resource(cloud: Cloud) -> None:
    account = cloud.open()
    scopes = account.scopes()
    assert {scope.resource_type for scope in scopes} == {*GLOBAL, *REGIONAL}
    assert [resource for scope in scopes for resource in account.collect(scope)] == []


def test_an_instance_is_found_with_its_size_and_place(cloud: Cloud) -> None:
    made = run_instances(cloud, TagSpecifications=tagged("instance"))
    (found,) = cloud.listed("ec2:instance")
    assert (found.external_id, found.name, found.status) == (made["InstanceId"], "web", "running")
    assert found.region == "us-east-1"
    assert found.tags == WANTED_TAGS
    assert just_now(found)
    assert found.config["instance_type"] == "t3.micro"
    assert found.config["private_ip"] == made["PrivateIpAddress"]
    assert found.config["vpc_id"] == made["VpcId"]
    assert found.config["subnet_id"] == made["SubnetId"]
    assert found.config["availability_zone"] == "us-east-1a"
    assert len(found.config["volume_ids"]) == 1


def test_an_instance_without_tags_has_no_name(cloud: Cloud) -> None:
    run_instances(cloud)
    (found,) = cloud.listed("ec2:instance")
    assert (found.name, found.tags) == ("", {})


def test_a_terminated_instance_is_gone_and_a_stopped_one_is_not(cloud: Cloud) -> None:
    terminated, stopped = run_instances(cloud), run_instances(cloud)
    cloud.client("ec2").terminate_instances(InstanceIds=[terminated["InstanceId"]])
    cloud.client("ec2").stop_instances(InstanceIds=[stopped["InstanceId"]])
    (found,) = cloud.listed("ec2:instance")
    assert (found.external_id, found.status) == (stopped["InstanceId"], "stopped")


def test_every_page_of_instances_is_read(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ec2, "PAGE_SIZE", 5)
    made = {run_instances(cloud)["InstanceId"] for _ in range(12)}
    account, session = cloud.open_with_session()
    account.identify()
    before = session.stats.calls
    found = [resource.external_id for resource in account.collect(Scope("ec2:instance", "us-east-1"))]
    assert sorted(found) == sorted(made)
    assert session.stats.calls - before == 3


def test_listing_twice_gives_the_same_fingerprints(cloud: Cloud) -> None:
    run_instances(cloud, TagSpecifications=tagged("instance"))
    prints = [[r.fingerprint() for t in ("ec2:instance", "ec2:volume") for r in cloud.listed(t)] for _ in range(2)]
    assert prints[0] == prints[1]


def test_a_volume_names_its_instance(cloud: Cloud) -> None:
    instance = run_instances(cloud)
    made = cloud.client("ec2").create_volume(
        Size=20,
        AvailabilityZone="us-east-1a",
        VolumeType="gp3",
        Iops=4000,
        Throughput=200,
        TagSpecifications=tagged("volume"),
    )
    cloud.client("ec2").attach_volume(VolumeId=made["VolumeId"], InstanceId=instance["InstanceId"], Device="/dev/sdf")
    found = {volume.external_id: volume for volume in cloud.listed("ec2:volume")}
    assert len(found) == 2
    volume = found[made["VolumeId"]]
    assert (volume.name, volume.status, volume.tags) == ("web", "in-use", WANTED_TAGS)
    assert just_now(volume)
    assert volume.config["size_gib"] == 20
    assert volume.config["volume_type"] == "gp3"
    assert volume.config["iops"] == 4000
    assert volume.config["throughput_mib_per_s"] == 200
    assert volume.config["instance_ids"] == [instance["InstanceId"]]


def test_a_snapshot_is_found_with_its_volume(cloud: Cloud) -> None:
    client = cloud.client("ec2")
    volume = client.create_volume(Size=7, AvailabilityZone="us-east-1a")["VolumeId"]
    made = client.create_snapshot(VolumeId=volume, Description="before", TagSpecifications=tagged("snapshot"))
    (found,) = cloud.listed("ec2:snapshot")
    assert (found.external_id, found.name, found.status) == (made["SnapshotId"], "web", "completed")
    assert found.config["volume_size_gib"] == 7
    assert found.config["volume_id"] == volume
    assert found.config["description"] == "before"
    assert just_now(found)


def test_snapshots_of_others_are_left_out(tmp_path: Path) -> None:
    with moto_server(tmp_path / "log", MOTO_EC2_LOAD_DEFAULT_AMIS="true") as url:
        cloud = Cloud(url)
        client = cloud.client("ec2")
        volume = client.create_volume(Size=1, AvailabilityZone="us-east-1a")["VolumeId"]
        own = client.create_snapshot(VolumeId=volume)["SnapshotId"]
        assert len(client.describe_snapshots(OwnerIds=["self"])["Snapshots"]) > 1
        assert [found.external_id for found in cloud.listed("ec2:snapshot")] == [own]


def test_an_elastic_ip_tells_what_it_serves(cloud: Cloud) -> None:
    instance = run_instances(cloud)
    client = cloud.client("ec2")
    used = client.allocate_address(Domain="vpc", TagSpecifications=tagged("elastic-ip"))
    client.associate_address(AllocationId=used["AllocationId"], InstanceId=instance["InstanceId"])
    idle = client.allocate_address(Domain="vpc")
    found = {address.external_id: address for address in cloud.listed("ec2:elastic-ip")}
    assert set(found) == {used["AllocationId"], idle["AllocationId"]}
    assert (found[used["AllocationId"]].status, found[used["AllocationId"]].name) == ("associated", "web")
    assert found[used["AllocationId"]].config["instance_id"] == instance["InstanceId"]
    assert found[idle["AllocationId"]].status == "unassociated"
    assert found[idle["AllocationId"]].config["public_ip"] == idle["PublicIp"]


def test_a_nat_gateway_is_found_until_it_is_deleted(cloud: Cloud) -> None:
    client = cloud.client("ec2")
    vpc, (subnet, _) = network(cloud)
    allocation = client.allocate_address(Domain="vpc")["AllocationId"]
    made = client.create_nat_gateway(SubnetId=subnet, AllocationId=allocation, TagSpecifications=tagged("natgateway"))[
        "NatGateway"
    ]
    (found,) = cloud.listed("ec2:nat-gateway")
    assert (found.external_id, found.name, found.status) == (made["NatGatewayId"], "web", "available")
    assert found.config["vpc_id"] == vpc
    assert found.config["subnet_id"] == subnet
    assert found.config["allocation_ids"] == [allocation]
    assert just_now(found)
    client.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])
    assert cloud.listed("ec2:nat-gateway") == []


def test_modern_and_classic_load_balancers_are_one_scope(cloud: Cloud) -> None:
    vpc, subnets = network(cloud)
    modern = cloud.client("elbv2").create_load_balancer(Name="front", Subnets=subnets, Tags=TAGS)["LoadBalancers"][0]
    cloud.client("elb").create_load_balancer(
        LoadBalancerName="old",
        AvailabilityZones=["us-east-1a"],
        Listeners=[{"Protocol": "http", "LoadBalancerPort": 80, "InstancePort": 8080}],
        Tags=TAGS,
    )
    front, old = cloud.listed("elb:load-balancer")
    assert (front.external_id, front.name, front.tags) == (modern["LoadBalancerArn"], "front", WANTED_TAGS)
    assert front.config["load_balancer_type"] == "application"
    assert front.config["vpc_id"] == vpc
    assert front.config["subnet_ids"] == sorted(subnets)
    assert front.config["dns_name"] == modern["DNSName"]
    assert old.external_id == f"arn:aws:elasticloadbalancing:us-east-1:{HUB}:loadbalancer/old"
    assert (old.name, old.tags, old.config["load_balancer_type"]) == ("old", WANTED_TAGS, "classic")
    assert just_now(front)
    assert just_now(old)


def test_tags_of_many_load_balancers_are_read_in_batches(cloud: Cloud) -> None:
    _, subnets = network(cloud)
    for number in range(21):
        name = f"lb-{number}"
        cloud.client("elbv2").create_load_balancer(Name=name, Subnets=subnets, Tags=[{"Key": "own", "Value": name}])
    account, session = cloud.open_with_session()
    account.identify()
    before = session.stats.calls
    found = list(account.collect(Scope("elb:load-balancer", "us-east-1")))
    assert len(found) == 21
    # One listing of each kind, and the tags of 20 and of 1: AWS refuses more than 20 at once.
    assert session.stats.calls - before == 4
    assert all(balancer.tags == {"own": balancer.name} for balancer in found)


def test_a_database_is_found_with_engine_and_storage(cloud: Cloud) -> None:
    made = cloud.client("rds").create_db_instance(
        DBInstanceIdentifier="main",
        DBInstanceClass="db.m5.large",
        Engine="postgres",
        AllocatedStorage=50,
        StorageType="io1",
        Iops=1000,
        MultiAZ=True,
        MasterUsername="root",
        MasterUserPassword="hunter22222",
        Tags=TAGS,
    )["DBInstance"]
    (found,) = cloud.listed("rds:db-instance")
    assert (found.external_id, found.name, found.status) == (made["DBInstanceArn"], "main", "available")
    assert found.tags == WANTED_TAGS
    assert found.config["instance_type"] == "db.m5.large"
    assert found.config["engine"] == "postgres"
    assert found.config["storage_gib"] == 50
    assert found.config["iops"] == 1000
    assert found.config["multi_az"] is True
    assert found.config["port"] == 5432
    assert just_now(found)
    assert "hunter22222" not in repr(found)


def test_every_page_of_databases_is_read(cloud: Cloud) -> None:
    client = cloud.client("rds")
    for number in range(101):
        client.create_db_instance(
            DBInstanceIdentifier=f"db-{number}", DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=5
        )
    assert len(cloud.listed("rds:db-instance")) == 101


def test_a_database_cluster_names_its_members(cloud: Cloud) -> None:
    client = cloud.client("rds")
    made = client.create_db_cluster(
        DBClusterIdentifier="aurora",
        Engine="aurora-postgresql",
        MasterUsername="root",
        MasterUserPassword="hunter22222",
        Tags=TAGS,
    )["DBCluster"]
    client.create_db_instance(
        DBInstanceIdentifier="aurora-1",
        DBInstanceClass="db.r5.large",
        Engine="aurora-postgresql",
        DBClusterIdentifier="aurora",
    )
    (found,) = cloud.listed("rds:db-cluster")
    assert (found.external_id, found.name, found.tags) == (made["DBClusterArn"], "aurora", WANTED_TAGS)
    assert found.config["engine"] == "aurora-postgresql"
    assert found.config["member_ids"] == ["aurora-1"]
    assert just_now(found)
    (member,) = cloud.listed("rds:db-instance")
    assert member.config["cluster_id"] == "aurora"


def test_buckets_of_all_regions_are_found_where_they_live(cloud: Cloud) -> None:
    for name, region in (("here", "us-east-1"), ("there", "eu-central-1")):
        client = cloud.client("s3", region)
        elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        client.create_bucket(Bucket=name, **({} if region == "us-east-1" else elsewhere))
        client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "at", "Value": region}]})
    cloud.client("s3").create_bucket(Bucket="untagged")
    found = {bucket.external_id: bucket for bucket in cloud.listed("s3:bucket", "global")}
    assert {name: (b.region, b.tags) for name, b in found.items()} == {
        "here": ("us-east-1", {"at": "us-east-1"}),
        "there": ("eu-central-1", {"at": "eu-central-1"}),
        "untagged": ("us-east-1", {}),
    }
    assert all(just_now(bucket) and bucket.name == name for name, bucket in found.items())


def make_function(cloud: Cloud, name: str) -> str:
    iam = cloud.client("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = iam.create_role(RoleName=f"for-{name}", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "def run(event, context): pass")
    made = cloud.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.11",
        Role=role,
        Handler="main.run",
        Code={"ZipFile": code.getvalue()},
        MemorySize=256,
        Timeout=9,
        Environment={"Variables": {"PASSWORD": "hunter22222"}},
        Tags={"team": "blue"},
    )
    return str(made["FunctionArn"])


def test_a_function_is_found_with_its_tags_but_not_its_environment(cloud: Cloud) -> None:
    arn = make_function(cloud, "resize")
    (found,) = cloud.listed("lambda:function")
    assert (found.external_id, found.name, found.tags) == (arn, "resize", {"team": "blue"})
    assert found.config["memory_mib"] == 256
    assert found.config["timeout_s"] == 9
    assert found.config["runtime"] == "python3.11"
    assert found.created_at is None
    assert "hunter22222" not in repr(found)


def make_table(cloud: Cloud, name: str, region: str = "us-east-1", **options: Any) -> str:
    options = options or {"BillingMode": "PAY_PER_REQUEST"}
    made = cloud.client("dynamodb", region).create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        Tags=[{"Key": "table", "Value": name}],
        **options,
    )
    return str(made["TableDescription"]["TableArn"])


def test_a_table_is_found_with_its_capacity(cloud: Cloud) -> None:
    throughput = {"ReadCapacityUnits": 3, "WriteCapacityUnits": 2}
    provisioned = make_table(cloud, "orders", ProvisionedThroughput=throughput)
    on_demand = make_table(cloud, "events")
    found = {table.external_id: table for table in cloud.listed("dynamodb:table")}
    assert set(found) == {provisioned, on_demand}
    orders = found[provisioned]
    assert (orders.name, orders.status, orders.tags) == ("orders", "ACTIVE", {"table": "orders"})
    assert orders.config["billing_mode"] == "PROVISIONED"
    assert orders.config["read_capacity_units"] == 3
    assert orders.config["write_capacity_units"] == 2
    assert found[on_demand].config["billing_mode"] == "PAY_PER_REQUEST"
    assert just_now(orders)


def test_every_page_of_tables_is_read(cloud: Cloud) -> None:
    made = {make_table(cloud, f"t-{number:03}") for number in range(103)}
    assert {table.external_id for table in cloud.listed("dynamodb:table")} == made


def test_a_cache_cluster_is_found_with_its_nodes(cloud: Cloud) -> None:
    made = cloud.client("elasticache").create_cache_cluster(
        CacheClusterId="sessions", CacheNodeType="cache.t3.small", Engine="redis", NumCacheNodes=1, Tags=TAGS
    )["CacheCluster"]
    (found,) = cloud.listed("elasticache:cluster")
    assert (found.external_id, found.name, found.tags) == (made["ARN"], "sessions", WANTED_TAGS)
    assert found.config["instance_type"] == "cache.t3.small"
    assert found.config["engine"] == "redis"
    assert found.config["nodes"] == 1


def test_a_kubernetes_cluster_is_found_with_its_version(cloud: Cloud) -> None:
    _, subnets = network(cloud)
    made = cloud.client("eks").create_cluster(
        name="prod",
        version="1.29",
        roleArn=f"arn:aws:iam::{HUB}:role/eks",
        resourcesVpcConfig={"subnetIds": subnets},
        tags={"team": "blue"},
    )["cluster"]
    (found,) = cloud.listed("eks:cluster")
    assert (found.external_id, found.name, found.status) == (made["arn"], "prod", "ACTIVE")
    assert found.tags == {"team": "blue"}
    assert found.config["kubernetes_version"] == "1.29"
    assert found.config["subnet_ids"] == sorted(subnets)
    assert just_now(found)


def test_container_clusters_and_their_services_are_found(cloud: Cloud) -> None:
    client = cloud.client("ecs")
    tags = [{"key": "team", "value": "blue"}]
    cluster = client.create_cluster(clusterName="web", tags=tags)["cluster"]["clusterArn"]
    client.create_cluster(clusterName="idle")
    container = {"name": "app", "image": "app:1", "memory": 128}
    client.register_task_definition(family="app", containerDefinitions=[container])
    made = [
        client.create_service(
            cluster="web", serviceName=f"api-{number}", taskDefinition="app", desiredCount=2, tags=tags
        )["service"]["serviceArn"]
        for number in range(12)
    ]
    client.delete_cluster(cluster="idle")
    (found,) = cloud.listed("ecs:cluster")
    assert (found.external_id, found.name, found.status) == (cluster, "web", "ACTIVE")
    assert found.tags == {"team": "blue"}
    services = cloud.listed("ecs:service")
    assert sorted(service.external_id for service in services) == sorted(made)
    assert all(s.config["cluster_arn"] == cluster and s.config["desired_tasks"] == 2 for s in services)
    assert all(service.tags == {"team": "blue"} and service.name.startswith("api-") for service in services)


def test_the_same_names_in_two_regions_are_two_resources(cloud: Cloud) -> None:
    for region in ("us-east-1", "eu-west-1"):
        make_table(cloud, "orders", region)
    account, _ = open_account(cloud.url, regions=["us-east-1", "eu-west-1"])
    cloud.opened.append(account)
    tables = [scope for scope in account.scopes() if scope.resource_type == "dynamodb:table"]
    found = [(scope.location, table) for scope in tables for table in account.collect(scope)]
    assert [(location, table.region) for location, table in found] == [(r, r) for r in ("eu-west-1", "us-east-1")]
    assert len({table.external_id for _, table in found}) == 2
