"""`infrazen keys`."""

from cryptography.fernet import Fernet

from tests.support.aws_platform import Aws
from tests.support.installation import Installation


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
