from datetime import date
from decimal import Decimal

import pytest

from app.core.domain.exchange import RateTable
from app.core.persistence import bundled_rates


def table(day: date) -> RateTable:
    return RateTable(bundled_rates.new_enough_for(day), day)


def test_the_newest_day_of_the_history_that_is_not_after_the_day() -> None:
    # 2024-06-30 was a Sunday.
    rates = {rate.quote: rate for rate in table(date(2024, 6, 30))}
    assert (rates["USD"].rate, rates["USD"].rate_date) == (Decimal("1.0705"), date(2024, 6, 28))
    assert {rate.source for rate in rates.values()} == {"ecb-bundled"}
    assert {rate.base for rate in rates.values()} == {"EUR"}


@pytest.mark.parametrize(
    ("day", "known"), [(date(2022, 3, 1), True), (date(2022, 3, 11), True), (date(2022, 3, 12), False)]
)
def test_roubles_end_where_the_bank_stopped_and_are_never_guessed(day: date, known: bool) -> None:
    assert (table(day).way("USD", "RUB") is not None) is known


@pytest.mark.parametrize("day", [date(1999, 1, 3), date(2035, 1, 1)])
def test_outside_of_the_history_there_is_nothing(day: date) -> None:
    assert bundled_rates.new_enough_for(day) == ()
