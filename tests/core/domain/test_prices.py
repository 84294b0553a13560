"""List prices become the cost of a day."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.domain.prices import per_day_of_hours, per_day_of_month

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
PRICES = st.decimals("0.0001", "100", places=4)


def days_of(month: date) -> list[date]:
    return [month.replace(day=n + 1) for n in range(monthrange(month.year, month.month)[1])]


@pytest.mark.parametrize(("day", "expected"), [(date(2026, 2, 5), "1.1"), (date(2026, 11, 5), "1.0266666667")])
def test_a_monthly_price_is_divided_by_the_days_of_its_month(day: date, expected: str) -> None:
    assert round(per_day_of_month(Decimal("30.8"), day), 10) == Decimal(expected)


def test_an_hourly_price_is_paid_for_twenty_four_hours() -> None:
    assert per_day_of_hours(Decimal("0.0060"), date(2026, 11, 10)) == Decimal("0.1440")


def test_hours_before_it_was_made_are_free_and_a_begun_hour_counts() -> None:
    made = datetime(2026, 11, 10, 10, 30, tzinfo=UTC)
    assert per_day_of_hours(Decimal("1"), date(2026, 11, 10), created_at=made) == 14
    assert per_day_of_hours(Decimal("1"), date(2026, 11, 11), created_at=made) == 24
    assert per_day_of_hours(Decimal("1"), date(2026, 11, 9), created_at=made) == 0


def test_the_month_ends_at_its_cap() -> None:
    """0.006 an hour reaches 3.79 on the 27th day."""

    def cost(day: int) -> Decimal:
        return per_day_of_hours(Decimal("0.0060"), date(2026, 11, day), monthly_cap=Decimal("3.79"))

    assert [cost(day) for day in (26, 27, 28, 30)] == [Decimal(text) for text in ("0.144", "0.046", "0", "0")]


@given(DAYS, PRICES, PRICES)
def test_a_month_of_hours_costs_its_hours_or_the_cap(month: date, hourly: Decimal, cap: Decimal) -> None:
    days = days_of(month)
    total = sum(per_day_of_hours(hourly, day, monthly_cap=cap) for day in days)
    assert total == min(hourly * 24 * len(days), cap)


@given(DAYS, PRICES, st.integers(0, 31 * 24 * 60))
def test_something_made_within_the_month_pays_from_then_on(month: date, hourly: Decimal, minutes: int) -> None:
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    made = start + timedelta(minutes=minutes)
    days = days_of(month)
    end = start + timedelta(days=len(days))
    total = sum(per_day_of_hours(hourly, day, created_at=made) for day in days)
    assert total == hourly * max(0, -((made - end) // timedelta(hours=1)))
