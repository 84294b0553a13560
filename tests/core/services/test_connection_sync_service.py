"""One connection's sync: what each outcome leaves behind."""

import logging
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from app.core.domain.costs import Bill, ServiceCharge
from app.core.domain.errors import PermissionDenied, ProviderUnavailable, RateLimited
from app.core.domain.resources import Resource
from app.core.domain.runs import SyncStatus
from app.core.domain.scopes import Scope
from app.core.models import CloudProvider, ConnectionSync, ResourceVersion
from app.core.models import Resource as ResourceRow
from app.core.services.runtime import Runtime
from tests.support.clock import Clock
from tests.support.databases import sqlite_only
from tests.support.factories import add_connection, add_user, update_row
from tests.support.runtimes import OTHER_KEY
from tests.support.scripted_provider import Broken, ScriptedAccount, ScriptedProvider
from tests.support.syncs import present as present_rows
from tests.support.syncs import sync_connection as sync

VM_1, VM_2 = Scope("vm", "r1"), Scope("vm", "r2")


@pytest.fixture
def connection_id(runtime: Runtime) -> int:
    return add_connection(runtime, add_user(runtime))


def present(runtime: Runtime) -> set[str]:
    with runtime.sessions() as session:
        return set(session.scalars(select(ResourceRow.external_id).where(ResourceRow.deleted_at.is_(None))))


def stored(runtime: Runtime, connection_id: int) -> tuple[CloudProvider, ConnectionSync]:
    with runtime.sessions() as session:
        latest = session.scalars(select(ConnectionSync).order_by(ConnectionSync.id.desc())).first()
        assert latest is not None
        return session.get_one(CloudProvider, connection_id), latest


def test_a_full_success_counts_what_changed(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int, clock: Clock
) -> None:
    cloud.accounts["key"] = ScriptedAccount({VM_1: [Resource("a"), Resource("b")], VM_2: [Resource("c")]})
    outcome = sync(runtime, connection_id)
    assert (outcome.status, outcome.found, outcome.reason) == (SyncStatus.SUCCESS, 3, None)
    clock.advance(days=1)
    cloud.accounts["key"].scopes = {VM_1: [Resource("a", name="new"), Resource("d")], VM_2: [Resource("c")]}
    sync(runtime, connection_id)
    row, latest = stored(runtime, connection_id)
    counts = (latest.resources_found, latest.resources_created, latest.resources_updated, latest.resources_deleted)
    assert counts == (3, 1, 1, 1)
    assert latest.scopes == {"complete": {"vm": {"r1": 2, "r2": 1}}, "failed": []}
    assert (row.sync_status, row.sync_error, row.last_success_at) == ("success", None, clock())
    assert present(runtime) == {"a", "c", "d"}


def test_a_failed_scope_deletes_nothing_and_the_others_go_on(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int, clock: Clock
) -> None:
    cloud.accounts["key"] = ScriptedAccount({VM_1: [Resource("a"), Resource("b")], VM_2: [Resource("c")]})
    sync(runtime, connection_id)
    first_success = clock()
    clock.advance(days=1)
    broken = Broken(RateLimited("too many calls"), after=[Resource("a", name="half-way")])
    cloud.accounts["key"].scopes = {VM_1: broken, VM_2: [Resource("c"), Resource("new")]}
    outcome = sync(runtime, connection_id)
    assert (outcome.status, outcome.reason) == (SyncStatus.PARTIAL, "vm@r1: too many calls")
    assert present(runtime) == {"a", "b", "c", "new"}
    row, latest = stored(runtime, connection_id)
    assert latest.scopes["failed"] == [{"scope": "vm@r1", "code": "rate_limited", "error": "too many calls"}]
    assert (row.sync_status, row.sync_error) == ("partial", "vm@r1: too many calls")
    assert row.last_success_at == first_success


@sqlite_only
def test_a_connection_that_fails_before_anything_was_listed_has_its_row_in_the_history(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int
) -> None:
    outcome = sync(runtime, connection_id)
    assert (outcome.status, outcome.error_code) == (SyncStatus.FAILED, "authentication_failed")
    row, latest = stored(runtime, connection_id)
    assert (latest.status, latest.error_code) == ("failed", "authentication_failed")
    assert latest.error_message == row.sync_error == "the cloud does not know this key"


@sqlite_only
def test_a_listing_of_scopes_that_fails_fails_the_connection(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int
) -> None:
    cloud.accounts["key"] = ScriptedAccount(listing=ProviderUnavailable("no answer"))
    outcome = sync(runtime, connection_id)
    assert (outcome.status, outcome.reason) == (SyncStatus.FAILED, "no answer")
    assert cloud.calls[-1].name == "close"


