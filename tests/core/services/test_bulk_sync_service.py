"""Bulk runs: who is taken, what comes back, and what survives failures."""

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from app.core.domain.errors import AuthenticationFailed
from app.core.domain.resources import Cost, CostBasis, Resource
from app.core.domain.runs import ItemStatus, SyncStatus, SyncType, UserResult
from app.core.domain.scopes import Scope
from app.core.execution import run_lease
from app.core.execution.stop import Stop
from app.core.models import BulkSync, BulkSyncItem, CloudProvider, CompleteSync, ConnectionSync, User
from app.core.services.bulk_sync_service import BulkSyncService
from app.core.services.runtime import Runtime
from tests.support.clock import Clock
from tests.support.databases import sqlite_only
from tests.support.factories import add_connection, add_user, update_row
from tests.support.scripted_provider import Held, ScriptedAccount, ScriptedProvider

VM = Scope("vm", "r1")


@pytest.fixture(autouse=True)
def _one_good_account(cloud: ScriptedProvider) -> None:
    cloud.accounts["key"] = ScriptedAccount({VM: [Resource("a"), Resource("b")]})


class Recorder:
    def __init__(self) -> None:
        self.total = 0
        self.results: list[UserResult] = []

    def started(self, run_id: int, total: int) -> None:
        self.total = total

    def finished(self, position: int, result: UserResult) -> None:
        self.results.append(result)


def test_the_response_has_the_contracts_keys_in_its_order(runtime: Runtime, clock: Clock) -> None:
    add_connection(runtime, add_user(runtime, email="user@example.com"))
    add_user(runtime, email="another@example.com")
    add_connection(runtime, add_user(runtime, email="failed@example.com"), key="unknown", connection_name="main")
    response = BulkSyncService(runtime).sync_all_users(sync_type="scheduled")
    contract = [
        "success", "message", "total_users", "successful_users", "failed_users", "skipped_users", "duration_seconds",
        "sync_type", "started_at", "completed_at", "user_results",
    ]  # fmt: skip
    assert [key for key in response if key in contract] == contract
    assert response["message"] == "Bulk sync completed: 1 successful, 1 failed, 1 skipped"
    assert (response["success"], response["total_users"], response["started_at"]) == (True, 3, "2026-11-24T02:00:00")
    success, skipped, failed = response["user_results"]
    assert list(success)[:3] == ["user_id", "user_email", "status"]
    assert (success["sync_status"], success["providers_synced"], success["resources_found"]) == ("success", 1, 2)
    assert skipped["reason"] == "No auto-sync enabled providers"
    assert (failed["error"], failed["message"]) == ("main: the cloud does not know this key", "Complete sync failed")
    assert failed["provider_errors"][0]["error_code"] == "authentication_failed"


@pytest.mark.parametrize(
    ("user", "connection", "providers"),
    [
        ({}, {}, 1),
        ({"role": "admin"}, {}, 1),
        ({"role": "super_admin"}, {}, 1),
        ({"role": "demouser"}, {}, None),
        ({"is_active": False}, {}, None),
        ({}, {"auto_sync": False}, 0),
        ({}, {"is_active": False}, 0),
        ({}, {"is_deleted": True}, 0),
        ({}, None, 0),
    ],
)
def test_eligibility(runtime: Runtime, user: dict[str, Any], connection: dict[str, Any] | None, providers: int) -> None:
    user_id = add_user(runtime, **user)
    if connection is not None:
        add_connection(runtime, user_id, **connection)
    eligible = BulkSyncService(runtime).get_eligible_users()
    assert [planned.providers for planned in eligible] == ([] if providers is None else [providers])


@pytest.mark.parametrize(
    ("interval", "age", "is_due"),
    [
        ("daily", None, True),
        ("daily", timedelta(hours=21, minutes=36), True),
        ("daily", timedelta(hours=21, minutes=35), False),
        ("hourly", timedelta(minutes=54), True),
        ("hourly", timedelta(minutes=53), False),
        ("weekly", timedelta(days=6, hours=8), True),
        ("weekly", timedelta(days=6), False),
        ("manual", None, False),
    ],
)
def test_only_scheduled_runs_honour_the_interval(
    runtime: Runtime, clock: Clock, interval: str, age: timedelta | None, is_due: bool
) -> None:
    last = None if age is None else clock() - age
    add_connection(runtime, add_user(runtime), sync_interval=interval, last_success_at=last)
    service = BulkSyncService(runtime)
    (scheduled,) = service.preview(SyncType.SCHEDULED)
    assert (scheduled.reason is None) is is_due
    assert is_due or scheduled.reason == "No provider is due yet (sync interval)"
    for kind in (SyncType.MANUAL, SyncType.API):
        assert [planned.reason for planned in service.preview(kind)] == [None]


