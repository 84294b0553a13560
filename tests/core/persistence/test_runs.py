import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, select

from app.core.domain.runs import ItemStatus, SyncStatus, SyncType, UserResult
from app.core.models import BulkSync, BulkSyncItem, CompleteSync, ConnectionSync, User
from app.core.persistence import runs, users
from app.core.services.runtime import Runtime
from tests.support.clock import Clock
from tests.support.factories import add_connection, add_user
from tests.support.runtimes import open_runtime

WAIT_S = 60


def add_run(runtime: Runtime, statuses: list[str] | None = None, **columns: object) -> int:
    """Add a run with one item per status, for users 1, 2, …"""
    with runtime.sessions.begin() as session:
        run = BulkSync(**{"sync_type": "manual", "requested_by": "test", "started_at": runtime.clock(), **columns})
        session.add(run)
        session.flush()
        rows = [
            {"bulk_sync_id": run.id, "position": n, "user_id": n, "status": status, "duration_seconds": 0.0}
            for n, status in enumerate(statuses or [], start=1)
        ]
        if rows:
            session.execute(insert(BulkSyncItem), rows)
        return run.id


def statuses(runtime: Runtime, run_id: int) -> list[str]:
    with runtime.sessions() as session:
        items = select(BulkSyncItem.status).where(BulkSyncItem.bulk_sync_id == run_id).order_by(BulkSyncItem.position)
        return list(session.scalars(items))


def claim(runtime: Runtime, run_id: int) -> int | None:
    with runtime.sessions.begin() as session:
        item = runs.claim(session, run_id, runtime.clock())
        return None if item is None else item.position


def test_items_are_claimed_in_order_and_once(runtime: Runtime) -> None:
    run_id = add_run(runtime, ["pending", "skipped", "pending", "success", "pending"])
    assert [claim(runtime, run_id) for _ in range(4)] == [1, 3, 5, None]
    assert statuses(runtime, run_id) == ["running", "skipped", "running", "success", "running"]


def test_nothing_is_claimed_of_a_run_that_was_closed(runtime: Runtime) -> None:
    run_id = add_run(runtime, ["pending"], status="interrupted")
    assert claim(runtime, run_id) is None
    assert statuses(runtime, run_id) == ["pending"]


def test_threads_that_claim_at_the_same_time_never_get_the_same_item(database_url: str) -> None:
    with open_runtime(database_url, sync_concurrency=8) as runtime:
        run_id = add_run(runtime, ["pending"] * 80)
        together, claimed = threading.Barrier(8, timeout=WAIT_S), []

        def take() -> None:
            together.wait()
            while (position := claim(runtime, run_id)) is not None:
                claimed.append(position)

        threads = [threading.Thread(target=take) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAIT_S)
        assert sorted(claimed) == list(range(1, 81))


def test_an_item_that_was_given_back_is_not_finished_by_its_old_holder(runtime: Runtime) -> None:
    run_id = add_run(runtime, ["pending"])
    with runtime.sessions.begin() as session:
        item = runs.claim(session, run_id, runtime.clock())
        assert item is not None
        runs.interrupt_unfinished(session, session.get_one(BulkSync, run_id), "stopped", runtime.clock())
    with runtime.sessions.begin() as session:
        runs.finish_item(session, item.id, UserResult(1, None, ItemStatus.SUCCESS), runtime.clock())
    assert statuses(runtime, run_id) == ["pending"]


@pytest.mark.parametrize(
    ("items", "status"),
    [
        ([], SyncStatus.SUCCESS),
        (["success", "skipped"], SyncStatus.SUCCESS),
        (["success", "failed"], SyncStatus.PARTIAL),
        (["failed", "skipped"], SyncStatus.FAILED),
        (["success", "pending"], SyncStatus.INTERRUPTED),
        (["success", "running"], SyncStatus.INTERRUPTED),
    ],
)
def test_a_run_is_closed_with_the_counts_of_its_items(runtime: Runtime, items: list[str], status: SyncStatus) -> None:
    run_id = add_run(runtime, items, total_users=len(items))
    with runtime.sessions.begin() as session:
        summary = runs.close(session, run_id, runtime.clock(), 1.25)
    assert summary.status is status
    counts = (summary.successful, summary.failed, summary.skipped, summary.total)
    assert counts == (items.count("success"), items.count("failed"), items.count("skipped"), len(items))
    with runtime.sessions() as session:
        assert runs.summary_of(session.get_one(BulkSync, run_id)) == summary


class Syncs:
    """A user, a connection, and a complete sync that began at a time with a connection sync in it."""

    def __init__(self, runtime: Runtime, status: str = "running") -> None:
        self.runtime, self.user = runtime, add_user(runtime)
        connection = add_connection(runtime, self.user)
        with runtime.sessions.begin() as session:
            complete = CompleteSync(
                user_id=self.user,
                sync_type="manual",
                sync_status=status,
                currency="USD",
                sync_started_at=runtime.clock(),
            )
            session.add(complete)
            session.flush()
            one = ConnectionSync(
                complete_sync_id=complete.id, connection_id=connection, started_at=runtime.clock(), status=status
            )
            session.add(one)
            session.flush()
            self.id, self.connection_sync = complete.id, one.id

    def statuses(self) -> tuple[str, str]:
        with self.runtime.sessions() as session:
            return (
                session.get_one(CompleteSync, self.id).sync_status,
                session.get_one(ConnectionSync, self.connection_sync).status,
            )


