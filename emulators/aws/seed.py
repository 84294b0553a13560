"""Fill an emulated AWS account: a small company's servers, disks, databases and buckets, the same every time."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import boto3

from emulators.aws.emulator import AwsEmulator

REGIONS = ("eu-central-1", "us-east-1")
HUB_ACCOUNT = "123456789012"
"""The account that the emulator puts callers in who name none."""

MAX_CHANGES = 6
"""How often `change` finds something to take away."""

_ANY_IMAGE = "ami-12345678901234567"
_ROLE_FOR_SERVICES = "arn:aws:iam::{account}:role/service"
_EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
ALLOW_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@dataclass(frozen=True, slots=True)
class Company:
    """What an account holds in each region."""

    account: str
    name: str
    servers: int
    databases: int = 1
    buckets: int = 3


@dataclass(frozen=True, slots=True)
class Key:
    """An access key made in an account."""

    access_key_id: str
    secret_access_key: str


class Seeder:
    """Creates resources and keys in the emulator's accounts over the real protocol."""

    def __init__(self, emulator: AwsEmulator) -> None:
        self._emulator = emulator

    def fill(self, company: Company) -> None:
        """Create the company's resources."""
        self.make_role(company.account, "service")
        for region in REGIONS:
            self._fill_region(company, region)
        s3 = self._client(company.account, "s3", "us-east-1")
        for number in range(company.buckets):
            s3.create_bucket(Bucket=f"{company.name}-bucket-{number}")

    def change(self, company: Company, times: int) -> None:
        """Let something appear, change and vanish, up to MAX_CHANGES times."""
        for number in range(times):
            # Ids come from one stream: this way a change does not shift the ids of the next.
            self._emulator.seed_ids(int(company.account) + number)
            self._change(company, number)

    def make_key(self, account: str, *, deny: tuple[str, ...] = ()) -> Key:
        """Make a user with a key in an account; it may do everything but what `deny` lists (`rds:*`)."""
        iam = self._client(account, "iam", "us-east-1")
        policy = ALLOW_ALL
        if deny:
            refusal = {"Effect": "Deny", "Action": list(deny), "Resource": "*"}
            policy = {**ALLOW_ALL, "Statement": [*ALLOW_ALL["Statement"], refusal]}
        iam.create_user(UserName="inventory")
        iam.put_user_policy(UserName="inventory", PolicyName="inventory", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName="inventory")["AccessKey"]
        return Key(key["AccessKeyId"], key["SecretAccessKey"])

    def make_role(self, account: str, name: str) -> str:
        """Make a role that may do everything, to be assumed from the hub; return its ARN."""
        iam = self._client(account, "iam", "us-east-1")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(ALLOW_ALL))
        iam.put_role_policy(RoleName=name, PolicyName="inventory", PolicyDocument=json.dumps(ALLOW_ALL))
        arn: str = role["Role"]["Arn"]
        return arn

    def set_bill(self, account: str, start: str, end: str, charges: dict[tuple[str, str], Decimal]) -> None:
        """Let Cost Explorer tell one day's charges in USD, (service, region) -> amount; `end` is the next day."""
        groups = [
            {"Keys": list(keys), "Metrics": {"UnblendedCost": {"Amount": str(amount), "Unit": "USD"}}}
            for keys, amount in charges.items()
        ]
        period = {"TimePeriod": {"Start": start, "End": end}, "Total": {}, "Estimated": False, "Groups": groups}
        body = {"account_id": account, "results": [{"ResultsByTime": [period]}]}
        self._emulator.post_json("/moto-api/static/ce/cost-and-usage-results", json.dumps(body).encode())

    def _fill_region(self, company: Company, region: str) -> None:
        ec2 = self._client(company.account, "ec2", region)
        for number in range(company.servers):
            self._run_server(ec2, company, f"{company.name}-web-{number:02}")
        volumes = [
            ec2.create_volume(AvailabilityZone=f"{region}a", Size=50 + 10 * number, VolumeType="gp3")["VolumeId"]
            for number in range(company.servers // 2)
        ]
        for volume in volumes[:3]:
            ec2.create_snapshot(VolumeId=volume, Description=f"nightly of {company.name}")
        ec2.allocate_address(Domain="vpc")
        subnets = ec2.describe_subnets()["Subnets"]
        ec2.create_nat_gateway(SubnetId=subnets[0]["SubnetId"], AllocationId=ec2.allocate_address()["AllocationId"])
        self._client(company.account, "elbv2", region).create_load_balancer(
            Name=f"{company.name}-lb", Subnets=[subnet["SubnetId"] for subnet in subnets[:2]]
        )
        self._fill_data(company, region)

    def _fill_data(self, company: Company, region: str) -> None:
        rds = self._client(company.account, "rds", region)
        for number in range(company.databases):
            rds.create_db_instance(
                DBInstanceIdentifier=f"{company.name}-db-{number}",
                DBInstanceClass="db.t3.medium",
                Engine="postgres",
                AllocatedStorage=100,
                MasterUsername="master",
                MasterUserPassword="only-in-the-emulator",
            )
        for number in range(MAX_CHANGES):
            self._client(company.account, "dynamodb", region).create_table(
                TableName=f"{company.name}-events-{number}",
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
        self._client(company.account, "elasticache", region).create_cache_cluster(
            CacheClusterId=f"{company.name}-cache", CacheNodeType="cache.t3.micro", Engine="redis", NumCacheNodes=1
        )
        self._client(company.account, "lambda", region).create_function(
            FunctionName=f"{company.name}-resize",
            Runtime="python3.13",
            Role=_ROLE_FOR_SERVICES.format(account=company.account),
            Handler="main.handler",
            Code={"ZipFile": _EMPTY_ZIP},
            MemorySize=256,
        )
        self._client(company.account, "ecs", region).create_cluster(clusterName=f"{company.name}-jobs")
        self._client(company.account, "eks", region).create_cluster(
            name=f"{company.name}-k8s",
            roleArn=_ROLE_FOR_SERVICES.format(account=company.account),
            resourcesVpcConfig={"subnetIds": []},
        )

    def _change(self, company: Company, number: int) -> None:
        """Let a server appear, another change and a table vanish."""
        ec2 = self._client(company.account, "ec2", REGIONS[number % len(REGIONS)])
        reservations = ec2.describe_instances()["Reservations"]
        instances = [instance for reservation in reservations for instance in reservation["Instances"]]
        if number < len(instances):
            ec2.create_tags(
                Resources=[instances[number]["InstanceId"]], Tags=[{"Key": "release", "Value": f"2026.{number + 1}"}]
            )
        self._run_server(ec2, company, f"{company.name}-burst-{number:02}")
        tables = self._client(company.account, "dynamodb", REGIONS[number % len(REGIONS)])
        tables.delete_table(TableName=f"{company.name}-events-{number}")

    def _run_server(self, ec2: Any, company: Company, name: str) -> None:
        tags = [{"Key": "Name", "Value": name}, {"Key": "company", "Value": company.name}]
        ec2.run_instances(
            ImageId=_ANY_IMAGE,
            MinCount=1,
            MaxCount=1,
            InstanceType="t3.small",
            TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        )

    def _client(self, account: str, service: str, region: str) -> Any:
        credentials = {"aws_access_key_id": "seed", "aws_secret_access_key": "seed"}
        if account != HUB_ACCOUNT:
            sts = boto3.client("sts", endpoint_url=self._emulator.url, region_name="us-east-1", **credentials)
            role = f"arn:aws:iam::{account}:role/seed"
            answer = sts.assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
            credentials = {
                "aws_access_key_id": answer["AccessKeyId"],
                "aws_secret_access_key": answer["SecretAccessKey"],
                "aws_session_token": answer["SessionToken"],
            }
        return boto3.client(service, endpoint_url=self._emulator.url, region_name=region, **credentials)
