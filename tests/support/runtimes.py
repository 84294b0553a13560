"""Runtimes for tests: settings that the environment cannot change, one fixed key, a clock that is given."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from app.core.models.types import utc_now
from app.core.persistence.engine import make_sessions
from app.core.services.runtime import Runtime
from app.security.vault import CredentialVault
from app.settings import Settings

KEY = "u0Vb1qUk2dCqfLfFKsoR7bYV1z0t8mD3oZ0m1D2S8Lg="
OTHER_KEY = "5nLRi8oMZr2nU3cVvB7n0v9dJ2kqJxk1C1r0iYQ4m7E="


def settings_for(url: str, **values: Any) -> Settings:
    """Return settings for a database; `values` are fields of `Settings`."""
    return Settings(_env_file=None, **{"database_url": url, "encryption_keys": KEY, "secret_key": "s" * 32, **values})


@contextmanager
def open_runtime(url: str, clock: Callable[[], datetime] = utc_now, **values: Any) -> Iterator[Runtime]:
    """Yield a runtime on its own engine, which is disposed of afterwards. `values` are fields of `Settings`."""
    settings = settings_for(url, **values)
    sessions = make_sessions(settings.database, pool_size=settings.sync_concurrency)
    runtime = Runtime(settings, sessions, CredentialVault([KEY]), clock)
    try:
        yield runtime
    finally:
        engine_of(runtime).dispose()


def engine_of(runtime: Runtime) -> Engine:
    """Return the engine that a runtime's sessions use."""
    engine: Engine = runtime.sessions.kw["bind"]
    return engine
