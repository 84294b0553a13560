"""Whose account is read, with which keys, and where."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from app.core.domain.errors import (
    AuthenticationFailed,
    PermissionDenied,
    ProviderUnavailable,
    SyncError,
)
from app.core.domain.scopes import Scope
from app.providers import registry
from app.providers.aws import AwsProvider
from tests.providers.aws.aws_cloud import HUB, KEY_ID, SECRET, Canned, Cloud, caller_identity, xml_error

OTHER = "111111111111"
INSTANCES = Scope("ec2:instance", "us-east-1")
DATABASES = Scope("rds:db-instance", "us-east-1")


def run_instances(cloud: Cloud, keys: dict[str, str] | None = None, count: int = 1) -> list[str]:
    made = cloud.client("ec2", keys=keys).run_instances(ImageId="ami-12345678", MinCount=count, MaxCount=count)
    return [instance["InstanceId"] for instance in made["Instances"]]


def allow(*actions: str) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def user_key(cloud: Cloud, policy: str, name: str = "reader") -> dict[str, str]:
    iam = cloud.client("iam")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"access_key_id": key["AccessKeyId"], "secret_access_key": key["SecretAccessKey"]}


def test_the_entry_point_gives_this_provider() -> None:
    assert isinstance(registry.get("aws"), AwsProvider)


def test_identify_tells_the_account(cloud: Cloud) -> None:
    account, session = cloud.open_with_session()
    assert account.identify() == HUB
    assert session.stats.calls == 1


def test_opening_makes_no_call(canned: Canned) -> None:
    Cloud(canned.url).open(role_arn=f"arn:aws:iam::{OTHER}:role/r").close()
    assert canned.requests == []


def test_without_a_list_all_enabled_regions_are_read_in_order(cloud: Cloud) -> None:
    regions = cloud.client("ec2").describe_regions()["Regions"]
    enabled = sorted(r["RegionName"] for r in regions if r["OptInStatus"] != "not-opted-in")
    scopes = cloud.open(regions=None).scopes()
    assert list(dict.fromkeys(scope.location for scope in scopes)) == ["global", *enabled]
    assert len(enabled) < len(regions)
    assert len(set(scopes)) == len(scopes)


def test_with_a_list_only_those_regions_are_read_and_nobody_is_asked(cloud: Cloud) -> None:
    account, session = cloud.open_with_session(regions=["eu-west-1", "us-west-2"])
    assert {scope.location for scope in account.scopes()} == {"global", "eu-west-1", "us-west-2"}
    assert session.stats.calls == 0


def test_an_unknown_region_fails_alone(cloud: Cloud) -> None:
    (made,) = run_instances(cloud)
    account = cloud.open(regions=["us-east-1", "xx-nowhere-9"])
    assert account.identify() == HUB
    failed = [s for s in account.scopes() if s.location == "xx-nowhere-9" and s.resource_type.startswith("ec2")]
    for scope in failed:
        with pytest.raises(ProviderUnavailable, match="AWS answered 500"):
            list(account.collect(scope))
    assert [found.external_id for found in account.collect(INSTANCES)] == [made]


def test_an_unknown_key_is_said_to_be_wrong(cloud: Cloud) -> None:
    cloud.require_auth()
    account, session = cloud.open_with_session()
    with pytest.raises(AuthenticationFailed, match=r"does not know this key.*InvalidClientTokenId"):
        account.identify()
    assert (session.stats.calls, session.stats.retries) == (1, 0)


def test_a_wrong_secret_is_said_to_be_wrong(cloud: Cloud) -> None:
    key = user_key(cloud, allow("ec2:*"))
    cloud.require_auth()
    with pytest.raises(AuthenticationFailed, match="secret_access_key does not belong to access_key_id"):
        cloud.open(**key | {"secret_access_key": SECRET}).identify()


def test_a_service_that_the_policy_lacks_fails_alone(cloud: Cloud) -> None:
    (made,) = run_instances(cloud)
    key = user_key(cloud, allow("ec2:*", "sts:*"))
    cloud.require_auth()
    account = cloud.open(**key)
    account.identify()
    assert [found.external_id for found in account.collect(INSTANCES)] == [made]
    with pytest.raises(PermissionDenied, match="rds:DescribeDBInstances"):
        list(account.collect(DATABASES))
    assert [found.external_id for found in account.collect(INSTANCES)] == [made]


def test_a_denied_list_of_regions_names_the_way_out(cloud: Cloud) -> None:
    key = user_key(cloud, allow("sts:*"))
    cloud.require_auth()
    with pytest.raises(PermissionDenied, match=r"regions.*DescribeRegions"):
        cloud.open(regions=None, **key).scopes()


def test_a_role_is_read_in_its_own_account(cloud: Cloud) -> None:
    other = cloud.keys_of(OTHER)
    run_instances(cloud)
    made = run_instances(cloud, other, count=2)
    cloud.client("s3", keys=other).create_bucket(Bucket="others")
    account = cloud.open(role_arn=f"arn:aws:iam::{OTHER}:role/Inventory", external_id="e-1")
    assert account.identify() == OTHER
    assert sorted(found.external_id for found in account.collect(INSTANCES)) == sorted(made)
    assert [found.external_id for found in account.collect(Scope("s3:bucket"))] == ["others"]


def test_two_accounts_with_the_same_names_do_not_mix(cloud: Cloud) -> None:
    accounts = []
    for number, account_id in enumerate((OTHER, "222222222222")):
        database = cloud.client("rds", keys=cloud.keys_of(account_id))
        database.create_db_instance(
            DBInstanceIdentifier="main", DBInstanceClass="db.t3.micro", Engine="mysql", AllocatedStorage=10 + number
        )
        accounts.append(cloud.open(role_arn=f"arn:aws:iam::{account_id}:role/Inventory"))
    found = [next(iter(account.collect(DATABASES))) for account in accounts]
    assert [database.config["storage_gib"] for database in found] == [10, 11]
    assert [database.external_id.split(":")[4] for database in found] == [OTHER, "222222222222"]


def test_accounts_read_at_the_same_time_do_not_mix(cloud: Cloud) -> None:
    ids = [str(number) * 12 for number in range(1, 7)]
    made = {account_id: run_instances(cloud, cloud.keys_of(account_id)) for account_id in ids}

    def read(account_id: str) -> list[str]:
        account = cloud.open(role_arn=f"arn:aws:iam::{account_id}:role/Inventory")
        return [found.external_id for found in account.collect(INSTANCES)]

    with ThreadPoolExecutor(len(ids)) as threads:
        assert dict(zip(ids, threads.map(read, ids), strict=True)) == made


def assumed(expires_in: timedelta, token: str = "token") -> str:
    expiry = (datetime.now(UTC) + expires_in).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>"
        f"<SecretAccessKey>assumed-secret</SecretAccessKey><SessionToken>{token}</SessionToken>"
        f"<Expiration>{expiry}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
    )


def sts_answers(expires_in: timedelta) -> Any:
    def answer(request: Any) -> tuple[int, str]:
        return 200, assumed(expires_in) if request.operation == "AssumeRole" else caller_identity(OTHER)

    return answer


def test_the_role_session_carries_the_external_id(canned: Canned) -> None:
    canned.answer = sts_answers(timedelta(hours=1))
    role = f"arn:aws:iam::{OTHER}:role/Inventory"
    account = Cloud(canned.url).open(role_arn=role, external_id="e-1")
    account.identify()
    account.identify()
    assert canned.operations == ["AssumeRole", "GetCallerIdentity", "GetCallerIdentity"]
    sent = parse_qs(canned.requests[0].body)
    assert (sent["RoleArn"], sent["ExternalId"], sent["RoleSessionName"]) == ([role], ["e-1"], ["infrazen"])
    assert KEY_ID in canned.requests[0].headers["Authorization"]
    assert "ASIAIOSFODNN7EXAMPLE" in canned.requests[1].headers["Authorization"]
    assert canned.requests[1].headers["X-Amz-Security-Token"] == "token"
    account.close()


def test_a_role_is_taken_on_again_before_its_keys_expire(canned: Canned) -> None:
    canned.answer = sts_answers(timedelta(minutes=4))
    account = Cloud(canned.url).open(role_arn=f"arn:aws:iam::{OTHER}:role/Inventory")
    account.identify()
    account.identify()
    assert canned.operations == ["AssumeRole", "GetCallerIdentity"] * 2
    account.close()


def test_a_role_that_may_not_be_taken_on_is_a_matter_of_permission(canned: Canned) -> None:
    canned.answer = lambda request: (403, xml_error("AccessDenied", "not authorized to perform: sts:AssumeRole"))
    account = Cloud(canned.url).open(role_arn=f"arn:aws:iam::{OTHER}:role/Inventory")
    with pytest.raises(PermissionDenied, match=r"trust policy, external_id.*sts:AssumeRole"):
        account.identify()
    account.close()


def test_no_secret_reaches_a_message_a_repr_or_the_debug_log(cloud: Cloud, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = user_key(cloud, allow("ec2:*", "sts:*"))
    token = "t" * 90
    cloud.require_auth()
    role = f"arn:aws:iam::{OTHER}:role/Inventory"
    accounts = [cloud.open(**key), cloud.open(session_token=token), cloud.open(role_arn=role, **key)]
    said = []
    for account in accounts:
        for scope in (INSTANCES, DATABASES):
            try:
                said += [repr(found) for found in account.collect(scope)]
            except SyncError as error:
                said += [repr(error), str(error.__cause__), repr(account)]
    role_keys = [account._keys for account in accounts if account._keys is not None]
    said += [repr(vars(account)) for account in accounts] + [caplog.text]
    secrets = [key["secret_access_key"], SECRET, token]
    secrets += [part for keys in role_keys for part in (keys._keys.secret_key, keys._keys.token)]
    assert len(secrets) == 5
    assert [secret for secret in secrets if secret in "\n".join(said)] == []
    assert key["access_key_id"] not in caplog.text
