"""What a day costs by Beget's own prices, in roubles as shown to the customer."""

from datetime import date
from decimal import Decimal

from app.core.domain.prices import per_day_of_month
from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis

CURRENCY = "RUB"
"""The APIs name no currency; Beget charges roubles."""
DAYS_A_YEAR = 365
INCLUDED = Cost(CostBasis.INCLUDED_IN_PARENT, Decimal(0), CURRENCY)
FREE = Cost(CostBasis.PRICE_LIST, Decimal(0), CURRENCY)


def per_day(price_day: Decimal, price_month: Decimal, day: date) -> Decimal:
    """Return the daily price, else the monthly price's part for the day; zero when neither is told."""
    return price_day or per_day_of_month(price_month, day)


def per_day_of_year(price_year: Decimal) -> Decimal:
    """Return a yearly price's part for a day."""
    return price_year / DAYS_A_YEAR


def listed(amount: Decimal) -> Cost:
    """Return the cost of a price. A price of zero is one that was not told: the cost is unknown."""
    return Cost(CostBasis.PRICE_LIST, amount, CURRENCY) if amount else UNKNOWN_COST
