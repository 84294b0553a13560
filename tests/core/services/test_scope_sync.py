"""What a sync does with resources that it does not find any more."""

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, select

from app.core.domain.errors import NotOffered, ProviderUnavailable
from app.core.domain.resources import Resource
from app.core.domain.runs import SyncStatus
from app.core.domain.scopes import Scope
from app.core.models import CloudProvider, ResourceVersion
from app.core.models import Resource as ResourceRow
from app.core.services.connection_service import ConnectionService
from app.core.services.runtime import Runtime
from tests.support.clock import Clock
from tests.support.databases import sqlite_only
from tests.support.factories import add_connection, add_user
from tests.support.scripted_provider import Broken, Listing, ScriptedAccount, ScriptedProvider
from tests.support.statements import recorded
from tests.support.syncs import history, latest_sync, sync_connection

SCOPES = [Scope("vm", f"r{n:02}") for n in range(20)]
EMAIL = "owner@example.com"


class Synced(NamedTuple):
    """How a sync of the account ended."""

    at: datetime
    status: SyncStatus
    code: str | None
    reason: str


class Account:
    """One connection whose cloud has 20 scopes of 25 resources, synced once."""

    def __init__(self, runtime: Runtime, cloud: ScriptedProvider, clock: Clock) -> None:
        self.runtime, self.clock = runtime, clock
        self.user = add_user(runtime, email=EMAIL)
        self.id = add_connection(runtime, self.user, connection_name="main")
        self.scripted = cloud.accounts["key"] = ScriptedAccount(
            {scope: [Resource(f"{scope.location}-{n}") for n in range(25)] for scope in SCOPES}
        )
        self.first = self.sync().at

    def sync(self) -> Synced:
        self.clock.advance(days=1)
        outcome = sync_connection(self.runtime, self.id)
        return Synced(self.clock(), outcome.status, outcome.error_code, outcome.reason or "")

    def lists(self, scopes: dict[Scope, Listing]) -> None:
        self.scripted.scopes = {**self.scripted.scopes, **scopes}

    def vanish(self, scopes: int = 20) -> dict[Scope, Listing]:
        """Make the cloud answer with nothing for so many scopes; return what it had."""
        had = dict(self.scripted.scopes)
        self.lists({scope: [] for scope in SCOPES[:scopes]})
        return had

    def count(self, *where: object) -> int:
        with self.runtime.sessions() as session:
            rows = session.scalars(select(ResourceRow).where(ResourceRow.connection_id == self.id)).all()
        return sum(all(getattr(row, str(name)) is not None for name in where) for row in rows)

    @property
    def deleted(self) -> int:
        return self.count("deleted_at")

    @property
    def suspect(self) -> int:
        return self.count("suspect_since")


@pytest.fixture
def account(runtime: Runtime, cloud: ScriptedProvider, clock: Clock) -> Account:
    return Account(runtime, cloud, clock)


def test_an_account_that_answers_with_nothing_scope_by_scope_loses_nothing_at_first(account: Account) -> None:
    account.vanish()
    synced = account.sync()
    assert (synced.status, synced.code) == (SyncStatus.PARTIAL, "suspect")
    assert synced.reason == (
        "inventory@global: 500 of 500 resources vanished at once (25 of vm@r00, 25 of vm@r01, 25 of vm@r02 and 17 "
        "more scopes); they are kept until the next sync or `infrazen connections confirm main --user "
        "owner@example.com` confirms it"
    )
    assert (account.deleted, account.suspect) == (0, 500)
    assert len(history(account.runtime, account.user, synced.at)) == 500
    latest = latest_sync(account.runtime, account.id)
    assert (latest.resources_suspect, latest.resources_deleted, latest.resources_found) == (500, 0, 0)
    assert latest.error_code == "suspect"
    with account.runtime.sessions() as session:
        row = session.get_one(CloudProvider, account.id)
    assert (row.sync_status, row.last_success_at) == ("partial", account.first)


def test_the_next_sync_with_the_same_answer_is_believed(account: Account) -> None:
    account.vanish()
    held = account.sync()
    confirmed = account.sync()
    assert (confirmed.status, confirmed.reason) == (SyncStatus.SUCCESS, "")
    assert (account.deleted, account.suspect) == (500, 0)
    assert latest_sync(account.runtime, account.id).resources_deleted == 500
    assert len(history(account.runtime, account.user, held.at)) == 500
    assert history(account.runtime, account.user, confirmed.at) == []
    with account.runtime.sessions() as session:
        assert set(session.scalars(select(ResourceVersion.valid_to))) == {confirmed.at}


