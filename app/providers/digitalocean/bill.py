"""The bill: daily estimates per item from the billing insights, given to the resources that they name.

Facts: GET /v2/billing/do:team:<uuid>/insights/<start>/<end>, at most 31 days; an item has a region, a SKU and a
description such as "web-1 (s-2vcpu-4gb)", but no resource id. Amounts are in USD, a day's come in the night after it
and need not add up to the month's invoice. Not verified: whether <end> is included, descriptions of other products
than droplets, the codes inside SKUs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from pydantic import Field

from app.core.domain.costs import Bill, DayCharges, ServiceCharge
from app.core.domain.money import EXPONENT, quantize
from app.providers.answers import Record, read
from app.providers.digitalocean.client import PAGE_SIZE, Api
from app.providers.digitalocean.names import Key, Names
from app.providers.digitalocean.price_table import CURRENCY
from app.providers.pagination import Page, listed, walk

WINDOW_DAYS = 7
EARLIER_DAYS = 3
_WHAT, _RIGHT = "billing insights", "billing:read"


class Point(Record):
    """One item's cost of one day, in USD."""

    start_date: date
    total_amount: Decimal = Field(gt=-(10**9), lt=10**9)
    region: str | None = None
    sku: str | None = None
    description: str | None = None
    group_description: str | None = None

    @property
    def service(self) -> str:
        """What the charge is grouped under: the SKU, since the invoice's products are not told."""
        return self.sku or self.group_description or "other"


class _Numbers(Record):
    total_items: int = Field(ge=0)
    total_pages: int = Field(ge=0)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A point and its place in the listing: points have no id, and two may be equal."""

    place: str
    point: Point


def read_points(api: Api, team: str, today: date) -> list[Point]:
    """Return the items of the last week, today's left out. Raises SyncError."""
    start = today - timedelta(days=WINDOW_DAYS)

    def fetch(number: int) -> Page[_Placed]:
        body = api.call(
            _WHAT,
            _RIGHT,
            api.sdk.billing_insights.list,
            f"do:team:{team}",
            start,
            today,
            page=number,
            per_page=PAGE_SIZE,
        )
        numbers = read(_Numbers, body, f"a page of {_WHAT}")
        points = [read(Point, item, f"one of the {_WHAT}") for item in listed(body, "data_points")]
        placed = [_Placed(f"{number}/{index}", point) for index, point in enumerate(points)]
        return Page(placed, number + 1 if number < numbers.total_pages else None, numbers.total_items)

    found: dict[str, Point] = {}
    for placed in walk(fetch, lambda item: item.place, 1):
        if placed.place == "1/0":
            found.clear()
        found[placed.place] = placed.point
    return [point for point in found.values() if start <= point.start_date < today]


def make_bill(points: Iterable[Point], names: Names) -> Bill | None:
    """Return the bill of the latest day that has items; None when no day has any."""
    days: dict[date, list[Point]] = defaultdict(list)
    for point in points:
        days[point.start_date].append(point)
    if not days:
        return None
    charged_on = max(days)
    matches = [(point, names.match(point.description or "", point.region, point.sku)) for point in days[charged_on]]
    types: dict[str, set[str]] = defaultdict(set)
    for point, keys in matches:
        types[point.service].update(type_ for type_, _ in keys)
    earlier = sorted(
        (day for day in days if charged_on - timedelta(days=EARLIER_DAYS) <= day < charged_on), reverse=True
    )
    return Bill(
        charged_on=charged_on,
        currency=CURRENCY,
        charges=_charges(days[charged_on], types),
        by_resource=_by_resource(matches),
        itemised=frozenset(service for service, found in types.items() if found),
        note=_note(matches),
        earlier=tuple(DayCharges(day, _charges(days[day], types)) for day in earlier),
    )


def _charges(points: Sequence[Point], types: Mapping[str, set[str]]) -> tuple[ServiceCharge, ...]:
    amounts: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for point in points:
        amounts[point.service, point.region or ""] += quantize(point.total_amount)
    return tuple(
        ServiceCharge(service, amount, frozenset(types.get(service, ())), region or None)
        for (service, region), amount in sorted(amounts.items())
    )


def _by_resource(matches: Iterable[tuple[Point, Sequence[Key]]]) -> dict[str | Key, Decimal]:
    amounts: dict[str | Key, Decimal] = defaultdict(Decimal)
    for point, keys in matches:
        left = quantize(point.total_amount)
        for index, key in enumerate(keys):
            share = (left / (len(keys) - index)).quantize(EXPONENT, rounding=ROUND_DOWN)
            amounts[key] += share
            left -= share
    return dict(amounts)


def _note(matches: Sequence[tuple[Point, Sequence[Key]]]) -> str | None:
    unnamed = sum(not keys for _, keys in matches)
    shared = sum(len(keys) > 1 for _, keys in matches)
    notes = []
    if unnamed:
        notes.append(f"{unnamed} of {len(matches)} items name no resource that was listed")
    if shared:
        notes.append(f"{shared} items fit several resources of one name and are split evenly over them")
    return f"DigitalOcean bills by description: {'; '.join(notes)}" if notes else None
