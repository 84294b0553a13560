"""`infrazen resources`."""

import json
from datetime import UTC, datetime, timedelta

from tests.support.installation import Installation


def test_resources_can_be_read_back_as_they_were(two_users: Installation) -> None:
    two_users.ok("infrazen sync --sync-type manual")
    now = json.loads(two_users.ok("infrazen resources --user one@example.com --json"))
    assert {row["user_email"] for row in now} == {"one@example.com"}
    assert "ec2:instance" in {row["resource_type"] for row in now}
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"
    assert len(json.loads(two_users.ok(f"infrazen resources --on {today} --json"))) == 2 * len(now)
    assert json.loads(two_users.ok(f"infrazen resources --on {yesterday} --json")) == []
    done = two_users.sh("infrazen resources --user who@example.com")
    assert (done.returncode, done.stdout) == (1, "")
