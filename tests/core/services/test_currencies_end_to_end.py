"""A user with clouds that charge in different currencies: the total adds up, or says what is missing."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.core.domain.resources import Cost, CostBasis, Resource
from app.core.domain.runs import SyncType
from app.core.domain.scopes import Scope
from app.core.models import CompleteSync
from app.core.services import report_service
from app.core.services.bulk_sync_service import BulkSyncService
from app.core.services.complete_sync_service import CompleteSyncService
from app.core.services.rate_service import RateService
from app.core.services.runtime import Runtime
from app.core.services.user_service import UserService
from app.providers.base import Deadline
from tests.support.clock import Clock
from tests.support.databases import sqlite_only
from tests.support.factories import add_connection, add_user
from tests.support.rate_samples import cbr_daily, ecb_daily
from tests.support.scripted_provider import ScriptedAccount, ScriptedProvider

VM = Scope("vm", "r1")

# What the Bank of Russia said for Saturday 21 November 2026, and the European Central Bank on Friday the 20th.
CBR = cbr_daily("21.11.2026", {"USD": "80.5000", "EUR": "92.7500", "KZT": "0.155000"})
ECB = ecb_daily("2026-11-20", {"USD": "1.1520", "GBP": "0.8500"})

# Per day, by hand: currency, amount, roubles per unit, roubles. The Bank of Russia's rates are the newer ones.
ROUBLES = [
    ("RUB", "1234.56", "1", "1234.56"),
    ("USD", "10.10", "80.5", "813.05"),
    ("USD", "0.333", "80.5", "26.8065"),
    ("EUR", "7.77", "92.75", "720.6675"),
]
TOTAL_IN_ROUBLES = Decimal("2795.084")
# 2795.084 / 80.5, roubles per dollar; and the part in dollars stays as it is.
TOTAL_IN_DOLLARS = Decimal("34.7215403727")


@pytest.fixture
def user(runtime: Runtime, cloud: ScriptedProvider) -> int:
    user_id = add_user(runtime, email="many@example.com", currency="RUB")
    for number, (currency, amount, _, _) in enumerate(ROUBLES):
        charge(cloud, f"{currency}{number}", amount, currency)
        add_connection(runtime, user_id, key=f"{currency}{number}", connection_name=f"{currency}{number}")
    return user_id


def charge(cloud: ScriptedProvider, key: str, amount: str, currency: str) -> None:
    cost = Cost(CostBasis.PRICE_LIST, Decimal(amount), currency)
    cloud.accounts[key] = ScriptedAccount({VM: [Resource("a", cost=cost)]})


def synced(runtime: Runtime) -> dict[str, Any]:
    """Run all users; return the only user's result as a program reads it."""
    (result,) = json.loads(json.dumps(BulkSyncService(runtime).sync_all_users("manual")))["user_results"]
    return result


def import_(runtime: Runtime, *files: bytes) -> None:
    RateService(runtime).import_files([(f"file {n}", content) for n, content in enumerate(files)])


def test_a_total_in_roubles_adds_up_to_the_cent(runtime: Runtime, clock: Clock, user: int) -> None:
    assert sum(Decimal(amount) * Decimal(rate) for _, amount, rate, _ in ROUBLES) == TOTAL_IN_ROUBLES
    assert sum(Decimal(roubles) for *_, roubles in ROUBLES) == TOTAL_IN_ROUBLES
    import_(runtime, CBR, ECB)
    result = synced(runtime)
    assert (result["total_daily_cost"], result["currency"]) == (2795.084, "RUB")
    assert result["total_daily_cost_by_currency"] == {"EUR": "7.77", "RUB": "1234.56", "USD": "10.433"}
    assert result["unconverted_currencies"] == []
    rates = [
        {"base": "EUR", "quote": "RUB", "rate": "92.75", "rate_date": "2026-11-21", "source": "cbr"},
        {"base": "USD", "quote": "RUB", "rate": "80.5", "rate_date": "2026-11-21", "source": "cbr"},
    ]
    assert result["exchange_rates"] == rates
    with runtime.sessions() as session:
        stored = session.get_one(CompleteSync, result["complete_sync_id"])
    assert (stored.total_daily_cost, stored.exchange_rates) == (TOTAL_IN_ROUBLES, rates)


