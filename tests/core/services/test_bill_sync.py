"""What a sync does with the bill: doubt, daily costs, and what the resources do not explain."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.core.domain.costs import Bill, DayCharges, ServiceCharge
from app.core.domain.errors import ProviderUnavailable
from app.core.domain.resources import Cost, CostBasis, Resource
from app.core.domain.runs import SyncStatus
from app.core.domain.scopes import Scope
from app.core.models import DailyCost
from app.core.services import report_service
from app.core.services.runtime import Runtime
from tests.support.clock import Clock
from tests.support.databases import sqlite_only
from tests.support.factories import add_connection, add_user
from tests.support.scripted_provider import ScriptedAccount, ScriptedProvider
from tests.support.syncs import latest_sync, present, sync_connection

VM = Scope("vm", "r1")
DAY = date(2026, 11, 22)
COMPUTE, SUPPORT = ServiceCharge("compute", Decimal("11"), frozenset({"vm"})), ServiceCharge("support", Decimal("1.5"))
BILL = Bill(DAY, "USD", (COMPUTE, SUPPORT))
EMPTY = Bill(DAY + timedelta(days=1), "USD")
FREE = replace(EMPTY, charges=(replace(COMPUTE, amount=Decimal(5)), ServiceCharge("credit", Decimal(-5))))


class Billed:
    """A connection with one resource and a bill that changes between syncs, a day apart."""

    def __init__(self, runtime: Runtime, cloud: ScriptedProvider, clock: Clock) -> None:
        self.runtime, self.clock = runtime, clock
        self.id = add_connection(runtime, add_user(runtime, email="u@example.com"), connection_name="main")
        self.account = cloud.accounts["key"] = ScriptedAccount({VM: [Resource("a")]})

    def sync(self, bill: Bill | BaseException | None) -> SyncStatus:
        self.clock.advance(days=1)
        self.account.bill = bill
        return sync_connection(self.runtime, self.id).status

    @property
    def cost(self) -> Decimal | None:
        return present(self.runtime, self.id)[0].daily_cost

    @property
    def latest(self) -> Any:
        return latest_sync(self.runtime, self.id)

    def figures(self) -> list[tuple[str, Decimal, bool]]:
        with self.runtime.sessions() as session:
            rows = session.scalars(select(DailyCost).order_by(DailyCost.service, DailyCost.id))
            return [(row.service, row.amount, row.replaced_at is None) for row in rows]


@pytest.fixture
def billed(runtime: Runtime, cloud: ScriptedProvider, clock: Clock) -> Billed:
    return Billed(runtime, cloud, clock)


@pytest.mark.parametrize("nothing", [EMPTY, FREE, None], ids=["no charges", "zero in all", "no bill"])
def test_a_bill_that_falls_to_nothing_is_believed_the_second_time(billed: Billed, nothing: Bill | None) -> None:
    billed.sync(BILL)
    assert billed.sync(nothing) is SyncStatus.PARTIAL
    assert (billed.latest.bill_suspect, billed.latest.error_code) == (True, "suspect")
    assert billed.latest.error_message == (
        "billing@global: the bill fell from 12.5 USD on 2026-11-22 to nothing; costs stay as they were until the next "
        "sync reads the same"
    )
    assert billed.cost == 11
    assert billed.figures() == [("compute", 11, True), ("support", Decimal("1.5"), True)]
    for _ in range(2):
        assert billed.sync(nothing) is SyncStatus.SUCCESS
        assert not billed.latest.bill_suspect
        assert billed.cost == (5 if nothing is FREE else None)


@sqlite_only
def test_a_bill_that_is_back_was_never_gone(billed: Billed) -> None:
    billed.sync(BILL)
    billed.sync(None)
    assert billed.sync(BILL) is SyncStatus.SUCCESS
    assert billed.cost == 11
    assert billed.sync(None) is SyncStatus.PARTIAL


@sqlite_only
def test_a_bill_that_cannot_be_read_confirms_no_doubt(billed: Billed) -> None:
    billed.sync(BILL)
    billed.sync(EMPTY)
    assert billed.sync(ProviderUnavailable("no answer")) is SyncStatus.PARTIAL
    assert (billed.cost, billed.latest.bill_suspect) == (11, False)
    assert billed.sync(EMPTY) is SyncStatus.SUCCESS
    assert billed.cost is None


@sqlite_only
def test_a_cloud_without_bills_is_never_doubted(billed: Billed) -> None:
    assert [billed.sync(None), billed.sync(None), billed.sync(EMPTY)] == [SyncStatus.SUCCESS] * 3
    assert billed.figures() == []


@sqlite_only
def test_another_connections_bill_raises_no_doubt(billed: Billed, cloud: ScriptedProvider) -> None:
    billed.sync(BILL)
    cloud.accounts["other"] = ScriptedAccount({VM: [Resource("a")]}, bill=EMPTY)
    other = add_connection(billed.runtime, add_user(billed.runtime), key="other")
    assert sync_connection(billed.runtime, other).status is SyncStatus.SUCCESS


@sqlite_only
def test_a_bill_of_long_ago_raises_no_doubt(billed: Billed) -> None:
    billed.sync(BILL)
    billed.clock.advance(days=100)
    assert billed.sync(EMPTY) is SyncStatus.SUCCESS


@sqlite_only
def test_what_the_cloud_restates_is_kept_beside_what_it_told_before(billed: Billed) -> None:
    billed.sync(BILL)
    later = Bill(DAY + timedelta(days=1), "USD", (COMPUTE,), earlier=(DayCharges(DAY, (COMPUTE,)),))
    billed.sync(later)
    assert billed.figures() == [("compute", 11, True), ("compute", 11, True), ("support", Decimal("1.5"), False)]


def test_what_the_resources_do_not_explain_is_kept_shown_and_flagged(billed: Billed) -> None:
    sentence = (
        "the cloud billed 12.50 USD on 2026-11-22, its resources explain 11.00 USD; 1.50 USD (12.0 %) is unexplained"
    )
    assert billed.sync(BILL) is SyncStatus.SUCCESS
    assert billed.latest.unexplained_cost == Decimal("1.5")
    (report,) = report_service.connection_reports(billed.runtime, billed.latest.complete_sync_id)
    assert (report["unexplained_cost"], report["reconciliation"]) == (Decimal("1.5"), sentence)


@sqlite_only
def test_a_bill_that_is_explained_is_not_flagged(billed: Billed) -> None:
    billed.sync(replace(BILL, charges=(COMPUTE, replace(SUPPORT, amount=Decimal("0.05")))))
    assert billed.latest.unexplained_cost == Decimal("0.05")
    (report,) = report_service.connection_reports(billed.runtime, billed.latest.complete_sync_id)
    assert report["reconciliation"] is None


@sqlite_only
def test_list_prices_explain_no_bill_and_another_currency_is_named_as_the_cause(billed: Billed) -> None:
    priced = Cost(CostBasis.PRICE_LIST, Decimal(11), "EUR")
    billed.account.scopes = {VM: [Resource("a", cost=priced)]}
    billed.sync(replace(BILL, charges=(SUPPORT,)))
    assert billed.cost == 11
    assert billed.latest.unexplained_cost == Decimal("1.5")
    (report,) = report_service.connection_reports(billed.runtime, billed.latest.complete_sync_id)
    assert report["reconciliation"].endswith("(100.0 %) is unexplained; resources are priced in EUR too")


@sqlite_only
def test_without_a_bill_nothing_is_reconciled(billed: Billed) -> None:
    for bill in (None, ProviderUnavailable("no answer")):
        billed.sync(bill)
        assert billed.latest.unexplained_cost is None
