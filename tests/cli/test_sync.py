"""`infrazen sync`: interruption, a second run, a killed run, output that breaks off, a terminal."""

import re
import signal
import subprocess

import pexpect
import pytest

from tests.support.gated_proxy import GatedProxy
from tests.support.installation import TIMEOUT_S, Installation

SYNC = ("infrazen", "sync", "--sync-type", "manual")
INVENTORY = """
SELECT c.user_id, r.resource_type, r.external_id, r.name, r.region, r.status, r.tags, r.config, r.fingerprint,
       r.deleted_at IS NULL AS present, COUNT(v.id) AS versions
FROM resources r JOIN cloud_providers c ON c.id = r.connection_id LEFT JOIN resource_versions v ON v.resource_id = r.id
GROUP BY r.id ORDER BY c.user_id, r.resource_type, r.external_id
"""


def test_a_killed_run_leaves_a_database_from_which_the_next_run_is_right(
    two_users: Installation, proxy: GatedProxy, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for requests in (1, 7, 20, 31):
        proxy.close_after(requests)
        process = two_users.start(*SYNC)
        proxy.wait_until_held()
        process.kill()
        process.communicate(timeout=TIMEOUT_S)
        proxy.open()
    two_users.ok(" ".join(SYNC))
    after_kills = two_users.sql(INVENTORY)
    assert len(after_kills) > 10
    statuses = [row["status"] for row in two_users.sql("SELECT status FROM bulk_syncs ORDER BY id")]
    assert statuses == ["interrupted"] * 4 + ["success"]
    for table, column in (("complete_syncs", "sync_status"), ("connection_syncs", "status")):
        assert two_users.sql(f"SELECT id FROM {table} WHERE {column} = 'running'") == []
    # The same two users, never disturbed, have the same inventory.
    assert {row["versions"] for row in after_kills} == {1}
    before = [{k: v for k, v in row.items() if k != "user_id"} for row in after_kills if row["user_id"] == 1]
    other = [{k: v for k, v in row.items() if k != "user_id"} for row in after_kills if row["user_id"] == 2]
    assert before == other


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_users_in_flight_finish_and_starts_no_new_one(
    two_users: Installation, proxy: GatedProxy, number: int
) -> None:
    proxy.close_after(5)
    process = two_users.start(*SYNC)
    proxy.wait_until_held()
    process.send_signal(number)
    assert process.stderr is not None
    _read_until(process, "Stopping: users in flight have")
    proxy.open()
    out, err = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 130, err
    assert re.search(r"\[1/2\] ✓ one@example\.com - 1 providers, \d+ resources", out)
    assert "two@example.com" not in out
    assert "Interrupted:       1 users not done" in out
    assert [row["status"] for row in two_users.sql("SELECT status FROM bulk_syncs")] == ["interrupted"]
    assert "Traceback" not in err


def test_a_second_signal_stops_at_once(two_users: Installation, proxy: GatedProxy) -> None:
    proxy.close_after(5)
    process = two_users.start(*SYNC)
    proxy.wait_until_held()
    process.send_signal(signal.SIGINT)
    _read_until(process, "Stopping:")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 130
    assert "Interrupted:       2 users not done" in out
    assert "Traceback" not in err
    for table, column in (("complete_syncs", "sync_status"), ("connection_syncs", "status")):
        assert [row[column] for row in two_users.sql(f"SELECT {column} FROM {table}")] == ["interrupted"]


def test_a_second_run_is_refused_at_once_and_says_whose_the_first_is(
    two_users: Installation, proxy: GatedProxy
) -> None:
    proxy.close_after(5)
    process = two_users.start(*SYNC)
    proxy.wait_until_held()
    second = two_users.sh(" ".join(SYNC))
    proxy.open()
    out, _ = process.communicate(timeout=TIMEOUT_S)
    assert second.returncode == 75
    assert second.stdout == ""
    assert re.search(
        rf"^Error: another bulk sync is under way: process {process.pid} on \S+, since ", second.stderr, re.M
    )
    assert "Successful:        2" in out


def test_a_reader_that_leaves_does_not_stop_the_run(two_users: Installation) -> None:
    done = two_users.sh(f"set -o pipefail; {' '.join(SYNC)} | head -n 1")
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    assert [row["status"] for row in two_users.sql("SELECT status FROM bulk_syncs")] == ["success"]


def test_a_terminal_gets_colour_and_a_progress_bar(two_users: Installation, proxy: GatedProxy) -> None:
    proxy.close_after(5)
    terminal = pexpect.spawn(
        f"{two_users.root}/.venv/bin/infrazen",
        list(SYNC[1:]),
        cwd=str(two_users.root),
        env={**two_users.env, "TERM": "xterm-256color"},
        dimensions=(30, 120),
        timeout=TIMEOUT_S,
        encoding="utf-8",
    )
    terminal.expect(r"0/2")
    proxy.open()
    terminal.expect(r"\x1b\[32m\[1/2\] ✓ one@example\.com")
    terminal.expect("Successful:        2")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_a_pipe_gets_no_colour_and_no_bar(two_users: Installation) -> None:
    out = two_users.ok(" ".join(SYNC))
    assert "\x1b" not in out
    assert "\r" not in out


def test_an_unchanged_second_run_writes_no_resource(two_users: Installation) -> None:
    two_users.ok(" ".join(SYNC))
    before = two_users.sql(INVENTORY)
    two_users.ok(" ".join(SYNC))
    assert two_users.sql(INVENTORY) == before
    counts = two_users.sql(
        "SELECT SUM(resources_created + resources_updated + resources_deleted) AS written, "
        "SUM(resources_found) AS found FROM connection_syncs WHERE complete_sync_id > 2"
    )
    assert counts[0]["written"] == 0
    assert counts[0]["found"] == len(before)


def test_nothing_to_process_is_exit_code_2(installation: Installation) -> None:
    installation.add_user("alone@example.com")
    done = installation.sh("infrazen sync")
    assert done.returncode == 2
    assert "[1/1] ○ alone@example.com - No auto-sync enabled providers" in done.stdout


def _read_until(process: "subprocess.Popen[str]", words: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return
    raise AssertionError(f"the process ended without saying {words!r}")
