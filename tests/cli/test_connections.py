"""`infrazen connections`."""

import json

import pytest

from tests.support.aws_platform import Aws
from tests.support.installation import Installation

ADD = "infrazen connections add --user u@example.com --provider aws --name main"


@pytest.fixture
def with_user(installation: Installation) -> Installation:
    installation.add_user("u@example.com")
    return installation


def test_a_connection_is_checked_stored_encrypted_and_listed(with_user: Installation, aws: Aws) -> None:
    out = with_user.ok(f"{ADD} --api-endpoint {aws.url}", json.dumps(aws.credentials))
    assert out.startswith("Added main (aws) to u@example.com: the credential works (account 111111111111, ")
    (row,) = with_user.sql("SELECT credentials FROM cloud_providers")
    assert aws.credentials["secret_access_key"] not in row["credentials"]
    (listed,) = json.loads(with_user.ok("infrazen connections list --user u@example.com --json"))
    assert (listed["connection_name"], listed["provider"], listed["auto_sync"]) == ("main", "aws", True)
    assert "credentials" not in listed


def test_a_credential_that_the_cloud_refuses_is_not_stored(with_user: Installation, aws: Aws) -> None:
    done = with_user.sh(f"{ADD} --api-endpoint {aws.url}", json.dumps(aws.wrong_credentials))
    assert done.returncode == 1
    assert "nothing is stored" in done.stderr
    assert aws.wrong_credentials["secret_access_key"] not in done.stderr
    assert with_user.sql("SELECT id FROM cloud_providers") == []


def test_test_says_whether_the_stored_credential_works(with_user: Installation, aws: Aws) -> None:
    with_user.add_connection("u@example.com", "good", aws.url, aws.credentials)
    with_user.add_connection("u@example.com", "bad", aws.url, aws.wrong_credentials)
    assert "good: the credential works" in with_user.ok("infrazen connections test good --user u@example.com")
    done = with_user.sh("infrazen connections test bad --user u@example.com")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")


def test_a_credential_is_replaced_without_losing_the_connection(with_user: Installation, aws: Aws) -> None:
    with_user.add_connection("u@example.com", "main", aws.url, aws.wrong_credentials)
    with_user.ok("infrazen connections set-credentials main --user u@example.com", json.dumps(aws.credentials))
    with_user.ok("infrazen connections test main --user u@example.com")
    assert [row["id"] for row in with_user.sql("SELECT id FROM cloud_providers")] == [1]


def test_disable_enable_and_remove(with_user: Installation, aws: Aws) -> None:
    with_user.add_connection("u@example.com", "main", aws.url, aws.credentials, auto_sync=False)
    assert "1 would be skipped" in with_user.sh("infrazen sync --dry-run").stdout
    with_user.ok("infrazen connections enable main --user u@example.com --auto-sync --interval hourly")
    assert "- 1 providers" in with_user.ok("infrazen sync --dry-run")
    with_user.ok("infrazen connections disable main --user u@example.com")
    assert "1 would be skipped" in with_user.sh("infrazen sync --dry-run").stdout
    with_user.ok("infrazen connections remove main --user u@example.com")
    assert json.loads(with_user.ok("infrazen connections list --json")) == []
    (row,) = with_user.sql("SELECT credentials, is_deleted FROM cloud_providers")
    assert row == {"credentials": None, "is_deleted": 1}
    with_user.add_connection("u@example.com", "main", aws.url, aws.credentials)


@pytest.mark.parametrize(
    ("command", "stdin", "words"),
    [
        (ADD, "{nonsense", "the credential is not JSON (line 1, column 2)"),
        (ADD, "[]", "the credential is a JSON object"),
        (ADD, "{}", "access_key_id: Field required"),
        (ADD, '{"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "s", "colour": "red"}', "colour: Extra"),
        (ADD.replace("aws", "moon"), "{}", "no provider is called 'moon'; installed: aws"),
        (ADD.replace("u@", "who@"), "{}", "there is no user who@example.com"),
        (f"{ADD} --api-endpoint ftp://host", "{}", "'ftp://host' is no endpoint"),
        (ADD.replace("main", "''"), "{}", "a connection's name has 1 to 100"),
        ("infrazen connections test main --user u@example.com", "", "u@example.com has no connection 'main'"),
        ("infrazen connections remove main --user u@example.com", "", "u@example.com has no connection 'main'"),
    ],
)
def test_mistakes_are_told_in_one_line(with_user: Installation, command: str, stdin: str, words: str) -> None:
    done = with_user.sh(command, stdin)
    assert done.returncode == 1, done
    assert words in done.stderr.strip().splitlines()[-1]
    assert with_user.sql("SELECT id FROM cloud_providers") == []


def test_a_name_is_taken_only_once_per_user(with_user: Installation, aws: Aws) -> None:
    with_user.add_connection("u@example.com", "main", aws.url, aws.credentials)
    done = with_user.sh(f"{ADD} --no-check", json.dumps(aws.credentials))
    assert done.returncode == 1
    assert "this user has a connection 'main' already" in done.stderr
