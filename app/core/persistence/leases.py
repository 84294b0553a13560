"""Leases on the database's own clock, so that machines need not agree on the time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from app.core.models import Lease
from app.core.persistence.engine import count_changed


class utc_clock(GenericFunction[datetime]):  # noqa: N801 - it is named like the SQL function it makes
    """The database's current time in UTC."""

    type = DateTime()
    inherit_cache = True


@compiles(utc_clock, "sqlite")
def _sqlite_clock(element: utc_clock, compiler: SQLCompiler, **kw: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


@compiles(utc_clock, "postgresql")
def _postgresql_clock(element: utc_clock, compiler: SQLCompiler, **kw: Any) -> str:
    return "timezone('UTC', clock_timestamp())"


@compiles(utc_clock)
def _mysql_clock(element: utc_clock, compiler: SQLCompiler, **kw: Any) -> str:
    return "utc_timestamp(6)"


def database_now(session: Session) -> datetime:
    """Return the database's current time, aware, in UTC."""
    return session.execute(select(utc_clock())).scalar_one().replace(tzinfo=UTC)


def acquire(session: Session, name: str, holder: str, ttl: timedelta) -> bool:
    """Take a lease that nobody holds or whose time is over. Return whether it is ours now."""
    now = database_now(session)
    terms = {"holder": holder, "acquired_at": now, "expires_at": now + ttl}
    if count_changed(session, update(Lease).where(Lease.name == name, Lease.expires_at <= now).values(**terms)):
        return True
    if session.get(Lease, name) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(Lease(name=name, **terms))
    except IntegrityError:
        return False
    return True


def current(session: Session, name: str) -> Lease | None:
    """Return the lease as it stands, expired or not."""
    return session.get(Lease, name)


def renew(session: Session, name: str, holder: str, ttl: timedelta) -> bool:
    """Prolong our lease. Return False when it is no longer ours."""
    expires_at = database_now(session) + ttl
    ours = update(Lease).where(Lease.name == name, Lease.holder == holder)
    return count_changed(session, ours.values(expires_at=expires_at)) > 0


def release(session: Session, name: str, holder: str) -> None:
    """Give up the lease if this holder still has it."""
    session.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))