@sqlite_only
def test_an_unexpected_error_is_told_by_an_incident_id_that_the_log_explains(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    cloud.accounts["key"] = ScriptedAccount({VM_1: RuntimeError("secret detail")})
    with caplog.at_level(logging.ERROR):
        outcome = sync(runtime, connection_id)
    assert outcome.status is SyncStatus.FAILED
    assert outcome.error is not None
    incident = outcome.error.removeprefix("unexpected error, see ").removesuffix(" in the log")
    assert "secret detail" not in outcome.error
    assert incident in caplog.text
    assert "RuntimeError: secret detail" in caplog.text


@sqlite_only
@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"credentials": None}, "no credential is stored"),
        ({"provider_type": "moon"}, "no provider is called 'moon'"),
    ],
)
def test_a_connection_that_cannot_be_opened_says_why(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int, columns: dict[str, object], words: str
) -> None:
    update_row(runtime, CloudProvider, connection_id, **columns)
    assert words in (sync(runtime, connection_id).reason or "")


@sqlite_only
def test_a_credential_of_the_wrong_shape_names_the_key_and_not_the_value(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int
) -> None:
    update_row(runtime, CloudProvider, connection_id, credentials=runtime.vault.encrypt({"token": "s3cret"}))
    reason = sync(runtime, connection_id).reason or ""
    assert "key: Field required" in reason
    assert "s3cret" not in reason


@sqlite_only
def test_a_credential_of_another_key_says_what_to_do(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int
) -> None:
    from app.security.vault import CredentialVault

    foreign = CredentialVault([OTHER_KEY]).encrypt({"key": "key"})
    update_row(runtime, CloudProvider, connection_id, credentials=foreign)
    assert "INFRAZEN_ENCRYPTION_KEYS" in (sync(runtime, connection_id).reason or "")


@sqlite_only
def test_when_the_time_is_used_up_the_remaining_scopes_fail_and_delete_nothing(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int, clock: Clock
) -> None:
    cloud.accounts["key"] = ScriptedAccount({VM_1: [Resource("a")]})
    sync(runtime, connection_id)
    clock.advance(days=1)
    cloud.accounts["key"].scopes = {VM_1: []}
    outcome = sync(runtime, connection_id, deadline_s=0)
    assert (outcome.status, outcome.error_code) == (SyncStatus.FAILED, "deadline_exceeded")
    assert present(runtime) == {"a"}


def test_no_database_connection_is_taken_while_a_cloud_is_called(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int, engine: Engine
) -> None:
    taken: dict[str, int] = {}
    cloud.accounts["key"] = ScriptedAccount(
        {VM_1: [Resource("a")]}, hook=lambda call: taken.update({call: engine.pool.checkedout()})
    )
    sync(runtime, connection_id)
    assert taken == {"identify": 0, "scopes": 0, "collect": 0, "bill": 0}


def test_the_bill_is_spread_and_kept_beside_the_sum(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int
) -> None:
    charges = (
        ServiceCharge("compute", Decimal("10"), frozenset({"vm"})),
        ServiceCharge("support", Decimal("2.50")),
    )
    bill = Bill(date(2026, 11, 22), "USD", charges, by_resource={"a": Decimal("4")}, note="spread")
    cloud.accounts["key"] = ScriptedAccount({VM_1: [Resource("a"), Resource("b"), Resource("c")]}, bill=bill)
    outcome = sync(runtime, connection_id)
    assert outcome.costs == {"USD": Decimal("14")}
    _, latest = stored(runtime, connection_id)
    assert (latest.billed_daily_cost, latest.billed_currency) == (Decimal("12.5"), "USD")
    assert (latest.billed_on, latest.bill_note) == (date(2026, 11, 22), "spread")
    assert latest.cost_by_currency == {"USD": "14"}


def test_a_denied_bill_leaves_inventory_and_known_costs_alone(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int, clock: Clock
) -> None:
    bill = Bill(date(2026, 11, 22), "USD", (ServiceCharge("compute", Decimal("10"), frozenset({"vm"})),))
    cloud.accounts["key"] = ScriptedAccount({VM_1: [Resource("a")]}, bill=bill)
    sync(runtime, connection_id)
    clock.advance(days=1)
    cloud.accounts["key"].bill = PermissionDenied("ce:GetCostAndUsage is not allowed")
    outcome = sync(runtime, connection_id)
    assert outcome.status is SyncStatus.PARTIAL
    assert outcome.reason == "billing@global: ce:GetCostAndUsage is not allowed"
    assert outcome.costs == {"USD": Decimal("10")}