def test_specific_ids_come_back_with_the_reason_they_were_skipped(runtime: Runtime) -> None:
    good, inactive = add_user(runtime), add_user(runtime, is_active=False)
    demo = add_user(runtime, role="demouser")
    for user_id in (good, inactive, demo):
        add_connection(runtime, user_id)
    response = BulkSyncService(runtime).sync_specific_users(user_ids=[999, good, inactive, demo, good])
    reasons = {result["user_id"]: result.get("reason") for result in response["user_results"]}
    assert reasons == {good: None, inactive: "User is inactive", demo: "Demo user", 999: "User not found"}
    assert response["sync_type"] == "manual"


@sqlite_only
@pytest.mark.parametrize("ids", [[True], ["1"], [-1], [2**63], [1.5], list(range(10_001))])
def test_what_is_no_id_is_refused(runtime: Runtime, ids: list[Any]) -> None:
    with pytest.raises(ValueError, match="user_ids are up to 10000 whole numbers"):
        BulkSyncService(runtime).sync_specific_users(user_ids=ids)


@sqlite_only
def test_an_unknown_sync_type_is_refused(runtime: Runtime) -> None:
    with pytest.raises(ValueError, match="nightly"):
        BulkSyncService(runtime).sync_all_users(sync_type="nightly")


def test_a_partial_user_is_a_success_that_names_its_failures(runtime: Runtime, cloud: ScriptedProvider) -> None:
    user_id = add_user(runtime)
    add_connection(runtime, user_id)
    add_connection(runtime, user_id, key="unknown", connection_name="broken")
    response = BulkSyncService(runtime).sync_all_users("manual")
    (result,) = response["user_results"]
    assert (result["status"], result["sync_status"], response["partial_users"]) == ("success", "partial", 1)
    assert (result["successful_providers"], result["failed_providers"]) == (1, 1)
    assert [error["connection_name"] for error in result["provider_errors"]] == ["broken"]
    assert response["status"] == "partial"


@sqlite_only
def test_costs_in_several_currencies_are_never_added_up(runtime: Runtime, cloud: ScriptedProvider) -> None:
    user_id = add_user(runtime, currency="USD")
    for currency in ("USD", "RUB"):
        cost = Cost(CostBasis.PRICE_LIST, Decimal("1.25"), currency)
        cloud.accounts[currency] = ScriptedAccount({VM: [Resource("x", cost=cost)]})
        add_connection(runtime, user_id, key=currency)
    (result,) = BulkSyncService(runtime).sync_all_users("manual")["user_results"]
    assert result["total_daily_cost"] is None
    assert result["total_daily_cost_by_currency"] == {"RUB": "1.25", "USD": "1.25"}


@sqlite_only
def test_users_are_synced_one_at_a_time_unless_told_otherwise(runtime: Runtime, cloud: ScriptedProvider) -> None:
    inside, most = [], []

    def watch(call: str) -> None:
        if call == "collect":
            inside.append(threading.get_ident())
            most.append(len(inside))
            inside.pop()

    cloud.accounts["key"] = ScriptedAccount({VM: [Resource("a")]}, hook=watch)
    for _ in range(4):
        add_connection(runtime, add_user(runtime))
    BulkSyncService(runtime).sync_all_users("manual")
    assert most == [1, 1, 1, 1]


@sqlite_only
def test_skipped_users_are_reported_in_their_turn(runtime: Runtime) -> None:
    for connected in (False, True, False, False, True, False):
        user_id = add_user(runtime)
        if connected:
            add_connection(runtime, user_id)
    recorder = Recorder()
    BulkSyncService(runtime).run(SyncType.MANUAL, listener=recorder)
    statuses = [result.status.value for result in recorder.results]
    assert statuses == ["skipped", "success", "skipped", "skipped", "success", "skipped"]
    assert recorder.total == 6


@sqlite_only
def test_a_user_deactivated_in_mid_run_is_skipped_with_that_reason(runtime: Runtime, cloud: ScriptedProvider) -> None:
    first, second = add_user(runtime), add_user(runtime)
    add_connection(runtime, first, key="first")
    add_connection(runtime, second)
    cloud.accounts["first"] = ScriptedAccount(
        {VM: [Resource("a")]}, hook=lambda _: update_row(runtime, User, second, is_active=False)
    )
    response = BulkSyncService(runtime).sync_all_users("manual")
    assert response["user_results"][1]["reason"] == "User is inactive"


