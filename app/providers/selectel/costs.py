"""The bill: consumption per object and day, in kopecks, from Selectel's billing statistics.

Facts of the interface: it counts in whole kopecks (the hundredth part of the currency); its times have no zone and
are Moscow's; the last hour that is asked for is included.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from app.core.domain.costs import Bill, DayCharges, ResourceKey, ServiceCharge
from app.core.domain.errors import PermissionDenied, ResponseInvalid
from app.providers.answers import Record, read
from app.providers.pagination import listed
from app.providers.selectel.collectors.bucket import BUCKET, home
from app.providers.selectel.plane import AccountPlane

MOSCOW = timezone(timedelta(hours=3))
"""Moscow has had no summer time since 2014."""
DAYS = 4
"""The billed day and the days before it that are read once more, since amounts come late."""
PROVIDER_KEYS = ("vpc", "serverless", "mks", "dbaas", "storage", "cdn", "vmware", "craas", "ones", "mobfarm", "ses")
"""Every service that the documentation names. Dedicated servers are not part of the statistics."""
_BUCKETS = frozenset({"storage", "private_storage"})
_KOPECKS = 100


class _Named(Record):
    id: str | None = None
    name: str | None = None


class _Metric(Record):
    id: str | None = None
    region: str | None = None


class Row(Record):
    """What one object cost on one day by one metric; `value` in kopecks, `period` the day's start in Moscow."""

    provider_key: str
    period: datetime
    value: int
    project: _Named | None = None
    object: _Named | None = None
    metric: _Metric | None = None

    @property
    def key(self) -> ResourceKey | None:
        """What the inventory calls the object; None when the row is of no object."""
        if self.object is None:
            return None
        if self.provider_key not in _BUCKETS:
            return self.object.id or None
        name = home(self.object.name) if self.object.name else None
        parts = (self.project and self.project.id, self.metric and self.metric.region, name)
        return (BUCKET, "/".join(map(str, parts))) if all(parts) else None


class _Settings(Record):
    currency: str


class _Balances(Record):
    settings: _Settings


class _Balance(Record):
    data: _Balances


def read_bill(plane: AccountPlane, at: datetime) -> Bill | None:
    """Return the bill of the latest billed Moscow day before the moment `at`. The statistics may take a minute.

    Raises PermissionDenied that says which role is missing.
    """
    last = at.astimezone(MOSCOW).date() - timedelta(days=1)
    try:
        rows = _read_rows(plane, last)
        if not rows:
            return None
        return make_bill(rows, _currency(plane), last)
    except PermissionDenied as error:
        raise PermissionDenied(
            f"the billing statistics: {error.message}; give the service user the role billing or reader (viewer) "
            "on the whole account. The inventory is read without it"
        ) from None


def _read_rows(plane: AccountPlane, last: date) -> list[Row]:
    try:
        return _read_days(plane, last, DAYS)
    except ResponseInvalid:
        # Four days of a very large account do not fit into an answer; one day may.
        return _read_days(plane, last, 1)


def _read_days(plane: AccountPlane, last: date, days: int) -> list[Row]:
    body = plane.get("/v1/cloud_billing/statistic/consumption", _query(last, days), slow=True)
    return [read(Row, item, "a row of the billing statistics") for item in listed(body, "data")]


def make_bill(rows: Iterable[Row], currency: str, last: date) -> Bill | None:
    """Return the bill of the latest day up to `last` that has rows; None when no day has."""
    days: dict[date, list[Row]] = defaultdict(list)
    for row in rows:
        if row.period.date() <= last:
            days[row.period.date()].append(row)
    if not days:
        return None
    billed, *earlier = sorted(days, reverse=True)
    by_resource: dict[ResourceKey, Decimal] = defaultdict(Decimal)
    for row in days[billed]:
        if row.key is not None:
            by_resource[row.key] += _amount(row.value)
    charges = _charges(days[billed])
    return Bill(
        charged_on=billed,
        currency=currency,
        charges=charges,
        by_resource=dict(by_resource),
        itemised=frozenset(charge.service for charge in charges),
        earlier=tuple(DayCharges(day, _charges(days[day])) for day in earlier),
    )


def _charges(rows: Iterable[Row]) -> tuple[ServiceCharge, ...]:
    totals: dict[str, int] = defaultdict(int)
    for row in rows:
        totals[row.provider_key] += row.value
    return tuple(ServiceCharge(key, _amount(total)) for key, total in sorted(totals.items()))


def _amount(kopecks: int) -> Decimal:
    return Decimal(kopecks) / _KOPECKS


def _query(last: date, days: int) -> dict[str, str | tuple[str, ...]]:
    return {
        "provider_keys": PROVIDER_KEYS,
        "start": f"{last - timedelta(days=days - 1)}T00:00:00",
        "end": f"{last}T23:59:59",
        "group_type": "project_object_region_metric",
        "period_group_type": "day",
        "locale": "en",
    }


def _currency(plane: AccountPlane) -> str:
    balance = read(_Balance, plane.get("/v3/balances"), "the balance")
    currency = balance.data.settings.currency.upper()
    if len(currency) != 3 or not currency.isalpha():
        raise ResponseInvalid(f"the balance names {currency[:20]!r} as its currency")
    return currency
