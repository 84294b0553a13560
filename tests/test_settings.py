from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings, SettingsError
from tests.support.runtimes import KEY, OTHER_KEY


@pytest.fixture(autouse=True)
def _no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(f"INFRAZEN_{name}", value)
    return Settings.from_env()


def test_everything_has_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch)
    assert settings.sync_concurrency == 1
    assert settings.port == 5001
    assert settings.database == f"sqlite:///{settings.instance_dir / 'infrazen.db'}"
    assert settings.is_embedded


GOOD = [
    ("ENV", "production", "env", "production"),
    ("INSTANCE_DIR", "/var/lib/infrazen", "instance_dir", Path("/var/lib/infrazen")),
    ("SYNC_CONCURRENCY", "256", "sync_concurrency", 256),
    ("CONNECT_TIMEOUT", "0.5", "connect_timeout", 0.5),
    ("READ_TIMEOUT", "600", "read_timeout", 600),
    ("CALL_TIMEOUT", "120", "call_timeout", 120),
    ("CONNECTION_TIMEOUT", "1", "connection_timeout", 1),
    ("USER_TIMEOUT", "86400", "user_timeout", 86400),
    ("RUN_TIMEOUT", "60", "run_timeout", 60),
    ("SHUTDOWN_GRACE", "0", "shutdown_grace", 0),
    ("LEASE_TTL", "3", "lease_ttl", 3),
    ("BRAKE_SHARE", "1", "brake_share", 1),
    ("BRAKE_MINIMUM", "1", "brake_minimum", 1),
    ("LOG_LEVEL", "DEBUG", "log_level", "DEBUG"),
    ("LOG_FORMAT", "json", "log_format", "json"),
    ("HOST", "0.0.0.0", "host", "0.0.0.0"),
    ("PORT", "65535", "port", 65535),
    ("SESSION_HOURS", "0.5", "session_hours", 0.5),
    ("LOGIN_RATE_LIMIT", "5 per second", "login_rate_limit", "5 per second"),
]


@pytest.mark.parametrize(("variable", "text", "field", "value"), GOOD)
def test_a_variable_is_read(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, field: str, value: object
) -> None:
    assert getattr(read(monkeypatch, **{variable: text}), field) == value


BAD = [
    ("ENV", "staging"),
    ("SYNC_CONCURRENCY", "0"),
    ("SYNC_CONCURRENCY", "257"),
    ("SYNC_CONCURRENCY", "two"),
    ("SYNC_CONCURRENCY", ""),
    ("CONNECT_TIMEOUT", "0"),
    ("CONNECT_TIMEOUT", "61"),
    ("READ_TIMEOUT", "-1"),
    ("READ_TIMEOUT", "601"),
    ("CONNECTION_TIMEOUT", "0"),
    ("CONNECTION_TIMEOUT", "inf"),
    ("USER_TIMEOUT", "nan"),
    ("RUN_TIMEOUT", "inf"),
    ("SHUTDOWN_GRACE", "-1"),
    ("LEASE_TTL", "2"),
    ("LEASE_TTL", "1e300"),
    ("BRAKE_SHARE", "1.1"),
    ("BRAKE_SHARE", "-0.1"),
    ("BRAKE_SHARE", "half"),
    ("BRAKE_MINIMUM", "0"),
    ("BRAKE_MINIMUM", "2.5"),
    ("LOG_LEVEL", "LOUD"),
    ("LOG_FORMAT", "xml"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("SESSION_HOURS", "0"),
    ("SESSION_HOURS", "1e300"),
    ("LOGIN_RATE_LIMIT", "often"),
    ("LOGIN_RATE_LIMIT", ""),
    ("ENCRYPTION_KEYS", "not-a-key"),
    ("ENCRYPTION_KEYS", f"{KEY},short"),
    ("DATABASE_URL", "nonsense"),
    ("DATABASE_URL", "oracle://user:hunter2@host/name"),
    ("DATABASE_URL", "postgresql+asyncpg://user:hunter2@host/name"),
    ("DATABASE_URL", "postgresql://user:p@ss:hunter2@host/name"),
    ("DATABASE_URL", "postgresql://user:hunter2@host:port/name"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:///:memory:"),
]


@pytest.mark.parametrize(("variable", "text"), BAD)
def test_a_wrong_value_is_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(monkeypatch, **{variable: text})
    message = str(caught.value)
    assert message.startswith(f"INFRAZEN_{variable}: ")
    assert "\n" not in message
    assert "hunter2" not in message
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("postgres://u:p%40ss@h/n", "postgresql+psycopg://u:p%40ss@h/n"),
        ("postgresql://u@h:5433/n", "postgresql+psycopg://u@h:5433/n"),
        ("mysql://u@h/n", "mysql+pymysql://u@h/n"),
        ("mariadb://u@h/n?ssl=true", "mariadb+pymysql://u@h/n?ssl=true"),
        ("mariadb+pymysql://u@h/n", "mariadb+pymysql://u@h/n"),
        ("sqlite:////srv/infra.db", "sqlite:////srv/infra.db"),
    ],
)
def test_a_database_url_gets_its_driver(monkeypatch: pytest.MonkeyPatch, url: str, database: str) -> None:
    settings = read(monkeypatch, DATABASE_URL=url)
    assert settings.database == database
    assert settings.is_embedded is database.startswith("sqlite")


def test_keys_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, ENCRYPTION_KEYS=f" {KEY} , {OTHER_KEY},")
    assert [key.get_secret_value() for key in settings.encryption_keys] == [KEY, OTHER_KEY]


def test_no_secret_shows_in_the_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch, SECRET_KEY="sign-me", ENCRYPTION_KEYS=KEY, DATABASE_URL="postgresql://user:hunter2@host/name"
    )
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert not [secret for secret in ("sign-me", KEY, "hunter2") if secret in shown]


def test_a_file_fills_in_what_the_environment_leaves_open(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("INFRAZEN_PORT=6001\nINFRAZEN_HOST=10.0.0.1\nUNRELATED=1\n")
    settings = read(monkeypatch, PORT="7001")
    assert (settings.host, settings.port) == ("10.0.0.1", 7001)


def test_settings_do_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError):
        setattr(read(monkeypatch), "port", 1)  # noqa: B010 - what a type checker refuses too
