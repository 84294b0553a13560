"""Costs against numbers computed by hand; the prices are those of emulators/hetzner/prices.py."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.core.domain.errors import ResponseInvalid
from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis
from app.providers.answers import read
from app.providers.hetzner.pricing import HourlyPrice, PriceList, Tariff
from emulators.hetzner import prices

_OLD = datetime(2026, 2, 3, tzinfo=UTC)
_CX22 = [HourlyPrice.model_validate(price) for price in prices.hourly("0.0060", "3.7900")]


def _tariff(day: date = date(2026, 11, 10), **changed: object) -> Tariff:
    return Tariff(day, read(PriceList, prices.price_list() | changed, "the price list"))


def _euros(amount: str) -> Cost:
    return Cost(CostBasis.PRICE_LIST, Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("day", "created_at", "amount"),
    [
        pytest.param(date(2026, 11, 10), _OLD, "0.1440", id="24 hours"),
        pytest.param(date(2026, 11, 10), datetime(2026, 11, 10, 21, 30, tzinfo=UTC), "0.0180", id="hours begun"),
        # 3.79 / 0.006 = 631.67 hours: 26 days are 624 hours, 7.67 hours of the 27th are left to pay.
        pytest.param(date(2026, 11, 27), _OLD, "0.0460", id="the month's price is reached"),
        pytest.param(date(2026, 11, 28), _OLD, "0", id="the rest of the month is free"),
        pytest.param(date(2026, 12, 1), _OLD, "0.1440", id="a new month"),
    ],
)
def test_hours_cost_until_the_months_price_is_reached(day: date, created_at: datetime, amount: str) -> None:
    assert _tariff(day).hourly(_CX22, "fsn1", created_at) == _euros(amount)


def test_a_month_of_hours_adds_up_to_the_months_price() -> None:
    days = [_tariff(date(2026, 11, number)).hourly(_CX22, "fsn1", _OLD) for number in range(1, 31)]
    assert sum(cost.amount for cost in days if cost and cost.amount is not None) == Decimal("3.79")


def test_backups_cost_a_fifth_on_top() -> None:
    assert _tariff().hourly(_CX22, "fsn1", _OLD, with_backups=True) == _euros("0.1728")


def test_each_location_has_its_own_price() -> None:
    changed = [*_CX22[1:], HourlyPrice.model_validate(prices.hourly("0.0070", "4.0000")[0])]
    assert _tariff().hourly(changed, "fsn1", _OLD) == _euros("0.1680")
    assert _tariff().hourly(changed, "nbg1", _OLD) == _euros("0.1440")


def test_a_location_without_a_price_costs_nobody_knows_what() -> None:
    assert _tariff().hourly(_CX22, "sin", _OLD) == UNKNOWN_COST
    assert _tariff().primary_ip("ipv4", "sin", _OLD) == UNKNOWN_COST
    assert _tariff().primary_ip("ipv8", "fsn1", _OLD) == UNKNOWN_COST
    assert _tariff().floating_ip("ipv4", "sin") == UNKNOWN_COST


def test_sizes_cost_their_part_of_the_calendar_month() -> None:
    # 100 GB x 0.0440 = 4.40 a month; 2.3 GB x 0.0110 = 0.0253 a month
    assert _tariff().volume(Decimal(100)) == _euros("0.1466666667")
    assert _tariff(date(2026, 12, 10)).volume(Decimal(100)) == _euros("0.1419354839")
    assert _tariff(date(2026, 2, 10)).volume(Decimal(100)) == _euros("0.1571428571")
    assert _tariff().snapshot(Decimal("2.3")) == _euros("0.0008433333")


def test_a_snapshot_without_a_size_has_an_unknown_cost() -> None:
    assert _tariff().snapshot(None) == UNKNOWN_COST


def test_addresses_cost_by_their_kind() -> None:
    assert _tariff().primary_ip("ipv4", "fsn1", _OLD) == _euros("0.0192")
    assert _tariff().primary_ip("ipv6", "fsn1", _OLD) == _euros("0")
    assert _tariff().floating_ip("ipv4", "fsn1") == _euros("0.1")
    assert _tariff().floating_ip("ipv6", "fsn1") == _euros("0.0333333333")


def test_an_old_price_list_has_one_price_for_floating_addresses() -> None:
    assert _tariff(floating_ips=[]).floating_ip("ipv6", "fsn1") == _euros("0.1")
    assert _tariff(floating_ips=[], floating_ip=None).floating_ip("ipv6", "fsn1") == UNKNOWN_COST


def test_what_is_free_or_paid_with_its_parent_says_so() -> None:
    assert _tariff().free() == _euros("0")
    assert _tariff().included() == Cost(CostBasis.INCLUDED_IN_PARENT, Decimal(0), "EUR")


def test_another_currency_is_kept() -> None:
    assert _tariff(currency="USD").free() == Cost(CostBasis.PRICE_LIST, Decimal(0), "USD")


def test_without_a_price_list_nothing_is_said() -> None:
    tariff = Tariff(date(2026, 11, 10), None)
    costs = [
        tariff.hourly(_CX22, "fsn1", _OLD),
        tariff.primary_ip("ipv4", "fsn1", _OLD),
        tariff.floating_ip("ipv4", "fsn1"),
        tariff.volume(Decimal(1)),
        tariff.snapshot(None),
        tariff.free(),
        tariff.included(),
    ]
    assert costs == [None] * len(costs)


@pytest.mark.parametrize(
    "changed",
    [
        {"currency": "euro"},
        {"currency": None},
        {"volume": {"price_per_gb_month": {"net": "NaN"}}},
        {"volume": {"price_per_gb_month": {"net": "-1"}}},
        {"volume": {"price_per_gb_month": {"net": "1e99999"}}},
        {"image": {"price_per_gb_month": {"gross": "1"}}},
        {"server_backup": {"percentage": "a fifth"}},
    ],
)
def test_a_price_list_that_makes_no_sense_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ResponseInvalid, match="the price list is not as the cloud's API describes"):
        _tariff(**changed)


def test_a_cost_that_no_database_holds_is_refused() -> None:
    with pytest.raises(ResponseInvalid, match="make no cost"):
        _tariff().volume(Decimal(10) ** 30)