def test_interrupting_a_run_leaves_what_is_not_its_own_alone(runtime: Runtime, clock: Clock) -> None:
    before = Syncs(runtime)
    clock.advance(seconds=1)
    ours, theirs, done = Syncs(runtime), Syncs(runtime), Syncs(runtime, "success")
    run_id, other = add_run(runtime), add_run(runtime)
    with runtime.sessions.begin() as session:
        for n, (run, user) in enumerate([(run_id, ours.user), (run_id, before.user), (run_id, done.user)]):
            session.add(BulkSyncItem(bulk_sync_id=run, position=n, user_id=user, status="running"))
        session.add(BulkSyncItem(bulk_sync_id=other, position=1, user_id=theirs.user, status="running"))
    with runtime.sessions.begin() as session:
        runs.interrupt_unfinished(session, session.get_one(BulkSync, run_id), "the reason", clock())
    assert statuses(runtime, run_id) == ["pending"] * 3
    assert statuses(runtime, other) == ["running"]
    assert ours.statuses() == ("interrupted", "interrupted")
    assert before.statuses() == theirs.statuses() == ("running", "running")
    assert done.statuses() == ("success", "success")
    with runtime.sessions() as session:
        row = session.get_one(CompleteSync, ours.id)
        assert (row.error_message, row.sync_completed_at) == ("the reason", clock())


def test_who_has_just_taken_the_lease_closes_every_sync(runtime: Runtime, clock: Clock) -> None:
    alone, done = Syncs(runtime), Syncs(runtime, "success")
    orphan = Syncs(runtime)
    with runtime.sessions.begin() as session:
        session.get_one(CompleteSync, orphan.id).sync_status = "interrupted"
    with runtime.sessions.begin() as session:
        runs.interrupt_syncs(session, "died", clock())
    assert alone.statuses() == orphan.statuses() == ("interrupted", "interrupted")
    assert done.statuses() == ("success", "success")


def test_the_results_of_thousands_of_users_all_come_back_with_their_errors(runtime: Runtime) -> None:
    number = 1201
    syncs = Syncs(runtime, "failed")
    with runtime.sessions.begin() as session:
        run = BulkSync(sync_type="manual", requested_by="test", started_at=runtime.clock())
        session.add(run)
        session.flush()
        run_id = run.id
        everyone = range(10, 10 + number)
        email = [{"id": n, "email": f"mass{n}@example.com", "created_at": runtime.clock()} for n in everyone]
        session.execute(insert(User), email)
        started = runtime.clock()
        session.execute(
            insert(CompleteSync),
            [
                {"id": n, "user_id": n, "sync_type": "manual", "sync_status": "failed", "currency": "USD",
                 "sync_started_at": started, "cost_by_currency": {"USD": "0.1"}}
                for n in everyone
            ],
        )  # fmt: skip
        one = session.get_one(ConnectionSync, syncs.connection_sync)
        session.execute(
            insert(ConnectionSync),
            [
                {"complete_sync_id": n, "connection_id": one.connection_id, "status": "failed", "started_at": started,
                 "error_message": f"error {n}", "error_code": "permission_denied"}
                for n in everyone
            ],
        )  # fmt: skip
        session.execute(
            insert(BulkSyncItem),
            [
                {"bulk_sync_id": run_id, "position": n, "user_id": n, "status": "failed", "complete_sync_id": n}
                for n in everyone
            ],
        )
    with runtime.sessions() as session:
        found = list(runs.results(session, run_id))
    assert len(found) == number
    for n, result in zip(everyone, found, strict=True):
        assert result.user_email == f"mass{n}@example.com"
        assert [error.error for error in result.provider_errors] == [f"error {n}"]
    assert {result.costs["USD"] for result in found} == {Decimal("0.1")}


def test_what_the_plan_skipped_is_told_apart_from_what_was_skipped_later(runtime: Runtime, clock: Clock) -> None:
    run_id = add_run(runtime, ["skipped", "skipped", "success", "skipped"])
    with runtime.sessions.begin() as session:
        later = session.scalars(select(BulkSyncItem).where(BulkSyncItem.position == 2)).one()
        later.started_at = clock()
    with runtime.sessions() as session:
        assert [position for position, _ in runs.skipped_between(session, run_id, 0, 5)] == [1, 4]
        assert [position for position, _ in runs.skipped_between(session, run_id, 1, 4)] == []


def test_runs_are_listed_newest_first_and_those_under_way_are_found(runtime: Runtime) -> None:
    first, second, third = (add_run(runtime, status=status) for status in ("success", "running", "failed"))
    with runtime.sessions() as session:
        assert [run.id for run in runs.latest(session, 2)] == [third, second]
        assert [run.id for run in runs.unfinished(session)] == [second]
    assert first < second < third


def test_a_plan_of_a_moment_counts_what_is_due_at_that_moment(runtime: Runtime, clock: Clock) -> None:
    user = add_user(runtime)
    add_connection(runtime, user, last_success_at=clock())
    add_connection(runtime, user)
    with runtime.sessions() as session:
        plans = {
            hours: list(
                runs.preview(
                    session, runs.planned(SyncType.SCHEDULED, clock() + timedelta(hours=hours), users.eligible())
                )
            )
            for hours in (0, 24)
        }
    assert {hours: planned.providers for hours, (planned,) in plans.items()} == {0: 1, 24: 2}
