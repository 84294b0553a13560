from datetime import date
from decimal import Decimal

from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis
from app.providers.beget.pricing import listed, per_day, per_day_of_year

ZERO = Decimal(0)


def test_the_daily_price_counts_before_the_monthly() -> None:
    assert per_day(Decimal(7), Decimal(210), date(2026, 2, 1)) == 7


def test_days_of_a_full_month_add_up_to_the_monthly_price() -> None:
    assert per_day(ZERO, Decimal(280), date(2026, 2, 1)) == 10
    assert per_day(ZERO, Decimal(280), date(2028, 2, 1)) * 29 == Decimal(280)
    assert per_day(ZERO, Decimal(310), date(2026, 1, 31)) == 10


def test_a_yearly_price_is_split_over_365_days() -> None:
    assert per_day_of_year(Decimal(299)).quantize(Decimal("1e-10")) == Decimal("0.8191780822")


def test_no_price_is_not_a_price_of_zero() -> None:
    assert listed(ZERO) == UNKNOWN_COST
    assert listed(Decimal("0.5")) == Cost(CostBasis.PRICE_LIST, Decimal("0.5"), "RUB")
