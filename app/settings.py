"""Settings: the only reader of the environment. Every variable is described in docs/settings.md."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
MAX_CONCURRENCY = 256
_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}


class SettingsError(Exception):
    """The environment is wrong; the message is one line that names the variable."""


class Settings(BaseSettings):
    """Typed and validated settings, frozen. Durations are in seconds; secrets are masked in the repr."""

    model_config = SettingsConfigDict(
        env_prefix="INFRAZEN_",
        env_file=".env",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
    )

    env: Literal["development", "production"] = "development"
    instance_dir: Path = PROJECT_ROOT / "instance"
    database_url: SecretStr = SecretStr("")
    secret_key: SecretStr | None = None
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()

    sync_concurrency: int = Field(1, ge=1, le=MAX_CONCURRENCY)
    connect_timeout: float = Field(5, gt=0, le=60)
    read_timeout: float = Field(30, gt=0, le=600)
    call_timeout: float = Field(90, gt=0, le=3600)
    connection_timeout: float = Field(1800, gt=0)
    user_timeout: float = Field(3600, gt=0)
    run_timeout: float = Field(6 * 3600, gt=0)
    shutdown_grace: float = Field(10, ge=0)
    lease_ttl: float = Field(60, ge=3, le=86400)
    brake_share: float = Field(0.5, ge=0, le=1)
    brake_minimum: int = Field(10, ge=1)

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    host: str = "127.0.0.1"
    port: int = Field(5001, ge=1, le=65535)
    session_hours: float = Field(12, gt=0, le=8760)
    login_rate_limit: str = "10 per minute"

    @field_validator("encryption_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: Any) -> Any:
        return tuple(key.strip() for key in value.split(",") if key.strip()) if isinstance(value, str) else value

    @field_validator("encryption_keys")
    @classmethod
    def _check_keys(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        from cryptography.fernet import Fernet

        for position, key in enumerate(keys, start=1):
            try:
                Fernet(key.get_secret_value())
            except ValueError:
                raise ValueError(f"key {position} is not a Fernet key; `infrazen keys generate` makes one") from None
        return keys

    @field_validator("database_url")
    @classmethod
    def _check_url(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value():
            return url
        try:
            parsed = make_url(url.get_secret_value())
        except (ArgumentError, ValueError):  # ValueError: a port that is no number
            raise ValueError("not a database URL, such as postgresql://user:password@host/name") from None
        driver = _DRIVERS.get(parsed.drivername, parsed.drivername)
        if driver not in {"sqlite", *_DRIVERS.values()}:
            raise ValueError(f"{parsed.drivername} is none of sqlite, postgresql, mysql, mariadb")
        if driver == "sqlite" and parsed.database in (None, "", ":memory:"):
            raise ValueError("SQLite needs a file, such as sqlite:////absolute/path.db")
        return SecretStr(parsed.set(drivername=driver).render_as_string(hide_password=False))

    @field_validator("login_rate_limit")
    @classmethod
    def _check_limit(cls, limit: str) -> str:
        from limits import parse_many

        try:
            parse_many(limit)
        except ValueError:
            raise ValueError("not a rate such as `10 per minute`") from None
        return limit

    @classmethod
    def from_env(cls) -> "Settings":
        """Read the environment and `.env`. Raises SettingsError for the first wrong value."""
        try:
            return cls()
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            name = "INFRAZEN_" + str(first["loc"][0]).upper()
            raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None

    @property
    def database(self) -> str:
        """The database's URL with its driver; the embedded default is a file under the instance directory."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.instance_dir / 'infrazen.db'}"

    @property
    def is_embedded(self) -> bool:
        """True when the database is a file of this machine: then keys may be files beside it."""
        return self.database.startswith("sqlite")
