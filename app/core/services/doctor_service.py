"""Is everything there that a run needs? One check per cause of trouble."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from app.core.execution import run_lease
from app.core.models.types import utc_now
from app.core.persistence import leases, schema
from app.core.persistence.engine import make_sessions
from app.core.services.connection_service import ConnectionService
from app.core.services.runtime import Runtime
from app.providers import registry
from app.security.keys import encryption_keys, secret_key
from app.settings import Settings, SettingsError

MAX_CLOCK_SKEW_S = 5.0
MIN_FREE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One finding; a bad one says what to do."""

    name: str
    ok: bool
    detail: str


class _Trouble(Exception):
    """What a check found wrong."""


def examine(settings: Settings) -> Iterator[Check]:
    """Yield the findings in the order in which to mend them. Nothing is changed, except that missing keys are made."""
    sessions = make_sessions(settings.database, pool_size=1)
    engine = sessions.kw["bind"]
    yield _check("instance directory", lambda: _writable(settings))
    yield _check("disk", lambda: _free_space(settings))
    database = _check("database", lambda: f"{engine.url.render_as_string()}, revision {_at_head(engine)}")
    yield database
    keys = _check("keys", lambda: _keys(settings))
    yield keys
    yield _check("providers", lambda: ", ".join(registry.names()) or _fail("none is installed"))
    if not database.ok:
        return
    yield _check("clock", lambda: _clock(sessions))
    yield _check("bulk sync", lambda: run_lease.describe(sessions))
    if keys.ok:
        yield _check("credentials", lambda: _credentials(Runtime.from_settings(settings, sessions)))


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, detail=look())
    except (_Trouble, SettingsError, schema.SchemaMismatch) as error:
        return Check(name, ok=False, detail=str(error))
    except SQLAlchemyError as error:
        return Check(name, ok=False, detail=str(getattr(error, "orig", error)).splitlines()[0])


def _fail(what: str) -> str:
    raise _Trouble(what)


def _writable(settings: Settings) -> str:
    folder = settings.instance_dir
    if not os.access(_existing(folder), os.W_OK):
        _fail(f"{folder} cannot be written; set INFRAZEN_INSTANCE_DIR to a directory that can")
    return str(folder)


def _existing(folder: Path) -> Path:
    """Return the directory, or the nearest one above it that is there already."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _free_space(settings: Settings) -> str:
    nearest = _existing(settings.instance_dir)
    free = shutil.disk_usage(nearest).free
    if free < MIN_FREE_BYTES:
        _fail(f"only {free // 2**20} MiB free at {nearest}")
    return f"{free / 2**30:.1f} GiB free"


def _at_head(engine: Engine) -> str:
    schema.check(engine)
    return schema.HEAD


def _keys(settings: Settings) -> str:
    secret_key(settings)
    return f"{len(encryption_keys(settings))} for credentials, from " + (
        "INFRAZEN_ENCRYPTION_KEYS" if settings.encryption_keys else str(settings.instance_dir)
    )


def _credentials(runtime: Runtime) -> str:
    unreadable = ConnectionService(runtime).unreadable()
    if unreadable:
        _fail(f"no key decrypts: {', '.join(unreadable)}; put their old key back into INFRAZEN_ENCRYPTION_KEYS")
    return "all can be decrypted"


def _clock(sessions: sessionmaker[Session]) -> str:
    with sessions() as session:
        skew = (utc_now() - leases.database_now(session)).total_seconds()
    if abs(skew) > MAX_CLOCK_SKEW_S:
        _fail(f"this machine's clock is {skew:+.1f} seconds off the database's; check time synchronisation")
    return f"{skew:+.1f} seconds off the database's"
