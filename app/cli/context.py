"""What commands share: the runtime, and failures as one line with the contract's exit code."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from app import logging as app_logging
from app.core.domain.runs import ExitCode
from app.core.persistence import schema
from app.core.services.runtime import Runtime
from app.logging import printable
from app.settings import Settings, SettingsError


class Failure(click.ClickException):
    """Ends the command with one line and an exit code."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(" ".join(message.split()))
        object.__setattr__(self, "exit_code", exit_code)  # click declares it as the class's


def load_settings() -> Settings:
    """Read the settings. Raises Failure with EX_CONFIG that names the wrong variable."""
    try:
        return Settings.from_env()
    except SettingsError as error:
        raise Failure(str(error), ExitCode.CONFIG) from error


def open_runtime(*, log_level: str | None = None) -> Runtime:
    """Return the runtime on a database that is at this version's schema. Raises Failure with EX_CONFIG."""
    settings = load_settings()
    app_logging.configure(log_level or settings.log_level, settings.log_format)
    with config_failures(settings):
        runtime = Runtime.from_settings(settings)
        schema.check(runtime.sessions.kw["bind"])
    return runtime


@contextmanager
def config_failures(settings: Settings, *refusals: type[Exception]) -> Iterator[None]:
    """Turn a wrong setting, an unusable schema or a database error inside the block into a Failure with EX_CONFIG.

    `refusals` are the errors by which a service refuses what the user asked for: a Failure with exit code 1.
    """
    try:
        yield
    except refusals as error:
        raise Failure(printable(str(error)), 1) from error
    except (SettingsError, schema.SchemaMismatch) as error:
        raise Failure(str(error), ExitCode.CONFIG) from error
    except SQLAlchemyError as error:
        raise Failure(database_failure(error, settings), ExitCode.CONFIG) from error


def database_failure(error: SQLAlchemyError, settings: Settings) -> str:
    """Say in one line what the database said, and which database it is, without its password."""
    cause: Any = getattr(error, "orig", None) or error
    words = str(cause.args[-1]) if cause.args else str(cause)
    return f"database {make_url(settings.database).render_as_string(hide_password=True)}: {words.splitlines()[0]}"
