"""A secret reaches no log line, no report and no table in the clear."""

import base64
from urllib.parse import quote

from tests.support.aws_platform import Aws
from tests.support.installation import Installation


def test_a_planted_secret_is_found_nowhere(installation: Installation, aws: Aws) -> None:
    installation.add_user("good@example.com")
    installation.add_connection("good@example.com", "main", aws.url, aws.credentials)
    installation.add_user("bad@example.com")
    installation.add_connection("bad@example.com", "main", aws.url, aws.wrong_credentials)
    installation.add_user("dead@example.com")
    installation.add_connection("dead@example.com", "main", "http://127.0.0.1:1", aws.credentials)
    commands = (
        "infrazen sync --sync-type manual --verbose",
        "infrazen sync --sync-type manual --json",
        "infrazen connections list --json",
        "infrazen connections test main --user bad@example.com",
        "infrazen connections test main --user dead@example.com",
        "infrazen runs show 1 --json",
        "infrazen doctor",
        "python -c \"import sqlite3; print(*sqlite3.connect('instance/infrazen.db').iterdump())\"",
    )
    said = ""
    for command in commands:
        done = installation.sh(command, INFRAZEN_LOG_LEVEL="DEBUG")
        said += done.stdout + done.stderr
    assert "bad@example.com" in said
    for credentials in (aws.credentials, aws.wrong_credentials):
        secret = credentials["secret_access_key"]
        for form in (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode()):
            assert form not in said
