from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.core.domain.costs import Bill, ServiceCharge
from app.core.domain.resources import Cost, CostBasis, Resource
from app.core.domain.scopes import Scope
from app.core.models import Resource as ResourceRow
from app.core.models import ResourceVersion
from app.core.persistence import inventory
from app.core.services.runtime import Runtime
from tests.support.clock import Clock
from tests.support.factories import add_connection, add_user
from tests.support.syncs import Sync, begin, history, present

VM1, VM2, DISKS = Scope("vm", "r1"), Scope("vm", "r2"), Scope("disk", "r1")
MADE = datetime(2025, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
WHOLE = Resource(
    "i-1",
    name="web",
    region="r1",
    status="running",
    created_at=MADE,
    tags={"env": "prod"},
    config={"memory_mib": 1024, "ips": ["10.0.0.1"]},
    cost=Cost(CostBasis.PRICE_LIST, Decimal("1.25"), "EUR"),
)
PRICED = Cost(CostBasis.PRICE_LIST, Decimal("2"), "USD")


class Inventory:
    """One connection and its syncs, an hour apart."""

    def __init__(self, runtime: Runtime, clock: Clock) -> None:
        self.runtime, self.clock = runtime, clock
        self.user = add_user(runtime)
        self.connection = add_connection(runtime, self.user)

    def sync(self) -> Sync:
        self.clock.advance(hours=1)
        return begin(self.runtime, self.user, self.connection, self.clock())

    def names(self) -> dict[str, str]:
        return {row.external_id: row.name for row in present(self.runtime, self.connection)}

    def names_at(self, at: datetime) -> dict[str, str]:
        return {row["external_id"]: row["name"] for row in history(self.runtime, self.user, at)}

    def count(self, table: type) -> int:
        with self.runtime.sessions() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def stock(runtime: Runtime, clock: Clock) -> Inventory:
    return Inventory(runtime, clock)


def test_every_field_of_a_resource_is_kept(stock: Inventory) -> None:
    sync = stock.sync()
    sync.scope(VM1, [WHOLE])
    (row,) = present(stock.runtime, stock.connection)
    assert (row.resource_type, row.external_id, row.scope_location) == ("vm", "i-1", "r1")
    assert (row.name, row.region, row.status, row.created_at) == ("web", "r1", "running", MADE)
    assert (row.tags, row.config) == ({"env": "prod"}, {"memory_mib": 1024, "ips": ["10.0.0.1"]})
    assert (row.daily_cost, row.currency, row.cost_basis) == (Decimal("1.25"), "EUR", "price_list")
    assert row.fingerprint == WHOLE.fingerprint()
    assert row.first_seen_at == row.changed_at == sync.at
    (then,) = history(stock.runtime, stock.user, sync.at)
    assert {name: then[name] for name in ("name", "created_at", "tags", "config", "daily_cost", "valid_from")} == {
        "name": "web",
        "created_at": MADE,
        "tags": {"env": "prod"},
        "config": {"memory_mib": 1024, "ips": ["10.0.0.1"]},
        "daily_cost": Decimal("1.25"),
        "valid_from": sync.at,
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        " two  spaces ",
        "a\x00b",
        "\ud800",
        "\\u0000",
        "\\",
        "'",
        "שלום\u202e",
        "\U0001f468\u200d\U0001f469",
        "%s :x",
    ],
)
def test_difficult_text_survives_and_is_unchanged_the_next_time(stock: Inventory, text: str) -> None:
    resource = Resource("x" + text + "y", name=text, status=text, tags={text: text}, config={"k" + text: [text]})
    stock.sync().scope(VM1, [resource])
    (row,) = present(stock.runtime, stock.connection)
    kept = text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    assert (row.external_id, row.name, row.status) == (f"x{kept}y", kept, kept)
    assert (row.tags, row.config) == ({kept: kept}, {"k" + kept: [kept]})
    assert not stock.sync().scope(VM1, [resource])


def test_long_ids_and_names_of_wide_characters_survive(stock: Inventory) -> None:
    listed = [Resource("\U0001f600" * 600 + end, name="\U0001f600" * 300) for end in ("1", "2")]
    assert len(stock.sync().scope(VM1, listed).created) == 2
    assert stock.names() == {resource.external_id: resource.name for resource in listed}
    assert not stock.sync().scope(VM1, listed)


