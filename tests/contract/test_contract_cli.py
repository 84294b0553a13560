"""The contract's commands, run as written, and what they print."""

import json
import re

import pytest

from tests.support.installation import Installation

RESULTS = r"""======================================================================
 Bulk Sync - (SCHEDULED|MANUAL)
======================================================================
Started at: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d

----------------------------------------------------------------------
 Sync Results
----------------------------------------------------------------------
\[1/3\] ○ admin@example\.com - No auto-sync enabled providers
\[2/3\] ✓ user@example\.com - 2 providers, \d+ resources \(\d+\.\ds\)
(        [^\n]+\n)*\[3/3\] ✗ failed@example\.com - Error: broken: .+
(        [^\n]+\n)*
======================================================================
 Summary
======================================================================
Total users:       3
Successful:        1
Failed:            1
Skipped:           1
Duration:          \d+\.\d seconds
Completed at:      \d{4}-\d\d-\d\d \d\d:\d\d:\d\d
======================================================================
"""


@pytest.mark.parametrize(
    "command",
    [
        "python scripts/bulk_sync_all_users.py",
        "python scripts/bulk_sync_all_users.py --sync-type manual --verbose",
        "./.venv/bin/python scripts/bulk_sync_all_users.py --sync-type manual --verbose",
    ],
)
def test_a_run_prints_the_contracts_layout_and_exits_with_1_for_a_failed_user(
    platform: Installation, command: str
) -> None:
    platform.sql("UPDATE cloud_providers SET last_success_at = NULL")
    done = platform.sh(command)
    assert re.fullmatch(RESULTS, done.stdout), done.stdout
    assert done.returncode == 1


def test_verbose_shows_each_connection(platform: Installation) -> None:
    out = platform.sh("python scripts/bulk_sync_all_users.py --sync-type manual --verbose").stdout
    assert re.search(
        r"^        first \(aws\): success, \d+ resources: \d+ created, \d+ updated, \d+ deleted; ", out, re.M
    )


def test_quiet_prints_only_errors_and_the_summary(platform: Installation) -> None:
    done = platform.sh("python scripts/bulk_sync_all_users.py --quiet --sync-type manual")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("[3/3] ✗ failed@example.com - Error: ")
    assert lines[1:4] == ["", "=" * 70, " Summary"]
    assert "✓" not in done.stdout
    assert "[INFO]" not in done.stderr


def test_a_dry_run_prints_the_contracts_layout(platform: Installation) -> None:
    done = platform.sh("./.venv/bin/python scripts/bulk_sync_all_users.py --dry-run --sync-type manual")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "=" * 70,
        " Bulk Sync - Dry Run",
        "=" * 70,
        "",
        "Found 3 eligible users for synchronization:",
        "",
        "  [ 1] ○ admin@example.com    (ID:   1) - No auto-sync providers",
        "  [ 2] ✓ user@example.com     (ID:   2) - 2 providers",
        "  [ 3] ✓ failed@example.com   (ID:   3) - 1 providers",
        "",
        "-" * 70,
        "Summary: 2 users with providers, 1 would be skipped",
    ]


def test_a_dry_run_writes_nothing(platform: Installation) -> None:
    def dump() -> str:
        return platform.ok("python -c \"import sqlite3; print(*sqlite3.connect('instance/infrazen.db').iterdump())\"")

    before = dump()
    platform.ok("python scripts/bulk_sync_all_users.py --dry-run --sync-type manual")
    assert dump() == before


def test_json_is_the_contracts_response_and_alone_on_stdout(platform: Installation) -> None:
    done = platform.sh("infrazen sync --sync-type manual --json")
    response = json.loads(done.stdout)
    assert done.returncode == 1
    assert response["message"] == "Bulk sync completed: 1 successful, 1 failed, 1 skipped"
    assert [result["status"] for result in response["user_results"]] == ["skipped", "success", "failed"]


def test_log_lines_have_the_contracts_form_and_go_to_stderr(platform: Installation) -> None:
    done = platform.sh("python scripts/bulk_sync_all_users.py --sync-type manual")
    stamp = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d "
    assert re.search(stamp + r"\[INFO\] Starting bulk sync for all active users$", done.stderr, re.M)
    assert re.search(stamp + r"\[INFO\] ✓ User user@example\.com sync completed: 2/2 providers$", done.stderr, re.M)
    assert re.search(stamp + r"\[ERROR\] ✗ User failed@example\.com sync failed: broken: ", done.stderr, re.M)


def test_scheduled_runs_honour_the_interval_and_say_so(platform: Installation) -> None:
    platform.sh("python scripts/bulk_sync_all_users.py --sync-type manual")
    out = platform.sh("python scripts/bulk_sync_all_users.py").stdout
    assert "○ user@example.com - No provider is due yet (sync interval)" in out
    assert "✗ failed@example.com" in out
