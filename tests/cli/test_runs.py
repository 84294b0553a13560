"""`infrazen runs`."""

import json

from tests.support.installation import Installation


def test_runs_are_listed_and_shown(two_users: Installation) -> None:
    two_users.ok("infrazen sync --sync-type manual")
    (listed,) = json.loads(two_users.ok("infrazen runs list --json"))
    assert (listed["bulk_sync_id"], listed["status"], listed["successful_users"]) == (1, "success", 2)
    shown = json.loads(two_users.ok("infrazen runs show 1 --json"))
    assert [result["user_email"] for result in shown["user_results"]] == ["one@example.com", "two@example.com"]
    assert "[2/2] ✓ two@example.com - 1 providers, " in two_users.ok("infrazen runs show 1")
    done = two_users.sh("infrazen runs show 99")
    assert (done.returncode, done.stderr) == (1, "Error: there is no run 99; `infrazen runs list` shows the latest\n")
