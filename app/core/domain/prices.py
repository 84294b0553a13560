"""Turn list prices into the cost of one day."""

import math
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

HOURS_A_DAY = 24


def per_day_of_month(price: Decimal, day: date) -> Decimal:
    """Return a monthly price's part for a day: a full calendar month adds up to the price."""
    return price / monthrange(day.year, day.month)[1]


def per_day_of_hours(
    hourly: Decimal, day: date, *, created_at: datetime | None = None, monthly_cap: Decimal | None = None
) -> Decimal:
    """Return what a UTC day costs at an hourly price, of something that exists until the day's end.

    Hours begun count in full, and only those since `created_at` (aware). Once the month's hours have cost
    `monthly_cap`, the rest of the month is free.
    """
    start = datetime.combine(day.replace(day=1), time(), UTC)
    born = start if created_at is None else max(start, created_at)
    before, after = (_hours(born, until) * hourly for until in (_midnight(day), _midnight(day + timedelta(days=1))))
    if monthly_cap is not None:
        before, after = min(before, monthly_cap), min(after, monthly_cap)
    return after - before


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _hours(start: datetime, end: datetime) -> int:
    return max(0, math.ceil((end - start) / timedelta(hours=1)))
