import logging
from datetime import timedelta
from decimal import Decimal

import pytest

from app.core.domain.errors import PermissionDenied, ProviderUnavailable
from app.core.domain.resources import Cost, CostBasis, Resource
from app.core.domain.runs import ItemStatus, SyncStatus, SyncType, UserResult
from app.core.domain.scopes import Scope
from app.core.models import CloudProvider, CompleteSync, User
from app.core.services.complete_sync_service import CompleteSyncService
from app.core.services.runtime import Runtime
from app.providers.base import Deadline
from tests.support.clock import Clock
from tests.support.databases import sqlite_only
from tests.support.factories import add_connection, add_user, update_row
from tests.support.scripted_provider import ScriptedAccount, ScriptedProvider

VM, DISK = Scope("vm", "r1"), Scope("disk", "r1")


def sync(runtime: Runtime, user_id: int, sync_type: SyncType = SyncType.MANUAL) -> UserResult:
    return CompleteSyncService(runtime).sync(user_id, sync_type, Deadline.after(60))


def row(runtime: Runtime, result: UserResult) -> CompleteSync:
    with runtime.sessions() as session:
        return session.get_one(CompleteSync, result.complete_sync_id)


def priced(amount: str, currency: str) -> Resource:
    return Resource(f"{amount}{currency}", cost=Cost(CostBasis.PRICE_LIST, Decimal(amount), currency))


def test_the_row_of_a_user_holds_the_sum_of_the_connections(
    runtime: Runtime, cloud: ScriptedProvider, clock: Clock
) -> None:
    user = add_user(runtime, currency="EUR")
    cloud.accounts["good"] = ScriptedAccount({VM: [priced("1.1", "EUR"), priced("2.2", "EUR")]})
    cloud.accounts["partial"] = ScriptedAccount({VM: [priced("3.3", "EUR")], DISK: PermissionDenied("not allowed")})
    for key in ("good", "partial"):
        add_connection(runtime, user, key=key, connection_name=key)
    add_connection(runtime, user, key="unknown", connection_name="bad")
    result = sync(runtime, user)
    assert (result.status, result.sync_status) == (ItemStatus.SUCCESS, SyncStatus.PARTIAL)
    stored = row(runtime, result)
    assert (stored.user_id, stored.sync_type, stored.sync_status) == (user, "manual", "partial")
    counts = (stored.total_providers_synced, stored.successful_providers, stored.failed_providers)
    assert counts == (3, 2, 1)
    assert (stored.total_resources_found, stored.total_daily_cost, stored.currency) == (3, Decimal("6.6"), "EUR")
    assert stored.cost_by_currency == {"EUR": "6.6"}
    assert (stored.sync_started_at, stored.sync_completed_at) == (clock(), clock())
    assert stored.error_message == "partial: disk@r1: not allowed; bad: the cloud does not know this key"


def test_costs_without_a_rate_make_the_total_unknown(runtime: Runtime, cloud: ScriptedProvider) -> None:
    user = add_user(runtime, currency="USD")
    cloud.accounts["key"] = ScriptedAccount({VM: [priced("1", "USD"), priced("9", "RUB")]})
    add_connection(runtime, user)
    result = sync(runtime, user)
    assert result.total_daily_cost is None
    assert row(runtime, result).total_daily_cost is None
    assert row(runtime, result).cost_by_currency == {"RUB": "9", "USD": "1"}


@sqlite_only
def test_a_user_whose_connections_all_failed_shows_their_own_reasons(
    runtime: Runtime, cloud: ScriptedProvider, caplog: pytest.LogCaptureFixture
) -> None:
    user = add_user(runtime, email="failed@example.com")
    for name, error in {"one": ProviderUnavailable("no answer"), "two": PermissionDenied("not allowed")}.items():
        cloud.accounts[name] = ScriptedAccount(identify=error)
        add_connection(runtime, user, key=name, connection_name=name)
    with caplog.at_level(logging.INFO):
        result = sync(runtime, user)
    assert (result.status, result.error) == (ItemStatus.FAILED, "one: no answer; two: not allowed")
    assert [error.code for error in result.provider_errors] == ["provider_unavailable", "permission_denied"]
    assert "✗ User failed@example.com sync failed: one: no answer; two: not allowed" in caplog.messages


