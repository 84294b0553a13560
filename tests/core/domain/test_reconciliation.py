from datetime import date
from decimal import Decimal

import pytest

from app.core.domain.reconciliation import Reconciliation


def found(billed: str, unexplained: str, *priced_in: str) -> Reconciliation:
    return Reconciliation(date(2026, 11, 22), Decimal(billed), "USD", Decimal(unexplained), frozenset(priced_in))


@pytest.mark.parametrize(
    ("billed", "unexplained", "flagged"),
    [
        ("100", "0", False),
        ("100", "0.5", False),
        ("100", "0.5000000001", True),
        ("100", "-0.51", True),
        ("1", "0.01", False),
        ("1", "0.0100000001", True),
        ("0", "0", False),
        ("0", "-0.02", True),
        ("-10", "-0.06", True),
    ],
)
def test_half_a_percent_and_a_cent_are_tolerated(billed: str, unexplained: str, flagged: bool) -> None:
    assert found(billed, unexplained, "USD").flagged is flagged


def test_resources_that_are_all_priced_in_another_currency_are_flagged_with_the_cause() -> None:
    assert found("0", "0", "EUR").flagged
    assert not found("0", "0").flagged
    assert not found("1", "0", "EUR", "USD").flagged
    assert str(found("2", "2", "EUR", "RUB")).endswith("is unexplained; resources are priced in EUR, RUB too")


def test_the_sentence_says_what_was_billed_what_is_explained_and_what_is_not() -> None:
    assert str(found("12.50", "1.5", "USD")) == (
        "the cloud billed 12.50 USD on 2026-11-22, its resources explain 11.00 USD; 1.50 USD (12.0 %) is unexplained"
    )
    assert str(found("0", "-1", "USD")).endswith("explain 1.00 USD; -1.00 USD is unexplained")
