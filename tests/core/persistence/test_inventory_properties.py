"""Any sequence of syncs, against a model that is too simple to be wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from app.core.domain.costs import BILLED, Bill, ServiceCharge
from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis, Resource
from app.core.domain.scopes import Scope
from app.core.models import Resource as ResourceRow
from app.core.models import ResourceVersion
from app.core.services.runtime import Runtime
from tests.support.clock import Clock
from tests.support.factories import add_connection, add_user
from tests.support.statements import recorded
from tests.support.syncs import Sync, begin, history, present

SCOPES = (Scope("vm", "r1"), Scope("vm", "r2"), Scope("disk", "r1"))
IDS = "abcde"
CHARGE = Decimal("0.000000252")
"""Divides evenly by every number of resources there can be, so that the model need not know who gets the rest."""

costs = st.sampled_from([None, None, UNKNOWN_COST, *(Cost(CostBasis.PRICE_LIST, Decimal(n), "USD") for n in (0, 1))])
resources = st.builds(Resource, external_id=st.sampled_from(IDS), name=st.sampled_from(["x", "y"]), cost=costs)
listings = st.lists(resources, max_size=6)
bills = st.builds(
    lambda named, charged, currency: Bill(
        date(2026, 11, 23),
        currency,
        tuple(ServiceCharge(type_, CHARGE * n, frozenset({type_})) for type_, n in charged.items()),
        by_resource={id_: Decimal(n) for id_, n in named.items()},
    ),
    st.dictionaries(st.sampled_from(IDS), st.integers(0, 2), max_size=3),
    st.dictionaries(st.sampled_from(["vm", "disk"]), st.integers(1, 2)),
    st.sampled_from(["USD", "EUR"]),
)


@dataclass(frozen=True)
class Step:
    """One sync: what each scope listed, in this order (None: it failed), and the bill, if it was read."""

    listings: Sequence[tuple[Scope, Sequence[Resource] | None]]
    bill: Bill | None


steps = st.builds(
    Step,
    st.permutations(SCOPES).flatmap(
        lambda order: st.tuples(*(st.tuples(st.just(s), st.none() | listings) for s in order))
    ),
    st.none() | bills,
)


@dataclass
class Known:
    """What the model knows of a resource."""

    listed: Resource
    location: str
    cost: Cost = UNKNOWN_COST


Key = tuple[str, str]


@dataclass
class Model:
    """What exists, by (type, id)."""

    present: dict[Key, Known] = field(default_factory=dict)
    costs_of_the_gone: dict[Key, Cost] = field(default_factory=dict)

    def scope(self, scope: Scope, listed: Sequence[Resource]) -> tuple[set[str], set[str], set[str]]:
        """Take a whole listing; return the ids that are new, changed and gone."""
        last = {resource.external_id: resource for resource in listed}
        before = {
            key[1]: known
            for key, known in self.present.items()
            if known.location == scope.location and key[0] == scope.resource_type
        }
        gone = before.keys() - last.keys()
        changed = {id_ for id_ in before.keys() & last.keys() if before[id_].listed != last[id_]}
        new = last.keys() - before.keys()
        for id_ in gone:
            key = scope.resource_type, id_
            self.costs_of_the_gone[key] = self.present.pop(key).cost
        for id_ in new | changed:
            key = scope.resource_type, id_
            stored = self.present[key].cost if key in self.present else self.costs_of_the_gone.get(key, UNKNOWN_COST)
            self.present[key] = Known(last[id_], scope.location, last[id_].cost or stored)
        return set(new), changed, set(gone)

    def bill(self, bill: Bill) -> None:
        """Take a bill: what it names gets its amount or a share, the others of a charged type equal shares."""
        named = bill.by_resource or {}
        for (type_, id_), known in self.present.items():
            pool = sum(key[0] == type_ and key[1] not in named for key in self.present)
            charge = sum((c.amount for c in bill.charges if type_ in c.resource_types), Decimal(0))
            if id_ in named:
                alike = sum(key[1] == id_ for key in self.present)
                basis = CostBasis.BILLING if alike == 1 else CostBasis.BILLING_SPREAD
                known.cost = Cost(basis, named[id_] / alike, bill.currency)
            elif charge:
                known.cost = Cost(CostBasis.BILLING_SPREAD, charge / pool, bill.currency)
            elif known.cost.basis in BILLED:
                known.cost = UNKNOWN_COST

    def seen(self) -> dict[Key, tuple[str, Cost]]:
        """Return what can be compared with the database."""
        return {key: (known.listed.name, known.cost) for key, known in self.present.items()}


def state(name: str, basis: str, amount: Decimal | None, currency: str | None) -> tuple[str, Cost]:
    return name, Cost(CostBasis(basis), amount, currency)


def seen_now(runtime: Runtime, connection: int) -> dict[Key, tuple[str, Cost]]:
    return {
        (row.resource_type, row.external_id): state(row.name, row.cost_basis, row.daily_cost, row.currency)
        for row in present(runtime, connection)
    }


def seen_at(runtime: Runtime, user: int, at: datetime) -> dict[Key, tuple[str, Cost]]:
    rows = history(runtime, user, at)
    found = {
        (row["resource_type"], row["external_id"]): state(
            row["name"], row["cost_basis"], row["daily_cost"], row["currency"]
        )
        for row in rows
    }
    assert len(found) == len(rows), "a resource has two states at one moment"
    return found


def play(runtime: Runtime, engine: Engine, clock: Clock, played: Sequence[Step]) -> None:
    user = add_user(runtime)
    connection = add_connection(runtime, user)
    model, expected = Model(), {}
    for step in played:
        clock.advance(minutes=1)
        sync = begin(runtime, user, connection, clock())
        for scope, listed in step.listings:
            if listed is not None:
                changes = sync.scope(scope, listed)
                new, changed, gone = model.scope(scope, listed)
                assert {change.resource.external_id for change in changes.created} == new
                assert {change.resource.external_id for change in changes.updated} == changed
                assert set(changes.missing) == gone
        if step.bill is not None:
            sync.bill(step.bill)
            model.bill(step.bill)
        assert seen_now(runtime, connection) == model.seen()
        expected[clock()] = model.seen()
    for at, state_then in expected.items():
        assert seen_at(runtime, user, at) == state_then
    versions_are_sound(runtime, connection, model)
    clock.advance(minutes=1)
    a_quiet_sync_writes_nothing(engine, begin(runtime, user, connection, clock()), model)


def versions_are_sound(runtime: Runtime, connection: int, model: Model) -> None:
    """Versions of a resource follow one another; the last is open exactly while the resource exists."""
    by_resource: dict[Key, list[ResourceVersion]] = {}
    with runtime.sessions() as session:
        rows = session.execute(
            select(ResourceRow.resource_type, ResourceRow.external_id, ResourceVersion)
            .join_from(ResourceVersion, ResourceRow, ResourceVersion.resource_id == ResourceRow.id)
            .where(ResourceRow.connection_id == connection)
            .order_by(ResourceVersion.valid_from)
        )
        for type_, id_, version in rows:
            by_resource.setdefault((type_, id_), []).append(version)
    for key, versions in by_resource.items():
        for earlier, later in pairwise(versions):
            assert earlier.valid_to is not None
            assert earlier.valid_from < earlier.valid_to <= later.valid_from
        assert (versions[-1].valid_to is None) == (key in model.present)


def a_quiet_sync_writes_nothing(engine: Engine, sync: Sync, model: Model) -> None:
    before = contents(sync)
    with recorded(engine) as statements:
        for scope in SCOPES:
            here = [k.listed for (type_, _), k in model.present.items() if Scope(type_, k.location) == scope]
            assert not sync.scope(scope, here)
    assert [s for s in statements if not s.startswith("SELECT")] == []
    assert contents(sync) == before


def contents(sync: Sync) -> list[Sequence[Any]]:
    rows, versions = ResourceRow.__table__, ResourceVersion.__table__
    ours = rows.c.connection_id == sync.connection_id
    with sync.runtime.sessions() as session:
        return [
            session.execute(select(rows).where(ours).order_by(rows.c.id)).all(),
            session.execute(
                select(versions).join(rows, rows.c.id == versions.c.resource_id).where(ours).order_by(versions.c.id)
            ).all(),
        ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=100)
@given(played=st.lists(steps, min_size=1, max_size=6))
def test_any_sequence_of_syncs_on_sqlite(runtime: Runtime, engine: Engine, played: Sequence[Step]) -> None:
    play(runtime, engine, Clock(), played)


@pytest.mark.parametrize("database_url", ["postgresql", "mariadb"], indirect=True)
@settings(max_examples=25)
@given(played=st.lists(steps, min_size=1, max_size=6))
def test_any_sequence_of_syncs_on_servers(runtime: Runtime, engine: Engine, played: Sequence[Step]) -> None:
    play(runtime, engine, Clock(), played)