def test_ids_that_differ_only_in_case_or_accent_are_different_resources(stock: Inventory) -> None:
    listed = [Resource(id_, name=id_) for id_ in ("disk", "Disk", "DISK", "dísk")]
    stock.sync().scope(VM1, listed)
    assert stock.names() == {id_: id_ for id_ in ("disk", "Disk", "DISK", "dísk")}
    stock.sync().scope(VM1, listed[:1])
    assert stock.names() == {"disk": "disk"}


@pytest.mark.parametrize(
    "moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, UTC), None]
)
def test_the_strangest_creation_times_survive(stock: Inventory, moment: datetime | None) -> None:
    stock.sync().scope(VM1, [Resource("a", created_at=moment)])
    (row,) = present(stock.runtime, stock.connection)
    assert row.created_at == moment
    assert history(stock.runtime, stock.user, stock.clock())[0]["created_at"] == moment


def test_nested_and_large_configurations_survive(stock: Inventory) -> None:
    nested: dict[str, object] = {
        "deep": [[[[[{"deeper": {"x": [1, 2.5, None, True, 2**53]}}]]]]],
        "text": "x" * 100_000,
    }
    stock.sync().scope(VM1, [Resource("a", config=nested)])
    assert present(stock.runtime, stock.connection)[0].config == nested


def test_what_is_gone_is_marked_with_the_time_and_stays_in_the_history(stock: Inventory) -> None:
    first, second = stock.sync(), stock.sync()
    first.scope(VM1, [Resource("a"), Resource("b")])
    second.scope(VM1, [Resource("b")])
    assert stock.names() == {"b": ""}
    assert stock.count(ResourceRow) == 2
    with stock.runtime.sessions() as session:
        assert session.scalar(select(ResourceRow.deleted_at).where(ResourceRow.external_id == "a")) == second.at
    assert stock.names_at(second.at - timedelta(microseconds=1)) == {"a": "", "b": ""}
    assert stock.names_at(second.at) == {"b": ""}
    assert stock.names_at(first.at - timedelta(microseconds=1)) == {}


def test_a_resource_that_comes_back_is_the_same_row(stock: Inventory) -> None:
    first, second, third = stock.sync(), stock.sync(), stock.sync()
    first.scope(VM1, [Resource("a", cost=PRICED)])
    second.scope(VM1, [])
    assert len(third.scope(VM1, [Resource("a", name="again")]).created) == 1
    (row,) = present(stock.runtime, stock.connection)
    assert (row.name, row.first_seen_at, row.deleted_at) == ("again", first.at, None)
    assert [stock.names_at(sync.at) for sync in (first, second, third)] == [{"a": ""}, {}, {"a": "again"}]


def test_a_scope_touches_no_other(stock: Inventory) -> None:
    sync = stock.sync()
    sync.scope(VM1, [Resource("a")])
    sync.scope(VM2, [Resource("b")])
    sync.scope(DISKS, [Resource("a", name="disk")])
    stock.sync().scope(VM1, [])
    assert [(row.resource_type, row.external_id) for row in present(stock.runtime, stock.connection)] == [
        ("disk", "a"),
        ("vm", "b"),
    ]


def test_connections_with_the_same_ids_touch_no_other(stock: Inventory) -> None:
    other = Inventory(stock.runtime, stock.clock)
    stock.sync().scope(VM1, [Resource("a", name="mine")])
    other.sync().scope(VM1, [Resource("a", name="theirs")])
    stock.sync().scope(VM1, [])
    assert (stock.names(), other.names()) == ({}, {"a": "theirs"})
    assert other.names_at(stock.clock()) == {"a": "theirs"}


@pytest.mark.parametrize("order", [(VM1, VM2), (VM2, VM1)])
def test_a_resource_that_moves_is_never_lost_whichever_scope_comes_first(
    stock: Inventory, order: tuple[Scope, Scope]
) -> None:
    stock.sync().scope(VM1, [Resource("a", region="r1")])
    sync = stock.sync()
    for scope in order:
        sync.scope(scope, [Resource("a", region="r2")] if scope == VM2 else [])
    (row,) = present(stock.runtime, stock.connection)
    assert (row.region, row.scope_location) == ("r2", "r2")
    assert [row["region"] for row in history(stock.runtime, stock.user, sync.at)] == ["r2"]
    again = stock.sync()
    assert not again.scope(VM1, [])
    assert not again.scope(VM2, [Resource("a", region="r2")])


def test_saving_the_same_changes_twice_changes_nothing_more(stock: Inventory) -> None:
    stock.sync().scope(VM1, [Resource("a"), Resource("b")])
    sync = stock.sync()
    changes = sync.scope(VM1, [Resource("a", name="new"), Resource("c")])
    before = _everything(stock)
    sync.save(VM1, changes)
    assert _everything(stock) == before


