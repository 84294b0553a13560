"""Give the amounts of a cloud's bill to the resources they are for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal

from app.core.domain.money import EXPONENT, quantize
from app.core.domain.resources import MAX_WORD, UNKNOWN_COST, Cost, CostBasis, fit, fit_uniquely, storable, stored_id

MAX_SERVICE = 128
"""Characters of a service's name that the database keeps."""
ResourceKey = str | tuple[str, str]
"""An external id, or (resource type, external id) where the cloud's bill tells the type."""
Named = Mapping[str, Decimal] | Mapping[tuple[str, str], Decimal] | Mapping[ResourceKey, Decimal]
BILLED = frozenset({CostBasis.BILLING, CostBasis.BILLING_SPREAD})
"""Where a cost comes from when the bill told it."""


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
    by_resource  external id, or (resource type, external id), -> amount, for the services in `itemised`; those are
                 not spread. A pair is for that resource alone and goes before the plain id
    note         why the bill is less exact than it could be, None when it is exact
    """

    charged_on: date
    currency: str
    charges: tuple[ServiceCharge, ...] = ()
    by_resource: Named | None = None
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


Figure = tuple[date, str, str]
"""What a daily cost is of: the day, the service's name and the region, "" when the bill does not tell it."""


def daily_figures(bill: Bill) -> dict[Figure, Decimal]:
    """Return what a bill says of the billed day and the days before, in the form that is stored."""
    figures: dict[Figure, Decimal] = defaultdict(Decimal)
    for day in (DayCharges(bill.charged_on, bill.charges), *bill.earlier):
        for charge in day.charges:
            service = fit_uniquely(storable(charge.service), MAX_SERVICE)
            region = fit(storable(charge.region or ""), MAX_WORD)
            figures[day.charged_on, service, region] += charge.amount
    return {figure: quantize(amount) for figure, amount in figures.items()}


def allocate(bill: Bill, resources: Iterable[Costed]) -> Iterator[tuple[Costed, Cost]]:
    """Yield (resource, new cost) for every resource whose cost the bill changes.

    A resource named by the bill gets its own amount; one plain id that several resources have is split between them.
    The rest of a service is spread evenly over the service's resources that existed on the billed day, to the last
    decimal, so that the shares add up to the charge. A cost that an earlier bill told and this one does not is
    unknown; one that the bill never told (from a price list, or included in the parent) stays. Resources are walked
    more than once: pass a sequence.
    """
    pool = list(resources)
    named = _named(bill, pool)
    shares = _spread(bill, [r for r in pool if r.id not in named])
    for resource in pool:
        cost = resource.cost
        if resource.id in named:
            cost = named[resource.id]
        elif resource.id in shares:
            cost = Cost(CostBasis.BILLING_SPREAD, shares[resource.id], bill.currency)
        elif cost.basis in BILLED:
            cost = UNKNOWN_COST
        if cost != resource.cost:
            yield resource, cost


def _named(bill: Bill, pool: list[Costed]) -> dict[int, Cost]:
    """Return resource id -> cost of the resources that the bill names."""
    amounts = {_stored_key(key): amount for key, amount in (bill.by_resource or {}).items()}
    by_key: dict[ResourceKey, list[int]] = defaultdict(list)
    for resource in pool:
        pair = (resource.resource_type, resource.external_id)
        if pair in amounts:
            by_key[pair].append(resource.id)
        elif resource.external_id in amounts:
            by_key[resource.external_id].append(resource.id)
    costs = {}
    for key, ids in by_key.items():
        basis = CostBasis.BILLING if len(ids) == 1 else CostBasis.BILLING_SPREAD
        for id_, share in zip(sorted(ids), _split(amounts[key], len(ids)), strict=True):
            costs[id_] = Cost(basis, share, bill.currency)
    return costs


def _stored_key(key: ResourceKey) -> ResourceKey:
    return stored_id(key) if isinstance(key, str) else (key[0], stored_id(key[1]))


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
