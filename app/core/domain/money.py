"""Amounts of money: `Decimal` with an ISO 4217 currency, per day, and never added across currencies."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

EXPONENT = Decimal("1e-10")
"""The last digit that is kept: the database columns are NUMERIC(20, 10)."""


def quantize(amount: Decimal) -> Decimal:
    """Round to the ten decimals that the database keeps (banker's rounding).

    Raises ValueError for NaN, infinity, and amounts that NUMERIC(20, 10) cannot hold.
    """
    if not amount.is_finite() or abs(amount) >= Decimal("1e10"):
        raise ValueError(f"not an amount of money that can be stored: {amount}")
    with localcontext(prec=40):
        return amount.quantize(EXPONENT, rounding=ROUND_HALF_EVEN)


def plain(amount: Decimal) -> str:
    """Write an amount without exponent or trailing zeros, as JSON answers carry it: `125.5`, `0`."""
    text = format(amount, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("", "-0") else text


def total_by_currency(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Add up (currency, amount) pairs, each currency for itself; keys come sorted."""
    totals: dict[str, Decimal] = {}
    for currency, amount in amounts:
        totals[currency] = totals.get(currency, Decimal(0)) + amount
    return dict(sorted(totals.items()))