def _everything(stock: Inventory) -> list[tuple[object, ...]]:
    with stock.runtime.sessions() as session:
        rows = session.scalars(select(ResourceRow).order_by(ResourceRow.id)).all()
        versions = session.scalars(
            select(ResourceVersion).order_by(ResourceVersion.resource_id, ResourceVersion.valid_from)
        )
        return [
            *((row.external_id, row.name, row.changed_at, row.deleted_at) for row in rows),
            *((v.resource_id, v.name, v.valid_from, v.valid_to, v.opened_by_id) for v in versions),
        ]


def test_a_listing_without_costs_keeps_the_stored_cost(stock: Inventory) -> None:
    stock.sync().scope(VM1, [Resource("a", cost=PRICED)])
    stock.sync().scope(VM1, [Resource("a", name="new")])
    (row,) = present(stock.runtime, stock.connection)
    assert (row.name, row.daily_cost, row.currency, row.cost_basis) == ("new", Decimal(2), "USD", "price_list")


def test_a_cost_that_became_unknown_is_unknown(stock: Inventory) -> None:
    stock.sync().scope(VM1, [Resource("a", cost=PRICED)])
    stock.sync().scope(VM1, [Resource("a", cost=Cost(CostBasis.UNKNOWN))])
    (row,) = present(stock.runtime, stock.connection)
    assert (row.daily_cost, row.currency, row.cost_basis) == (None, None, "unknown")


def test_a_bill_and_its_listing_make_one_version(stock: Inventory) -> None:
    sync = stock.sync()
    sync.scope(VM1, [Resource("a"), Resource("b")])
    sync.bill(Bill(date(2026, 11, 23), "USD", (ServiceCharge("vm", Decimal("3"), frozenset({"vm"})),)))
    assert [row.daily_cost for row in present(stock.runtime, stock.connection)] == [Decimal("1.5")] * 2
    assert stock.count(ResourceVersion) == 2
    assert [row["daily_cost"] for row in history(stock.runtime, stock.user, sync.at)] == [Decimal("1.5")] * 2


def test_an_earlier_cost_stays_in_the_history(stock: Inventory) -> None:
    first, second = stock.sync(), stock.sync()
    for sync, amount in ((first, "1"), (second, "2.0000000001")):
        sync.scope(VM1, [Resource("a")])
        sync.bill(Bill(date(2026, 11, 23), "USD", by_resource={"a": Decimal(amount)}))
    found = [history(stock.runtime, stock.user, sync.at)[0]["daily_cost"] for sync in (first, second)]
    assert found == [Decimal(1), Decimal("2.0000000001")]


def test_the_cost_of_a_connection_is_per_currency_and_of_what_exists(stock: Inventory) -> None:
    def costing(id_: str, amount: str, currency: str) -> Resource:
        return Resource(id_, cost=Cost(CostBasis.PRICE_LIST, Decimal(amount), currency))

    listed = [
        costing("a", "0.1", "USD"),
        costing("b", "0.2", "USD"),
        costing("c", "9999999999.9999999999", "EUR"),
        costing("d", "0", "RUB"),
        Resource("e"),
    ]
    stock.sync().scope(VM1, [*listed, costing("gone", "7", "USD")])
    stock.sync().scope(VM1, listed)
    with stock.runtime.sessions() as session:
        assert inventory.cost_by_currency(session, stock.connection) == {
            "EUR": Decimal("9999999999.9999999999"),
            "RUB": Decimal(0),
            "USD": Decimal("0.3"),
        }


def test_costs_of_another_connection_cannot_be_written(stock: Inventory) -> None:
    other = Inventory(stock.runtime, stock.clock)
    other.sync().scope(VM1, [Resource("a")])
    (theirs,) = present(stock.runtime, other.connection)
    sync = stock.sync()
    with stock.runtime.sessions.begin() as session:
        inventory.save_costs(session, stock.connection, [(theirs.id, PRICED)], sync_id=sync.id, at=sync.at)
    assert present(stock.runtime, other.connection)[0].daily_cost is None


def test_a_history_can_be_read_for_one_user_or_all(stock: Inventory) -> None:
    other = Inventory(stock.runtime, stock.clock)
    stock.sync().scope(VM1, [Resource("a")])
    other.sync().scope(VM1, [replace(WHOLE, external_id="b")])
    with stock.runtime.sessions() as session:
        everything = [row["external_id"] for row in inventory.resources_at(session, stock.clock())]
    assert everything == ["a", "b"]
    assert list(other.names_at(stock.clock())) == ["b"]
