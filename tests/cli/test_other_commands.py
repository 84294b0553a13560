"""`infrazen runs`, `resources`, `keys`, `doctor`, `db`."""

import json
from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet

from tests.support.aws_platform import Aws
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


def test_keys_are_rotated_and_the_old_one_is_needed_no_more(two_users: Installation, aws: Aws) -> None:
    old = (two_users.root / "instance" / "encryption.key").read_text()
    new = Fernet.generate_key().decode()
    lost = two_users.sh("infrazen sync --sync-type manual --quiet", INFRAZEN_ENCRYPTION_KEYS=new)
    assert lost.returncode == 1
    assert "cannot be decrypted with the configured keys" in lost.stdout
    rotated = two_users.sh("infrazen keys rotate", INFRAZEN_ENCRYPTION_KEYS=f"{new},{old}")
    assert (rotated.returncode, rotated.stdout) == (0, "Re-encrypted 2 credentials.\n")
    again = two_users.sh("infrazen sync --sync-type manual --quiet", INFRAZEN_ENCRYPTION_KEYS=new)
    assert again.returncode == 0, again.stdout


def test_rotation_names_credentials_that_no_key_reads(two_users: Installation) -> None:
    done = two_users.sh("infrazen keys rotate", INFRAZEN_ENCRYPTION_KEYS=Fernet.generate_key().decode())
    assert done.returncode == 1
    assert "no key decrypts: main (user 1), main (user 2)" in done.stderr


def test_doctor_finds_all_well(two_users: Installation) -> None:
    checks = json.loads(two_users.ok("infrazen doctor --json"))
    assert all(check["ok"] for check in checks), checks
    names = {check["name"] for check in checks}
    assert names >= {"database", "keys", "credentials", "clock", "disk", "providers"}


def test_doctor_names_what_is_wrong(two_users: Installation, bare: Installation) -> None:
    done = two_users.sh("infrazen doctor", INFRAZEN_ENCRYPTION_KEYS=Fernet.generate_key().decode())
    assert done.returncode == 1
    assert "✗ credentials          no key decrypts: main (user 1), main (user 2)" in done.stdout


def test_doctor_says_that_the_database_is_missing(bare: Installation) -> None:
    done = bare.sh("infrazen doctor")
    assert done.returncode == 1
    assert "run `infrazen db upgrade`" in done.stdout


def test_the_schema_goes_up_and_down(installation: Installation) -> None:
    assert installation.ok("infrazen db upgrade") == "The database is at revision 0001.\n"
    assert installation.ok("infrazen db upgrade base") == "The database is at revision base.\n"
    assert installation.ok("infrazen db current") == "Database: none; this version: 0001.\n"
