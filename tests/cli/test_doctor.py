"""`infrazen doctor`."""

import json

from cryptography.fernet import Fernet

from tests.support.installation import Installation


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
