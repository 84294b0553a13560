"""The other side of the AWS tests: moto as a cloud that is filled by the test, and a server with canned answers."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3

from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.aws import AwsProvider
from app.providers.aws.account import AwsAccount
from app.providers.base import Deadline, Session

HUB = "123456789012"
KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


@contextmanager
def moto_server(log: Path, **environment: str) -> Iterator[str]:
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with log.open("w") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | environment)
    try:
        yield _address(server, log)
    finally:
        server.kill()
        server.wait()


def _address(server: "subprocess.Popen[bytes]", log: Path) -> str:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up and server.poll() is None:
        if found := re.search(r"Running on (http://127\.0\.0\.1:\d+)", log.read_text()):
            return found[1]
        time.sleep(0.02)
    raise RuntimeError(f"moto did not start: {log.read_text()}")


def post(url: str, body: bytes = b"") -> None:
    request = urllib.request.Request(url, body, {"Content-Type": "application/octet-stream"})
    urllib.request.urlopen(request, timeout=30).close()


def open_account(
    url: str, *, deadline_s: float = 60, read_timeout_s: float = 30, at: datetime | None = None, **credentials: Any
) -> tuple[AwsAccount, Session]:
    given = {"access_key_id": KEY_ID, "secret_access_key": SECRET, "regions": ["us-east-1"]} | credentials
    given = {name: value for name, value in given.items() if value is not None}
    session = Session(
        Deadline.after(deadline_s),
        api_endpoint=url,
        at=at or datetime.now(UTC),
        connect_timeout_s=2,
        read_timeout_s=read_timeout_s,
    )
    provider = AwsProvider()
    return provider.open(provider.credentials.model_validate(given), session), session


@dataclass
class Cloud:
    """moto, seen from the side that makes resources, and from ours."""

    url: str
    opened: list[AwsAccount] = field(default_factory=list)

    def client(self, service: str, region: str = "us-east-1", keys: dict[str, str] | None = None) -> Any:
        given = keys or {"AccessKeyId": "testing", "SecretAccessKey": "testing"}
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given.get("SessionToken"),
        )

    def keys_of(self, account_id: str, role: str = "Seed") -> dict[str, str]:
        role_arn = f"arn:aws:iam::{account_id}:role/{role}"
        return self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="seed")["Credentials"]

    def open(self, **options: Any) -> AwsAccount:
        return self.open_with_session(**options)[0]

    def open_with_session(self, **options: Any) -> tuple[AwsAccount, Session]:
        account, session = open_account(self.url, **options)
        self.opened.append(account)
        return account, session

    def listed(self, resource_type: str, region: str = "us-east-1", **options: Any) -> list[Resource]:
        return list(self.open(**options).collect(Scope(resource_type, region)))

    def require_auth(self) -> None:
        post(f"{self.url}/moto-api/reset-auth", b"0")


@dataclass
class Request:
    """What the canned server was asked: the operation's name where the request tells it, headers and body."""

    operation: str
    headers: dict[str, str]
    body: str


@dataclass
class Canned:
    """A server whose answers a test writes: `answer` takes a Request and returns (status, body)."""

    url: str
    requests: list[Request] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)
    headers: dict[str, str] = field(default_factory=dict)
    answer: Callable[[Request], tuple[int, str]] = lambda request: (200, "")

    @property
    def operations(self) -> list[str]:
        return [request.operation for request in self.requests]


def caller_identity(account_id: str = HUB) -> str:
    return (
        "<GetCallerIdentityResponse><GetCallerIdentityResult>"
        f"<Arn>arn:aws:iam::{account_id}:user/u</Arn><UserId>AIDA</UserId><Account>{account_id}</Account>"
        "</GetCallerIdentityResult></GetCallerIdentityResponse>"
    )


def json_error(code: str, message: str = "because") -> str:
    return f'{{"__type": "com.amazon#{code}", "message": "{message}"}}'


def xml_error(code: str, message: str = "because") -> str:
    return f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
