from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from app.core.models import Lease
from app.core.persistence import leases
from app.core.services.runtime import Runtime

TTL = timedelta(minutes=1)


def acquire(runtime: Runtime, holder: str, name: str = "name") -> bool:
    with runtime.sessions.begin() as session:
        return leases.acquire(session, name, holder, TTL)


def renew(runtime: Runtime, holder: str) -> bool:
    with runtime.sessions.begin() as session:
        return leases.renew(session, "name", holder, TTL)


def holder(runtime: Runtime) -> str | None:
    with runtime.sessions() as session:
        lease = leases.current(session, "name")
        return lease.holder if lease else None


def expire(runtime: Runtime) -> None:
    with runtime.sessions.begin() as session:
        session.execute(update(Lease).values(expires_at=leases.database_now(session)))


def test_a_free_lease_is_taken_once(runtime: Runtime) -> None:
    assert acquire(runtime, "a")
    assert not acquire(runtime, "b")
    assert not acquire(runtime, "a")
    assert holder(runtime) == "a"


def test_leases_of_different_names_are_independent(runtime: Runtime) -> None:
    assert acquire(runtime, "a", "name")
    assert acquire(runtime, "b", "NAME")


def test_an_expired_lease_is_free(runtime: Runtime) -> None:
    acquire(runtime, "a")
    expire(runtime)
    assert acquire(runtime, "b")
    assert holder(runtime) == "b"


def test_renewing_prolongs_and_revives_what_nobody_took(runtime: Runtime) -> None:
    acquire(runtime, "a")
    expire(runtime)
    assert renew(runtime, "a")
    assert not acquire(runtime, "b")


def test_a_lost_lease_cannot_be_renewed(runtime: Runtime) -> None:
    acquire(runtime, "a")
    expire(runtime)
    acquire(runtime, "b")
    assert not renew(runtime, "a")
    assert holder(runtime) == "b"


def test_only_the_holder_can_release(runtime: Runtime) -> None:
    acquire(runtime, "a")
    with runtime.sessions.begin() as session:
        leases.release(session, "name", "b")
    assert holder(runtime) == "a"
    with runtime.sessions.begin() as session:
        leases.release(session, "name", "a")
    assert holder(runtime) is None
    assert not renew(runtime, "a")


def test_the_databases_clock_is_in_utc_and_moves(runtime: Runtime) -> None:
    with runtime.sessions() as session:
        first, second = leases.database_now(session), leases.database_now(session)
    assert first.tzinfo is UTC
    assert first <= second
    assert abs(datetime.now(UTC) - first) < timedelta(hours=1)