@sqlite_only
def test_a_changed_cost_counts_as_an_update_of_resources_that_did_not_change_otherwise(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int, clock: Clock
) -> None:
    def billed(amount: str) -> Bill:
        return Bill(date(2026, 11, 22), "USD", (ServiceCharge("compute", Decimal(amount), frozenset({"vm"})),))

    cloud.accounts["key"] = ScriptedAccount({VM_1: [Resource("a"), Resource("b")]}, bill=billed("10"))
    sync(runtime, connection_id)
    _, first = stored(runtime, connection_id)
    assert (first.resources_created, first.resources_updated) == (2, 0)
    clock.advance(days=1)
    cloud.accounts["key"].bill = billed("12")
    sync(runtime, connection_id)
    _, second = stored(runtime, connection_id)
    assert (second.resources_created, second.resources_updated) == (0, 2)


@sqlite_only
def test_history_runs_forward_when_the_clock_runs_back(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int, clock: Clock
) -> None:
    cloud.accounts["key"] = ScriptedAccount({VM_1: [Resource("a")]})
    sync(runtime, connection_id)
    clock.advance(hours=-1)
    cloud.accounts["key"].scopes = {VM_1: [Resource("a", name="later")]}
    sync(runtime, connection_id)
    with runtime.sessions() as session:
        versions = session.scalars(select(ResourceVersion).order_by(ResourceVersion.id)).all()
    assert [version.name for version in versions] == ["", "later"]
    assert versions[0].valid_from < versions[1].valid_from == versions[0].valid_to


@pytest.mark.parametrize(
    "id_", ["x" * 600, "\U0001f600" * 600, "a\x00b", "\u05e9\u05dc\u202e", "a b/c?d#e%f", "'; DROP TABLE resources; --"]
)
def test_a_difficult_id_and_name_is_listed_billed_unchanged_and_gone(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int, clock: Clock, id_: str
) -> None:
    account = cloud.accounts["key"] = ScriptedAccount({VM_1: [Resource(id_, name=id_)]})
    account.bill = Bill(date(2026, 11, 22), "USD", (ServiceCharge(id_, Decimal(3)),), by_resource={id_: Decimal(3)})
    counts = []
    for listed in ([Resource(id_, name=id_)], [Resource(id_, name=id_)], []):
        account.scopes = {VM_1: listed}
        clock.advance(days=1)
        outcome = sync(runtime, connection_id)
        assert outcome.status is SyncStatus.SUCCESS
        assert outcome.costs == ({"USD": Decimal(3)} if listed else {})
        _, latest = stored(runtime, connection_id)
        counts.append((latest.resources_created, latest.resources_updated, latest.resources_deleted))
    assert counts == [(1, 0, 0), (0, 0, 0), (0, 0, 1)]


def test_two_accounts_with_the_same_ids_back_to_back_stay_apart(
    runtime: Runtime, cloud: ScriptedProvider, clock: Clock
) -> None:
    user = add_user(runtime)
    ids = {key: add_connection(runtime, user, key=key) for key in ("one", "two")}

    def billed(amount: int) -> Bill:
        return Bill(date(2026, 11, 22), "USD", by_resource={"same": Decimal(amount)})

    for key, amount in (("one", 1), ("two", 2)):
        cloud.accounts[key] = ScriptedAccount({VM_1: [Resource("same", name=key)]}, bill=billed(amount))
    for _ in range(2):
        clock.advance(days=1)
        for connection_id in ids.values():
            sync(runtime, connection_id)
    seen = {
        key: [(row.name, row.daily_cost) for row in present_rows(runtime, connection_id)]
        for key, connection_id in ids.items()
    }
    assert seen == {"one": [("one", 1)], "two": [("two", 2)]}
    cloud.accounts["one"].scopes = {VM_1: []}
    clock.advance(days=1)
    for connection_id in ids.values():
        sync(runtime, connection_id)
    assert [len(present_rows(runtime, connection_id)) for connection_id in ids.values()] == [0, 1]


@sqlite_only
def test_an_id_that_is_given_to_another_thing_keeps_its_history(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int, clock: Clock
) -> None:
    listings = [
        {VM_1: [Resource("a", name="first")], VM_2: []},
        {VM_1: [], VM_2: []},
        {VM_1: [], VM_2: [Resource("a", name="second")]},
    ]
    seen = []
    for scopes in listings:
        cloud.accounts["key"] = ScriptedAccount(scopes)
        clock.advance(days=1)
        sync(runtime, connection_id)
        seen.append([(row.name, row.scope_location) for row in present_rows(runtime, connection_id)])
    assert seen == [[("first", "r1")], [], [("second", "r2")]]
    with runtime.sessions() as session:
        versions = session.scalars(select(ResourceVersion).order_by(ResourceVersion.id)).all()
    assert [(version.name, version.valid_to is None) for version in versions] == [("first", False), ("second", True)]


@sqlite_only
def test_a_plugin_is_told_the_moment_of_the_sync(
    runtime: Runtime, cloud: ScriptedProvider, connection_id: int, clock: Clock
) -> None:
    sync(runtime, connection_id)
    assert cloud.sessions[-1].at == clock()
