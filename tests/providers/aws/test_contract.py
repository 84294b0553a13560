"""AWS keeps the contract of all providers."""

from collections.abc import Iterator
from contextlib import closing

import boto3
import pytest

from app.providers.aws import AwsProvider
from app.providers.base import Deadline, Session
from emulators.aws.faulty import FaultyAws
from emulators.kit.contract import ProviderContract, Subject
from tests.support.aws_platform import Aws


@pytest.fixture(scope="module")
def everything(aws: Aws) -> dict[str, set[str]]:
    """What the account has, read without faults."""
    provider = AwsProvider()
    session = Session(Deadline.after(60), api_endpoint=aws.url)
    found: dict[str, set[str]] = {}
    with closing(provider.open(provider.credentials.model_validate(aws.credentials), session)) as account:
        account.identify()
        for scope in account.scopes():
            for resource in account.collect(scope):
                found.setdefault(scope.resource_type, set()).add(resource.external_id)
    return found


class TestAws(ProviderContract):
    provider = AwsProvider()

    @pytest.fixture
    def subject(self, aws: Aws, everything: dict[str, set[str]]) -> Iterator[Subject]:
        with FaultyAws(aws.url) as cloud:
            yield Subject(cloud, aws.credentials, aws.wrong_credentials, everything)

    def test_what_the_contract_expects_is_what_moto_has(self, subject: Subject, aws: Aws) -> None:
        """Plain boto3 tells the same."""
        keys = {
            "aws_access_key_id": aws.credentials["access_key_id"],
            "aws_secret_access_key": aws.credentials["secret_access_key"],
        }
        ec2 = boto3.client("ec2", region_name="eu-central-1", endpoint_url=aws.url, **keys)
        reservations = ec2.describe_instances()["Reservations"]
        assert subject.expected["ec2:instance"] == {i["InstanceId"] for r in reservations for i in r["Instances"]}
        assert subject.expected["ec2:volume"] == {volume["VolumeId"] for volume in ec2.describe_volumes()["Volumes"]}
