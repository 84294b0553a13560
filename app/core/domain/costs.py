"""Give the amounts of a cloud's bill to the resources they are for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal

from app.core.domain.money import EXPONENT, quantize
from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis

MAX_SERVICE = 128
"""Characters of a service's name that the database keeps."""


@dataclass(frozen=True, slots=True)
class ServiceCharge:
    """What the bill says of one service on the billed day.

    resource_types  the inventory types whose resources cause the charge; empty when none of ours does
    region          None when the bill does not tell the region
    """

    service: str
    amount: Decimal
    resource_types: frozenset[str] = frozenset()
    region: str | None = None


@dataclass(frozen=True, slots=True)
class DayCharges:
    """An earlier day's charges, read once more because clouds restate them."""

    charged_on: date
    charges: tuple[ServiceCharge, ...]


@dataclass(frozen=True, slots=True)
class Bill:
    """One account's charges of one day (the provider's own billing day), all in one currency.

    earlier      the days before, as the cloud tells them now, in the same currency
    charges      per service (and region); their sum is the cloud's own total of the day
    by_resource  external id -> amount, for the services in `itemised`; those are not spread
    note         why the bill is less exact than it could be, None when it is exact
    """

    charged_on: date
    currency: str
    charges: tuple[ServiceCharge, ...] = ()
    by_resource: Mapping[str, Decimal] | None = None
    itemised: frozenset[str] = frozenset()
    note: str | None = None
    earlier: tuple[DayCharges, ...] = ()

    @property
    def total(self) -> Decimal:
        """The cloud's own total of the day."""
        return sum((charge.amount for charge in self.charges), Decimal(0))


@dataclass(frozen=True, slots=True)
class Costed:
    """A present resource as cost allocation sees it. `is_new_state` is True when this sync wrote it already."""

    id: int
    resource_type: str
    external_id: str
    region: str
    created_at: datetime | None
    cost: Cost
    is_new_state: bool = False


def allocate(bill: Bill, resources: Iterable[Costed]) -> Iterator[tuple[Costed, Cost]]:
    """Yield (resource, new cost) for every resource whose cost the bill changes.

    A resource named by the bill gets its own amount. The rest of a service is spread evenly over the service's
    resources that existed on the billed day, to the last decimal, so that the shares add up to the charge. A
    resource that the bill says nothing about has an unknown cost. Resources are walked twice: pass a sequence.
    """
    pool = list(resources)
    named = bill.by_resource or {}
    shares = _spread(bill, [r for r in pool if r.external_id not in named])
    for resource in pool:
        if resource.external_id in named:
            cost = Cost(CostBasis.BILLING, named[resource.external_id], bill.currency)
        elif resource.id in shares:
            cost = Cost(CostBasis.BILLING_SPREAD, shares[resource.id], bill.currency)
        else:
            cost = UNKNOWN_COST
        if cost != resource.cost:
            yield resource, cost


def _spread(bill: Bill, pool: list[Costed]) -> dict[int, Decimal]:
    by_place: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for resource in pool:
        if resource.created_at is None or resource.created_at.date() <= bill.charged_on:
            by_place[resource.resource_type, resource.region].append(resource.id)
            by_place[resource.resource_type, None].append(resource.id)
    shares: dict[int, Decimal] = defaultdict(Decimal)
    for charge in bill.charges:
        if charge.service in bill.itemised:
            continue
        ids = sorted(id_ for type_ in charge.resource_types for id_ in by_place[type_, charge.region])
        for id_, share in zip(ids, _split(charge.amount, len(ids)), strict=True):
            shares[id_] += share
    return shares


def _split(amount: Decimal, parts: int) -> Iterator[Decimal]:
    """Split an amount evenly; the last decimals that do not divide go to the first parts, one each."""
    if not parts:
        return
    amount = quantize(amount)
    share = (amount / parts).quantize(EXPONENT, rounding=ROUND_DOWN)
    left = int((amount - share * parts) / EXPONENT)
    step = EXPONENT.copy_sign(amount)
    for index in range(parts):
        yield share + step if index < abs(left) else share