@sqlite_only
def test_a_connection_removed_in_mid_run_is_left_alone(runtime: Runtime, cloud: ScriptedProvider) -> None:
    first, second = add_user(runtime), add_user(runtime)
    add_connection(runtime, first, key="first")
    gone = add_connection(runtime, second)
    cloud.accounts["first"] = ScriptedAccount(
        {VM: [Resource("a")]}, hook=lambda _: update_row(runtime, CloudProvider, gone, is_deleted=True)
    )
    response = BulkSyncService(runtime).sync_all_users("manual")
    assert response["user_results"][1]["reason"] == "No auto-sync enabled providers"


def test_a_database_error_of_one_user_does_not_touch_the_next(
    runtime: Runtime, cloud: ScriptedProvider, clock: Clock
) -> None:
    first, second = add_user(runtime), add_user(runtime)
    broken = add_connection(runtime, first, key="first")
    add_connection(runtime, second)

    def break_the_row(call: str) -> None:
        if call == "bill":
            mine = f"connection_id = {broken}"
            with runtime.sessions.begin() as session:
                for statement in (
                    f"DELETE FROM resource_versions WHERE resource_id IN (SELECT id FROM resources WHERE {mine})",
                    f"DELETE FROM resources WHERE {mine}",
                    f"DELETE FROM connection_syncs WHERE {mine}",
                ):
                    session.execute(text(statement))

    cloud.accounts["first"] = ScriptedAccount({VM: [Resource("a")]}, hook=break_the_row)
    response = BulkSyncService(runtime).sync_all_users("manual")
    failed, good = response["user_results"]
    assert failed["status"] == "failed"
    assert " error, see " in failed["error"]
    assert (good["status"], good["resources_found"]) == ("success", 2)


@sqlite_only
def test_a_second_run_is_refused_while_the_first_goes_on(runtime: Runtime, cloud: ScriptedProvider) -> None:
    add_connection(runtime, add_user(runtime))
    held = Held(threading.Event())
    cloud.accounts["key"].scopes = {VM: held}
    first = threading.Thread(target=BulkSyncService(runtime).sync_all_users, args=("manual",))
    first.start()
    try:
        assert held.begun.wait(30)
        with pytest.raises(run_lease.RunInProgress, match="another bulk sync is under way: process "):
            BulkSyncService(runtime).sync_all_users("manual")
    finally:
        held.until.set()
        first.join()
    with runtime.sessions() as session:
        assert session.query(BulkSync).count() == 1


@sqlite_only
def test_a_stop_hands_the_rest_back_and_the_run_is_interrupted(runtime: Runtime, cloud: ScriptedProvider) -> None:
    stop = Stop()
    cloud.accounts["key"] = ScriptedAccount({VM: [Resource("a")]}, hook=lambda _: stop.ask_once())
    for _ in range(3):
        add_connection(runtime, add_user(runtime))
    summary = BulkSyncService(runtime).run(SyncType.MANUAL, stop=stop)
    assert (summary.status, summary.successful, summary.total) == (SyncStatus.INTERRUPTED, 1, 3)
    assert summary.exit_code() == 130
    with runtime.sessions() as session:
        statuses = session.scalars(select(BulkSyncItem.status).order_by(BulkSyncItem.position)).all()
    assert statuses == [ItemStatus.SUCCESS, ItemStatus.PENDING, ItemStatus.PENDING]


def test_what_a_dead_process_left_running_is_closed_by_the_next_run(runtime: Runtime, clock: Clock) -> None:
    user_id = add_user(runtime)
    connection_id = add_connection(runtime, user_id)
    with runtime.sessions.begin() as session:
        dead = BulkSync(sync_type="scheduled", requested_by="cron", started_at=clock())
        complete = CompleteSync(user_id=user_id, sync_type="scheduled", currency="USD", sync_started_at=clock())
        session.add_all([dead, complete])
        session.flush()
        session.add(ConnectionSync(complete_sync_id=complete.id, connection_id=connection_id, started_at=clock()))
        session.add(BulkSyncItem(bulk_sync_id=dead.id, position=1, user_id=user_id, status="running"))
        dead_id, complete_id = dead.id, complete.id
    clock.advance(hours=1)
    assert BulkSyncService(runtime).sync_all_users("manual")["successful_users"] == 1
    with runtime.sessions() as session:
        assert session.get_one(BulkSync, dead_id).status == "interrupted"
        assert session.get_one(CompleteSync, complete_id).sync_status == "interrupted"
        assert session.scalars(select(ConnectionSync.status).order_by(ConnectionSync.id)).first() == "interrupted"


def test_wrong_credentials_are_tried_once(runtime: Runtime, cloud: ScriptedProvider) -> None:
    add_connection(runtime, add_user(runtime), key="bad")
    cloud.accounts["bad"] = ScriptedAccount(identify=AuthenticationFailed("no"))
    BulkSyncService(runtime).sync_all_users("manual")
    assert [call.name for call in cloud.calls] == ["identify", "close"]