def test_what_is_listed_again_is_as_if_nothing_had_happened(account: Account) -> None:
    had = account.vanish()
    account.sync()
    account.lists(had)
    back = account.sync()
    assert back.status is SyncStatus.SUCCESS
    assert (account.deleted, account.suspect) == (0, 0)
    latest = latest_sync(account.runtime, account.id)
    assert (latest.resources_created, latest.resources_updated, latest.resources_deleted) == (0, 0, 0)
    with account.runtime.sessions() as session:
        assert set(session.scalars(select(ResourceVersion.valid_from))) == {account.first}
        assert set(session.scalars(select(ResourceRow.changed_at))) == {account.first}


@sqlite_only
def test_what_comes_back_changed_is_updated(account: Account) -> None:
    had = account.vanish()
    account.sync()
    account.lists({**had, SCOPES[0]: [Resource(f"r00-{n}", name="new") for n in range(25)]})
    account.sync()
    assert account.suspect == 0
    assert latest_sync(account.runtime, account.id).resources_updated == 25


@sqlite_only
def test_part_that_is_missing_again_is_gone_and_part_that_is_back_stays(account: Account) -> None:
    had = account.vanish()
    account.sync()
    account.lists({**had, **{scope: [] for scope in SCOPES[:15]}})
    assert account.sync().status is SyncStatus.SUCCESS
    assert (account.deleted, account.suspect) == (375, 0)


def test_fewer_than_the_share_are_deleted_at_once_and_counted(account: Account) -> None:
    account.vanish(10)
    synced = account.sync()
    assert synced.status is SyncStatus.SUCCESS
    assert (account.deleted, account.suspect) == (250, 0)
    assert latest_sync(account.runtime, account.id).resources_deleted == 250
    assert len(history(account.runtime, account.user, synced.at)) == 250
    assert len(history(account.runtime, account.user, synced.at - timedelta(microseconds=1))) == 500


@sqlite_only
def test_new_and_changed_resources_of_a_doubtful_answer_are_saved(account: Account) -> None:
    account.vanish()
    account.lists({SCOPES[0]: [Resource("r00-0", name="changed"), Resource("new")]})
    assert account.sync().code == "suspect"
    latest = latest_sync(account.runtime, account.id)
    assert (latest.resources_created, latest.resources_updated, latest.resources_suspect) == (1, 1, 499)
    assert account.sync().status is SyncStatus.SUCCESS
    assert account.deleted == 499


@sqlite_only
def test_a_scope_that_fails_meanwhile_confirms_nothing(account: Account) -> None:
    account.vanish()
    account.sync()
    account.lists({scope: Broken(ProviderUnavailable("no answer")) for scope in SCOPES[:19]})
    synced = account.sync()
    assert (synced.status, synced.code) == (SyncStatus.PARTIAL, "provider_unavailable")
    assert (account.deleted, account.suspect) == (25, 475)
    scopes = latest_sync(account.runtime, account.id).scopes
    assert [failed["code"] for failed in scopes["failed"]] == ["provider_unavailable"] * 19 + ["suspect"]


@sqlite_only
def test_a_small_account_may_be_cleared(runtime: Runtime, cloud: ScriptedProvider, clock: Clock) -> None:
    connection = add_connection(runtime, add_user(runtime))
    cloud.accounts["key"] = ScriptedAccount({SCOPES[0]: [Resource(str(n)) for n in range(9)]})
    sync_connection(runtime, connection)
    clock.advance(days=1)
    cloud.accounts["key"].scopes = {SCOPES[0]: []}
    assert sync_connection(runtime, connection).status is SyncStatus.SUCCESS
    assert latest_sync(runtime, connection).resources_deleted == 9


@sqlite_only
@pytest.mark.parametrize("backwards", [False, True])
def test_resources_that_move_to_other_scopes_did_not_vanish(account: Account, backwards: bool) -> None:
    old, new = (SCOPES, [Scope("vm", f"x{n:02}") for n in range(20)])
    moved: dict[Scope, Listing] = {n: account.scripted.scopes[o] for o, n in zip(old, new, strict=True)}
    left: dict[Scope, Listing] = {scope: [] for scope in old}
    account.scripted.scopes = {**moved, **left} if backwards else {**left, **moved}
    assert account.sync().status is SyncStatus.SUCCESS
    assert (account.deleted, account.suspect) == (0, 0)
    assert latest_sync(account.runtime, account.id).resources_deleted == 0


@sqlite_only
def test_a_sync_that_breaks_down_half_way_deletes_nothing_and_the_next_one_goes_on(account: Account) -> None:
    account.vanish(2)
    account.lists({SCOPES[5]: RuntimeError("a bug")})
    assert account.sync().status is SyncStatus.FAILED
    assert (account.deleted, account.suspect) == (0, 50)
    account.lists({SCOPES[5]: [Resource(f"r05-{n}") for n in range(25)]})
    assert account.sync().status is SyncStatus.SUCCESS
    assert (account.deleted, account.suspect) == (50, 0)