@sqlite_only
def test_a_good_sync_is_logged_in_the_contracts_words(
    runtime: Runtime, cloud: ScriptedProvider, caplog: pytest.LogCaptureFixture
) -> None:
    user = add_user(runtime, email="user@example.com")
    cloud.accounts["key"] = ScriptedAccount({VM: [Resource("a")]})
    add_connection(runtime, user)
    with caplog.at_level(logging.INFO):
        sync(runtime, user)
    assert "✓ User user@example.com sync completed: 1/1 providers" in caplog.messages


@sqlite_only
def test_connections_are_synced_in_their_order_and_one_at_a_time(runtime: Runtime, cloud: ScriptedProvider) -> None:
    user = add_user(runtime)
    for key in ("first", "second", "third"):
        cloud.accounts[key] = ScriptedAccount({VM: [Resource("a")]})
        add_connection(runtime, user, key=key)
    sync(runtime, user)
    steps = ("identify", "scopes", "collect", "bill", "close")
    assert [(call.key, call.name) for call in cloud.calls] == [
        (key, step) for key in ("first", "second", "third") for step in steps
    ]


@sqlite_only
def test_an_unexpected_error_of_one_connection_leaves_the_next_alone(runtime: Runtime, cloud: ScriptedProvider) -> None:
    user = add_user(runtime)
    cloud.accounts["buggy"] = ScriptedAccount({VM: ZeroDivisionError("a bug")})
    cloud.accounts["good"] = ScriptedAccount({VM: [Resource("a")]})
    for key in ("buggy", "good"):
        add_connection(runtime, user, key=key, connection_name=key)
    result = sync(runtime, user)
    assert (result.status, result.failed_providers, result.resources_found) == (ItemStatus.SUCCESS, 1, 1)
    (error,) = result.provider_errors
    assert (error.name, error.code) == ("buggy", "unexpected_error")
    assert "a bug" not in error.error


@sqlite_only
@pytest.mark.parametrize(
    ("user", "connection", "reason"),
    [
        ({"is_active": False}, {}, "User is inactive"),
        ({"role": "demouser"}, {}, "Demo user"),
        ({}, {"is_active": False}, "No auto-sync enabled providers"),
        ({}, {"sync_interval": "manual"}, "No provider is due yet (sync interval)"),
    ],
)
def test_what_changed_since_the_plan_is_a_reason_to_skip(
    runtime: Runtime, cloud: ScriptedProvider, user: dict[str, object], connection: dict[str, object], reason: str
) -> None:
    user_id = add_user(runtime)
    connection_id = add_connection(runtime, user_id)
    update_row(runtime, User, user_id, **user)
    update_row(runtime, CloudProvider, connection_id, **connection)
    result = sync(runtime, user_id, SyncType.SCHEDULED)
    assert (result.status, result.reason) == (ItemStatus.SKIPPED, reason)
    assert result.complete_sync_id is None
    assert cloud.calls == []


@sqlite_only
def test_a_user_that_is_gone_is_skipped(runtime: Runtime) -> None:
    assert sync(runtime, 999).reason == "User not found"


@sqlite_only
def test_only_a_full_success_counts_for_the_interval(runtime: Runtime, cloud: ScriptedProvider, clock: Clock) -> None:
    user = add_user(runtime)
    connection = add_connection(runtime, user, sync_interval="daily")
    cloud.accounts["key"] = ScriptedAccount({VM: [Resource("a")], DISK: PermissionDenied("no")})
    assert sync(runtime, user, SyncType.SCHEDULED).sync_status is SyncStatus.PARTIAL
    cloud.accounts["key"].scopes = {VM: [Resource("a")]}
    assert sync(runtime, user, SyncType.SCHEDULED).sync_status is SyncStatus.SUCCESS
    assert sync(runtime, user, SyncType.SCHEDULED).reason == "No provider is due yet (sync interval)"
    clock.advance(hours=22)
    assert sync(runtime, user, SyncType.SCHEDULED).sync_status is SyncStatus.SUCCESS
    with runtime.sessions() as session:
        last = session.get_one(CloudProvider, connection).last_success_at
    assert last is not None
    assert clock() - last < timedelta(seconds=1)
