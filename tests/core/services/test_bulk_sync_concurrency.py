"""Bulk runs with many threads, with a caller that gives up, and without the lease they began with."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, select, update

from app.core.domain.costs import Bill, ServiceCharge
from app.core.domain.resources import Resource
from app.core.domain.runs import RunSummary, SyncStatus, SyncType, UserResult
from app.core.domain.scopes import Scope
from app.core.models import BulkSync, BulkSyncItem, CompleteSync, ConnectionSync, Lease
from app.core.models import Resource as ResourceRow
from app.core.persistence import leases
from app.core.services.bulk_sync_service import BulkSyncService
from app.core.services.runtime import Runtime
from tests.support.clock import Clock
from tests.support.databases import sqlite_only
from tests.support.factories import add_connection, add_user
from tests.support.runtimes import engine_of, open_runtime
from tests.support.scripted_provider import Held, ScriptedAccount, ScriptedProvider

VM = Scope("vm", "r1")
WAIT_S = 60
THREADS = 8


@pytest.fixture
def crowd(database_url: str, clock: Clock) -> Iterator[Runtime]:
    """A runtime for many threads."""
    with open_runtime(database_url, clock, sync_concurrency=THREADS) as runtime:
        yield runtime


def add_users(runtime: Runtime, number: int, key: str = "key") -> list[int]:
    users = [add_user(runtime) for _ in range(number)]
    for user in users:
        add_connection(runtime, user, key=key)
    return users


def run(runtime: Runtime) -> RunSummary:
    return BulkSyncService(runtime).run(SyncType.MANUAL)


def items(runtime: Runtime) -> list[str]:
    with runtime.sessions() as session:
        return list(session.scalars(select(BulkSyncItem.status).order_by(BulkSyncItem.id)))


def test_as_many_users_as_allowed_are_synced_at_once(crowd: Runtime, cloud: ScriptedProvider) -> None:
    together = threading.Barrier(THREADS, timeout=WAIT_S)

    def meet(call: str) -> None:
        if call == "collect":
            together.wait()

    cloud.accounts["key"] = ScriptedAccount({VM: [Resource("a")]}, hook=meet)
    add_users(crowd, 2 * THREADS)
    assert run(crowd).successful == 2 * THREADS


def test_no_thread_holds_a_database_connection_while_it_calls_a_cloud(crowd: Runtime, cloud: ScriptedProvider) -> None:
    holders, held_in_a_call = {}, []
    engine = engine_of(crowd)
    event.listen(engine, "checkout", lambda dbapi, *_: holders.update({id(dbapi): threading.get_ident()}))
    event.listen(engine, "checkin", lambda dbapi, *_: holders.pop(id(dbapi), None))

    def look(call: str) -> None:
        held_in_a_call.append(threading.get_ident() in list(holders.values()))

    cloud.accounts["key"] = ScriptedAccount({VM: [Resource("a")]}, hook=look)
    add_users(crowd, THREADS)
    run(crowd)
    assert held_in_a_call == [False] * 4 * THREADS


def test_many_users_change_everything_at_once_and_none_fails(
    crowd: Runtime, cloud: ScriptedProvider, clock: Clock
) -> None:
    # MariaDB makes such transactions lose deadlocks; nobody may notice.
    add_users(crowd, 12)
    charges = (ServiceCharge("compute", Decimal(1), frozenset({"vm"})),)
    for day in range(3):
        clock.advance(days=1)
        listed = [Resource(f"i-{n}", name=f"{day}") for n in range(60) if n % 5 != day]
        scopes = {Scope("vm", region): listed for region in ("r1", "r2", "r3")}
        cloud.accounts["key"] = ScriptedAccount(
            {scope: [Resource(f"{scope.location}{r.external_id}", name=r.name) for r in listed] for scope in scopes},
            bill=Bill(date(2026, 11, 22 + day), "USD", charges),
        )
        summary = run(crowd)
        assert (summary.status, summary.successful) == (SyncStatus.SUCCESS, 12)
    with crowd.sessions() as session:
        assert len(session.scalars(select(ResourceRow.id).where(ResourceRow.deleted_at.is_(None))).all()) == 12 * 144


class Gone(Exception):
    """What a listener whose reader went away raises."""


class Listener:
    def __init__(self, fails_at: str) -> None:
        self.fails_at = fails_at

    def started(self, run_id: int, total: int) -> None:
        if self.fails_at == "started":
            raise Gone

    def finished(self, position: int, result: UserResult) -> None:
        if self.fails_at == "finished":
            raise Gone


@pytest.mark.parametrize("fails_at", ["started", "finished"])
def test_a_listener_that_fails_ends_the_run_as_interrupted(
    runtime: Runtime, cloud: ScriptedProvider, fails_at: str
) -> None:
    second = Held(threading.Event(), [Resource("b")])
    cloud.accounts["key"] = ScriptedAccount({VM: [Resource("a")]})
    cloud.accounts["held"] = ScriptedAccount({VM: second})
    add_users(runtime, 1)
    add_users(runtime, 1, key="held")
    add_users(runtime, 3)
    with pytest.raises(Gone):
        BulkSyncService(runtime).run(SyncType.MANUAL, listener=Listener(fails_at))
    workers = [thread for thread in threading.enumerate() if thread.name.startswith("sync-")]
    second.until.set()
    for worker in workers:
        worker.join(WAIT_S)
    with runtime.sessions() as session:
        assert session.scalars(select(BulkSync.status)).all() == ["interrupted"]
        assert session.scalars(select(Lease)).all() == []
    assert items(runtime) == ["success" if fails_at == "finished" else "pending", *["pending"] * 4]
    assert run(runtime).successful == 5


@sqlite_only
def test_a_run_that_lost_its_lease_leaves_the_next_ones_work_alone(
    runtime: Runtime, cloud: ScriptedProvider, clock: Clock
) -> None:
    (user,) = add_users(runtime, 1, key="held")
    held = Held(threading.Event(), [Resource("a")])
    cloud.accounts["held"] = ScriptedAccount({VM: held})
    summaries: list[RunSummary] = []
    old = threading.Thread(target=lambda: summaries.append(run(runtime)))
    old.start()
    assert held.begun.wait(WAIT_S)
    clock.advance(hours=1)
    with runtime.sessions.begin() as session:  # another machine takes over and syncs the same user
        session.execute(delete(Lease))
        assert leases.acquire(session, "bulk-sync", "process 1 on elsewhere (x 1 1)", timedelta(hours=1))
        session.execute(update(BulkSync).values(status="interrupted"))
        session.execute(update(BulkSyncItem).values(status="pending"))
        next_run = BulkSync(sync_type="manual", requested_by="next", started_at=clock())
        complete = CompleteSync(user_id=user, sync_type="manual", currency="USD", sync_started_at=clock())
        session.add_all([next_run, complete])
        session.flush()
        session.add(BulkSyncItem(bulk_sync_id=next_run.id, position=1, user_id=user, status="running"))
        next_id, complete_id = next_run.id, complete.id
    held.until.set()
    old.join(WAIT_S)
    assert summaries[0].status is SyncStatus.INTERRUPTED
    with runtime.sessions() as session:
        assert session.get_one(BulkSync, next_id).status == "running"
        assert session.get_one(CompleteSync, complete_id).sync_status == "running"
        next_item = select(BulkSyncItem.status).where(BulkSyncItem.bulk_sync_id == next_id)
        assert session.scalars(next_item).all() == ["running"]
        assert session.scalars(select(Lease.holder)).all() == ["process 1 on elsewhere (x 1 1)"]


@sqlite_only
@pytest.mark.parametrize("limit", ["connection_timeout", "user_timeout", "run_timeout"])
def test_when_a_time_limit_is_used_up_no_further_call_is_made(
    database_url: str, cloud: ScriptedProvider, limit: str
) -> None:
    cloud.accounts["key"] = ScriptedAccount({VM: [Resource("a")]})
    limits: dict[str, Any] = {limit: 1e-9}
    with open_runtime(database_url, **limits) as runtime:
        add_users(runtime, 2)
        response = BulkSyncService(runtime).sync_all_users("manual")
        with runtime.sessions() as session:
            codes = session.scalars(select(ConnectionSync.error_code)).all()
    assert [call.name for call in cloud.calls] == ["close", "close"]
    assert codes == ["deadline_exceeded"] * 2
    assert [result["status"] for result in response["user_results"]] == ["failed", "failed"]


@sqlite_only
def test_the_same_user_is_taken_once_however_often_it_is_asked_for(
    runtime: Runtime, cloud: ScriptedProvider, engine: Engine
) -> None:
    cloud.accounts["key"] = ScriptedAccount({VM: [Resource("a")]})
    (user,) = add_users(runtime, 1)
    summary = BulkSyncService(runtime).run(SyncType.MANUAL, user_ids=[user, 999, user, 999])
    assert (summary.total, summary.successful, summary.skipped) == (2, 1, 1)
