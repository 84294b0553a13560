"""The daily cost at list prices.

DigitalOcean bills by the hour, and a month costs at most 672 hours (28 days): the monthly price. So a day costs up to
1/28 of it, and the month's last days nothing. Since 2026 droplets are billed by the second; over whole days that is
the same. Snapshots, images and plans are billed by the month.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from app.core.domain.prices import per_day_of_hours, per_day_of_month
from app.core.domain.resources import Cost, CostBasis
from app.providers.digitalocean.price_table import CURRENCY

CAP_HOURS = 672
_LAST_DIGIT = Decimal("1e-6")


def by_the_hour(hourly: Decimal, monthly: Decimal, day: date, created_at: datetime | None) -> Cost:
    """Return the day's cost at an hourly price, which a month's price caps.

    The API sends 0.00744 as 0.007439999; six decimals are kept.
    """
    price = hourly.quantize(_LAST_DIGIT, rounding=ROUND_HALF_EVEN)
    return _list_price(per_day_of_hours(price, day, created_at=created_at, monthly_cap=monthly))


def by_the_capped_month(monthly: Decimal, day: date, created_at: datetime | None) -> Cost:
    """Return the day's cost of what is billed by the hour and priced by the month."""
    hourly = monthly / CAP_HOURS
    return _list_price(per_day_of_hours(hourly, day, created_at=created_at, monthly_cap=monthly))


def by_the_month(monthly: Decimal, day: date) -> Cost:
    """Return the day's part of a month's price."""
    return _list_price(per_day_of_month(monthly, day))


FREE = Cost(CostBasis.PRICE_LIST, Decimal(0), CURRENCY)
INCLUDED = Cost(CostBasis.INCLUDED_IN_PARENT, Decimal(0), CURRENCY)


def _list_price(amount: Decimal) -> Cost:
    return Cost(CostBasis.PRICE_LIST, amount, CURRENCY)
