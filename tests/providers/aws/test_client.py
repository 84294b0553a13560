"""Clients are cheap, few, and know nothing of the machine they run on."""

import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import botocore.session
import pytest

from app.providers.aws.client import MAX_OPEN, Clients
from app.providers.aws.credentials import AwsCredentials
from app.providers.aws.transport import Transport
from app.providers.base import Deadline, Session
from tests.providers.aws.aws_cloud import KEY_ID, SECRET, Canned, Cloud, caller_identity

READ_ONE_ACCOUNT = """
import sys
from app.providers.aws import AwsCredentials, AwsProvider
from app.providers.aws.client import Clients
from app.providers.aws.transport import Transport
from app.core.domain.scopes import Scope
from app.providers.base import Deadline, Session
credentials = AwsCredentials(access_key_id=sys.argv[2], secret_access_key=sys.argv[3], regions=["us-east-1"])
session = Session(Deadline.after(30), api_endpoint=sys.argv[1])
real = Clients(credentials, Session(Deadline.after(30)), Transport(session)).get("sts", "us-east-1")
assert real.meta.endpoint_url == "https://sts.us-east-1.amazonaws.com", real.meta.endpoint_url
account = AwsProvider().open(credentials, session)
account.identify()
assert list(account.collect(Scope("dynamodb:table", "us-east-1"))) == []
print(session.stats.calls)
"""


_opened: list[Transport] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while _opened:
        _opened.pop().close()


def clients_of(url: str | None) -> Clients:
    session = Session(Deadline.after(60), api_endpoint=url)
    _opened.append(Transport(session))
    return Clients(AwsCredentials(access_key_id=KEY_ID, secret_access_key=SECRET), session, _opened[-1])


def test_nothing_of_the_operators_aws_settings_is_used(canned: Canned, tmp_path: Path) -> None:
    """A process with hostile settings behaves as one without: same address, same keys, same region."""
    hostile = (
        "[default]\nregion = zz-top-1\nendpoint_url = http://127.0.0.1:9\naws_access_key_id = EVIL\nca_bundle = /x\n"
    )
    (tmp_path / ".aws").mkdir()
    for name in ("config", "credentials"):
        (tmp_path / ".aws" / name).write_text(hostile)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_PROFILE": "missing",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "EVIL",
        "AWS_SECRET_ACCESS_KEY": "EVIL",
        "AWS_SESSION_TOKEN": "EVIL",
        "AWS_REGION": "zz-top-1",
        "AWS_DEFAULT_REGION": "zz-top-1",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_DATA_PATH": str(tmp_path),
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
    }
    answers = iter([(503, ""), (200, caller_identity()), (200, '{"TableNames": []}')])
    canned.answer = lambda request: next(answers)
    command = [sys.executable, "-c", READ_ONE_ACCOUNT, canned.url, KEY_ID, SECRET]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "3"), done.stderr
    assert canned.operations == ["GetCallerIdentity", "GetCallerIdentity", "ListTables"]
    signed = [request.headers["Authorization"] for request in canned.requests]
    assert all(f"Credential={KEY_ID}/" in header and "/us-east-1/" in header for header in signed)
    assert "EVIL" not in repr(canned.requests)


@pytest.mark.parametrize("service", ["sts", "s3", "ec2", "ce", "resourcegroupstaggingapi"])
def test_a_custom_endpoint_is_used_for_every_service(service: str) -> None:
    client = clients_of("http://127.0.0.1:4566").get(service, "us-east-1")
    assert client.meta.endpoint_url == "http://127.0.0.1:4566"


def test_buckets_of_a_custom_endpoint_are_in_the_path(canned: Canned) -> None:
    canned.answer = lambda request: (200, "<Tagging><TagSet/></Tagging>")
    clients = clients_of(canned.url.replace("127.0.0.1", "localhost"))
    clients.get("s3", "us-east-1").get_bucket_tagging(Bucket="mine")
    assert canned.operations == ["/mine?tagging"]
    clients.close()


def test_without_a_custom_endpoint_aws_is_called() -> None:
    clients = clients_of(None)
    assert clients.get("ec2", "eu-west-3").meta.endpoint_url == "https://ec2.eu-west-3.amazonaws.com"
    assert clients.get("sts", "us-east-1").meta.endpoint_url == "https://sts.us-east-1.amazonaws.com"
    assert clients.get("ce", "us-east-1").meta.endpoint_url == "https://ce.us-east-1.amazonaws.com"


def test_the_same_client_is_given_again_and_old_ones_are_let_go() -> None:
    clients = clients_of("http://127.0.0.1:4566")
    first = clients.get("sts", "us-east-1")
    assert clients.get("sts", "us-east-1") is first
    for number in range(MAX_OPEN):
        clients.get("dynamodb", f"eu-west-{number}")
    assert clients.get("sts", "us-east-1") is not first


def test_a_client_costs_a_fraction_of_one_with_its_own_session(canned: Canned) -> None:
    clients = clients_of(canned.url)
    clients.create("ec2", "us-east-1").close()
    shared = min(_cpu_s(lambda: clients.create("ec2", "us-east-1").close()) for _ in range(3))
    own = min(_cpu_s(lambda: botocore.session.Session().create_client("ec2", "us-east-1")) for _ in range(2))
    assert shared * 3 < own


def _cpu_s(make: object) -> float:
    assert callable(make)
    gc.collect()
    started = time.process_time()
    make()
    return time.process_time() - started


@pytest.mark.parametrize(
    "written", ["2026-11-24T04:09:00Z", "2026-11-24T04:09:00.000Z", "Tue, 24 Nov 2026 04:09:00 GMT"]
)
def test_times_are_read_in_every_form_that_aws_writes(canned: Canned, written: str) -> None:
    bucket = f"<Bucket><Name>b</Name><CreationDate>{written}</CreationDate></Bucket>"
    canned.answer = lambda request: (200, f"<R><Buckets>{bucket}</Buckets></R>")
    clients = clients_of(canned.url)
    (found,) = clients.get("s3", "us-east-1").list_buckets()["Buckets"]
    assert found["CreationDate"] == datetime(2026, 11, 24, 4, 9, tzinfo=UTC)
    clients.close()


def test_the_provider_protocol_and_the_registry_import_no_vendor_code() -> None:
    code = "import sys, app.providers.base, app.providers.registry; print(any('boto' in name for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False"


def test_a_closed_account_has_no_open_connection(canned: Canned) -> None:
    canned.answer = lambda request: (200, caller_identity())
    account = Cloud(canned.url).open()
    account.identify()
    account.close()
    # The pool is empty: the next call opens a connection of its own.
    account.identify()
    assert len(canned.connections) == 2
    account.close()