@sqlite_only
def test_a_doubt_that_was_never_reported_is_confirmed_by_nothing(account: Account) -> None:
    account.vanish(19)
    account.lists({SCOPES[19]: RuntimeError("a bug")})
    assert account.sync().status is SyncStatus.FAILED
    account.lists({SCOPES[19]: []})
    assert account.sync().code == "suspect"
    assert (account.deleted, account.suspect) == (0, 500)
    assert account.sync().status is SyncStatus.SUCCESS
    assert account.deleted == 500


def test_an_operator_confirms_what_vanished(account: Account) -> None:
    account.vanish(15)
    held = account.sync()
    account.clock.advance(hours=-3)
    assert ConnectionService(account.runtime).confirm(EMAIL, "main") == 375
    assert (account.deleted, account.suspect) == (375, 0)
    assert len(history(account.runtime, account.user, held.at)) == 500
    assert len(history(account.runtime, account.user, held.at + timedelta(seconds=1))) == 125
    assert ConnectionService(account.runtime).confirm(EMAIL, "main") == 0
    account.clock.advance(hours=3)
    assert account.sync().status is SyncStatus.SUCCESS


@sqlite_only
def test_confirming_leaves_other_connections_alone(account: Account, cloud: ScriptedProvider) -> None:
    other = add_connection(account.runtime, account.user, connection_name="other")
    sync_connection(account.runtime, other)
    account.vanish()
    account.sync()
    sync_connection(account.runtime, other)
    ConnectionService(account.runtime).confirm(EMAIL, "other")
    assert (account.deleted, account.suspect) == (0, 500)


@sqlite_only
def test_the_brake_is_set_by_the_operator(runtime: Runtime, cloud: ScriptedProvider, clock: Clock) -> None:
    settings = runtime.settings.model_copy(update={"brake_share": 0.1, "brake_minimum": 2})
    strict = Runtime(settings, runtime.sessions, runtime.vault, clock)
    account = Account(strict, cloud, clock)
    account.vanish(3)
    assert account.sync().code == "suspect"


def test_doubt_takes_as_many_statements_for_many_resources_as_for_few(
    runtime: Runtime, cloud: ScriptedProvider, clock: Clock, engine: Engine
) -> None:
    counts = []
    for size in (20, 5_000):
        connection = add_connection(runtime, add_user(runtime), key=str(size))
        account = cloud.accounts[str(size)] = ScriptedAccount()
        series = []
        for listed in (size, 0, size, 0, 0):
            account.scopes = {SCOPES[0]: [Resource(str(n)) for n in range(listed)]}
            clock.advance(days=1)
            with recorded(engine) as statements:
                sync_connection(runtime, connection)
            series.append(len(statements))
        counts.append(series)
    assert counts[0] == counts[1]


def without_the_first_scope(account: Account) -> Account:
    account.scripted.scopes = {
        scope: listing for scope, listing in account.scripted.scopes.items() if scope != SCOPES[0]
    }
    return account


def test_a_scope_that_the_cloud_no_longer_names_is_doubted_once_and_then_gone(account: Account) -> None:
    """A removed project takes its resources along, however many they are, but not at the first answer."""
    doubted = without_the_first_scope(account).sync()
    assert (doubted.status, doubted.code) == (SyncStatus.PARTIAL, "suspect")
    assert "25 of 500 resources vanished" in doubted.reason
    assert (account.deleted, account.suspect) == (0, 25)
    assert account.sync().status is SyncStatus.SUCCESS
    assert (account.deleted, account.suspect) == (25, 0)


def test_a_scope_that_is_named_again_was_never_lost(account: Account) -> None:
    had = account.scripted.scopes
    without_the_first_scope(account).sync()
    account.scripted.scopes = had
    assert account.sync().status is SyncStatus.SUCCESS
    assert (account.deleted, account.suspect) == (0, 0)


def test_a_service_that_is_not_offered_is_an_empty_scope_only_while_nothing_of_it_is_known(account: Account) -> None:
    absent = Scope("lake", "r00")
    account.lists({absent: NotOffered("HTTP 404")})
    assert account.sync().status is SyncStatus.SUCCESS
    account.lists({SCOPES[0]: NotOffered("HTTP 404"), absent: Broken(NotOffered("HTTP 404"), [Resource("a")])})
    gone = account.sync()
    assert (gone.status, gone.code) == (SyncStatus.PARTIAL, "permission_denied")
    assert "lake@r00" in gone.reason or "vm@r00" in gone.reason
    assert (account.deleted, account.suspect) == (0, 0)
