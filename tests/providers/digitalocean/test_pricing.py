from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from app.core.domain.resources import Cost
from app.providers.digitalocean.pricing import by_the_capped_month, by_the_hour, by_the_month

BIRTH = datetime(2026, 1, 10, 8, tzinfo=UTC)


def amount(cost: Cost) -> Decimal:
    assert cost.amount is not None
    assert cost.currency == "USD"
    return cost.amount


def month(price, year: int, number: int, days: int) -> Decimal:
    return sum((price(date(year, number, 1) + timedelta(days=index)) for index in range(days)), Decimal(0))


def test_a_whole_day_costs_24_hours():
    assert amount(by_the_hour(Decimal("0.03571"), Decimal(24), date(2026, 10, 5), BIRTH)) == Decimal("0.85704")


def test_a_float_that_came_out_odd_is_rounded_to_the_price_it_means():
    assert amount(by_the_hour(Decimal("0.007439999"), Decimal(5), date(2026, 10, 5), BIRTH)) == Decimal("0.17856")


@pytest.mark.parametrize(("year", "number", "days"), [(2026, 2, 28), (2028, 2, 29), (2026, 4, 30), (2026, 10, 31)])
def test_a_month_never_costs_more_than_its_price(year, number, days):
    by_hour = month(lambda day: amount(by_the_hour(Decimal("0.03571"), Decimal(24), day, BIRTH)), year, number, days)
    capped = month(lambda day: amount(by_the_capped_month(Decimal(12), day, BIRTH)), year, number, days)
    whole = month(lambda day: amount(by_the_month(Decimal(12), day)), year, number, days)
    # 672 hours at 0.03571 are 23.99712; the 673rd ends at the cap.
    assert by_hour == (Decimal(24) if days > 28 else Decimal("23.99712"))
    assert abs(capped - 12) < Decimal("1e-8")
    assert abs(whole - 12) < Decimal("1e-8")


def test_after_672_hours_the_month_is_free():
    assert amount(by_the_capped_month(Decimal(12), date(2026, 10, 28), BIRTH)) == Decimal("0.4285714286")
    assert amount(by_the_capped_month(Decimal(12), date(2026, 10, 29), BIRTH)) == 0


def test_the_first_day_counts_from_the_hour_it_began():
    born = datetime(2026, 10, 5, 20, 30, tzinfo=UTC)
    assert amount(by_the_hour(Decimal("0.01"), Decimal(6), date(2026, 10, 5), born)) == Decimal("0.04")
