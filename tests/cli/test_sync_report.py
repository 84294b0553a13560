"""What verbose mode says of a user's total."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.cli.sync_report import total_line
from app.core.domain.exchange import Rate
from app.core.domain.runs import ItemStatus, UserResult

RATES = (
    Rate("EUR", "RUB", Decimal("92.7500000000"), date(2026, 11, 21), "cbr"),
    Rate("USD", "RUB", Decimal("80.5000000000"), date(2026, 11, 21), "cbr"),
)
RESULT = UserResult(1, "user@example.com", ItemStatus.SUCCESS, total_daily_cost=Decimal("2795.084"), currency="RUB")


def test_a_total_names_the_rates_it_was_converted_with() -> None:
    assert total_line(RESULT) == "total: 2795.08 RUB/day"
    assert total_line(replace(RESULT, exchange_rates=RATES)) == (
        "total: 2795.08 RUB/day (1 EUR = 92.75 RUB, cbr 2026-11-21; 1 USD = 80.5 RUB, cbr 2026-11-21)"
    )


def test_a_missing_total_says_why() -> None:
    unknown = replace(RESULT, total_daily_cost=None)
    assert total_line(unknown) == "total: unknown"
    missing = replace(unknown, unconverted=("AMD", "KZT"), exchange_rates=RATES)
    assert total_line(missing) == "total: unknown, there is no rate to RUB for AMD, KZT"
