from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.domain.money import EXPONENT, plain, quantize, total_by_currency

LARGEST = Decimal("9999999999.9999999999")
storable = st.decimals(min_value=-LARGEST, max_value=LARGEST, places=10)
precise = st.decimals(min_value=-(10**9), max_value=10**9, places=18)


@given(storable)
def test_an_amount_with_ten_decimals_stays_exactly_itself(amount: Decimal) -> None:
    assert quantize(amount) == amount
    assert quantize(amount).as_tuple().exponent == -10


@given(precise)
def test_rounding_is_off_by_at_most_half_of_the_last_decimal(amount: Decimal) -> None:
    assert abs(quantize(amount) - amount) <= EXPONENT / 2


def test_rounding_is_to_even() -> None:
    assert quantize(Decimal("0.00000000005")) == 0
    assert quantize(Decimal("0.00000000015")) == Decimal("2e-10")


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "10000000000", "-1e10", "1e400"])
def test_what_no_column_can_hold_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        quantize(Decimal(amount))


@given(storable)
def test_plain_text_has_no_exponent_and_reads_back_as_the_same_amount(amount: Decimal) -> None:
    text = plain(amount)
    assert Decimal(text) == amount
    assert "e" not in text.lower()
    assert not text.endswith(".")
    assert "." not in text or not text.endswith("0")


@pytest.mark.parametrize(
    ("amount", "text"),
    [("125.50", "125.5"), ("0E-10", "0"), ("-0.00", "0"), ("100", "100"), ("1E+2", "100"), ("1E-10", "0.0000000001")],
)
def test_plain_text_is_the_shortest(amount: str, text: str) -> None:
    assert plain(Decimal(amount)) == text


@given(st.lists(st.tuples(st.sampled_from(["USD", "EUR", "RUB"]), storable)))
def test_a_total_never_mixes_currencies(amounts: list[tuple[str, Decimal]]) -> None:
    totals = total_by_currency(amounts)
    assert list(totals) == sorted({currency for currency, _ in amounts})
    for currency, total in totals.items():
        assert total == sum(amount for code, amount in amounts if code == currency)
