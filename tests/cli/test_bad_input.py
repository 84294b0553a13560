"""Mistakes: each gets one clear line and the right exit code, and nothing is lost."""

import pytest

from tests.support.installation import Installation

SCRIPT = "python scripts/bulk_sync_all_users.py"


def refused(installation: Installation, command: str, code: int, *words: str, **environment: str) -> None:
    done = installation.sh(command, **environment)
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: "), done.stderr
    for word in words:
        assert word in last, last


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        ("--sync-type nightly", "'nightly' is not one of 'scheduled', 'manual', 'api'"),
        ("--no-such-flag", "No such option '--no-such-flag'"),
        ("--verbose --quiet", "exclude each other"),
        ("--concurrency 0", "0 is not in the range"),
        ("--concurrency many", "'many' is not a valid integer"),
        ("surplus", "unexpected extra argument"),
    ],
)
def test_wrong_flags_are_named(installation: Installation, flags: str, word: str) -> None:
    refused(installation, f"{SCRIPT} {flags}", 2, word)


@pytest.mark.parametrize("flags", ["", "--dry-run"])
def test_a_missing_database_says_how_to_make_one_and_makes_none(bare: Installation, flags: str) -> None:
    refused(bare, f"{SCRIPT} {flags}", 78, "there is no database at", "infrazen db upgrade")
    assert not (bare.root / "instance" / "infrazen.db").exists()


def test_a_missing_migration_says_which_and_how(installation: Installation) -> None:
    installation.sql("UPDATE alembic_version SET version_num = '0000'")
    refused(installation, SCRIPT, 78, "revision 0000", "infrazen db upgrade")


def test_a_newer_schema_is_told_apart(installation: Installation) -> None:
    installation.sql("UPDATE alembic_version SET version_num = '9999'")
    refused(installation, SCRIPT, 78, "9999", "newer than this version's", "upgrade InfraZen")


def test_a_foreign_file_is_no_database(bare: Installation) -> None:
    (bare.root / "instance").mkdir()
    (bare.root / "instance" / "infrazen.db").write_text("not a database" * 100)
    refused(bare, SCRIPT, 78, "file is not a database")


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("postgresql://infrazen:geheim@127.0.0.1:1/infrazen", "127.0.0.1"),
        ("mysql://infrazen:geheim@127.0.0.1:1/infrazen", "Can't connect"),
    ],
)
def test_an_unreachable_server_is_named_without_its_password(bare: Installation, url: str, word: str) -> None:
    keys = {"INFRAZEN_SECRET_KEY": "x" * 32, "INFRAZEN_ENCRYPTION_KEYS": bare.ok("infrazen keys generate").strip()}
    refused(bare, SCRIPT, 78, word, "***", INFRAZEN_DATABASE_URL=url, **keys)
    assert "geheim" not in bare.sh(SCRIPT, INFRAZEN_DATABASE_URL=url, **keys).stderr


def test_a_server_without_keys_names_the_variable(bare: Installation) -> None:
    url = "postgresql://infrazen@127.0.0.1:1/infrazen"
    refused(bare, SCRIPT, 78, "INFRAZEN_ENCRYPTION_KEYS", "required", INFRAZEN_DATABASE_URL=url)


def test_a_read_only_database_is_exit_code_78(installation: Installation) -> None:
    url = f"sqlite:///file:{installation.root}/instance/infrazen.db?mode=ro&uri=true"
    refused(installation, SCRIPT, 78, "readonly database", INFRAZEN_DATABASE_URL=url)


def test_a_directory_that_cannot_be_made_is_exit_code_78(bare: Installation) -> None:
    (bare.root / "file").write_text("in the way")
    path = str(bare.root / "file" / "instance")
    refused(bare, "infrazen db upgrade", 78, "Not a directory", INFRAZEN_INSTANCE_DIR=path)


def test_an_unknown_revision_is_told(installation: Installation) -> None:
    refused(installation, "infrazen db upgrade 0815", 78, "cannot be brought to 0815")


@pytest.mark.parametrize(
    ("variable", "value", "word"),
    [
        ("INFRAZEN_SYNC_CONCURRENCY", "lots", "valid integer"),
        ("INFRAZEN_SYNC_CONCURRENCY", "0", "greater than or equal to 1"),
        ("INFRAZEN_DATABASE_URL", "nonsense", "not a database URL"),
        ("INFRAZEN_DATABASE_URL", "oracle://host/name", "none of sqlite, postgresql, mysql, mariadb"),
        ("INFRAZEN_ENCRYPTION_KEYS", "short", "key 1 is not a Fernet key"),
        ("INFRAZEN_LOG_LEVEL", "LOUD", "Input should be"),
        ("INFRAZEN_PORT", "70000", "less than or equal to 65535"),
    ],
)
def test_a_wrong_setting_is_named(installation: Installation, variable: str, value: str, word: str) -> None:
    refused(installation, SCRIPT, 78, f"{variable}: ", word, **{variable: value})