def test_the_same_user_in_dollars(runtime: Runtime, user: int) -> None:
    import_(runtime, CBR)
    UserService(runtime).set_currency("many@example.com", "USD")
    result = CompleteSyncService(runtime).sync(user, SyncType.MANUAL, Deadline.after(60))
    assert (result.total_daily_cost, result.currency) == (TOTAL_IN_DOLLARS, "USD")
    assert [(rate.base, rate.quote) for rate in result.exchange_rates] == [("EUR", "RUB"), ("USD", "RUB")]


def test_a_missing_rate_leaves_no_total_but_all_its_parts(runtime: Runtime, cloud: ScriptedProvider, user: int) -> None:
    charge(cloud, "tenge", "5000", "KZT")
    add_connection(runtime, user, key="tenge")
    import_(runtime, cbr_daily("21.11.2026", {"USD": "80.5"}))
    result = synced(runtime)
    assert (result["status"], result["total_daily_cost"]) == ("success", None)
    assert result["unconverted_currencies"] == ["EUR", "KZT"]
    assert result["total_daily_cost_by_currency"] == {"EUR": "7.77", "KZT": "5000", "RUB": "1234.56", "USD": "10.433"}
    import_(runtime, CBR)
    assert synced(runtime)["total_daily_cost"] == 2795.084 + 775


def test_what_a_run_showed_is_what_the_database_says_later(runtime: Runtime, clock: Clock, user: int) -> None:
    import_(runtime, cbr_daily("21.11.2026", {"USD": "80.5"}))
    shown = synced(runtime)
    clock.advance(days=3)
    import_(runtime, cbr_daily("21.11.2026", {"USD": "99", "EUR": "99"}))
    (run,) = report_service.latest_runs(runtime, 1)
    (later,) = report_service.run_response(runtime, run)["user_results"]
    assert later == shown


@sqlite_only
@pytest.mark.parametrize(("day", "total"), [(21, True), (22, True), (30, True), (31, True), (32, False)])
def test_a_rate_holds_over_the_weekend_and_at_most_ten_days(
    runtime: Runtime, clock: Clock, user: int, day: int, total: bool
) -> None:
    import_(runtime, CBR)
    clock.now = datetime(2026, 11, 1, 23, 59, tzinfo=UTC) + timedelta(days=day - 1)
    result = synced(runtime)
    assert (result["total_daily_cost"] is not None) is total
    assert result["unconverted_currencies"] == ([] if total else ["EUR", "USD"])


@sqlite_only
def test_a_cross_rate_names_both_rates_of_its_source(runtime: Runtime, cloud: ScriptedProvider) -> None:
    user_id = add_user(runtime, currency="USD")
    charge(cloud, "pounds", "8.5", "GBP")
    add_connection(runtime, user_id, key="pounds")
    import_(runtime, CBR, ECB)
    result = synced(runtime)
    # 8.5 / 0.85 = 10 euros, 11.52 dollars.
    assert result["total_daily_cost"] == 11.52
    named = [(rate["base"], rate["quote"], rate["rate_date"]) for rate in result["exchange_rates"]]
    assert named == [("EUR", "GBP", "2026-11-20"), ("EUR", "USD", "2026-11-20")]


@sqlite_only
@pytest.mark.parametrize(
    ("resources", "total"),
    [([Resource("a")], None), ([], 0.0), ([Resource("a", cost=Cost(CostBasis.PRICE_LIST, Decimal(0), "EUR"))], 0.0)],
)
def test_unknown_costs_are_no_zero(
    runtime: Runtime, cloud: ScriptedProvider, resources: list[Resource], total: float | None
) -> None:
    add_connection(runtime, add_user(runtime))
    cloud.accounts["key"] = ScriptedAccount({VM: resources})
    assert synced(runtime)["total_daily_cost"] == total
