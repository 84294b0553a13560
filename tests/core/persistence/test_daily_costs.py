from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from app.core.domain.costs import MAX_SERVICE, Bill, DayCharges, ServiceCharge
from app.core.models import DailyCost
from app.core.persistence import daily_costs
from app.core.persistence.users import UnknownUser
from app.core.services import inventory_service
from app.core.services.runtime import Runtime
from tests.support.clock import Clock
from tests.support.databases import sqlite_only
from tests.support.factories import add_connection, add_user
from tests.support.statements import recorded

DAY = date(2026, 11, 22)


def charge(service: str, amount: str, region: str | None = None) -> ServiceCharge:
    return ServiceCharge(service, Decimal(amount), region=region)


def bill(*charges: ServiceCharge, days_later: int = 0, earlier: Sequence[DayCharges] = ()) -> Bill:
    return Bill(DAY + timedelta(days=days_later), "USD", charges, earlier=tuple(earlier))


class Ledger:
    """One connection's daily costs, read once an hour."""

    def __init__(self, runtime: Runtime, clock: Clock) -> None:
        self.runtime, self.clock = runtime, clock
        self.user = add_user(runtime)
        self.connection = add_connection(runtime, self.user)

    def read(self, bill: Bill) -> datetime:
        at = self.clock.advance(hours=1)
        with self.runtime.sessions.begin() as session:
            daily_costs.save(session, self.connection, bill, at=at)
        return at

    def rows(self) -> list[DailyCost]:
        with self.runtime.sessions() as session:
            mine = select(DailyCost).where(DailyCost.connection_id == self.connection)
            return list(session.scalars(mine.order_by(DailyCost.id)))

    def holding(self) -> dict[tuple[date, str, str], Decimal]:
        rows = [row for row in self.rows() if row.replaced_at is None]
        found = {(row.charged_on, row.service, row.region): row.amount for row in rows}
        assert len(found) == len(rows), "a charge has two figures"
        return found


@pytest.fixture
def ledger(runtime: Runtime, clock: Clock) -> Ledger:
    return Ledger(runtime, clock)


def test_the_billed_day_and_the_days_before_are_kept_per_service_and_region(ledger: Ledger) -> None:
    before = DayCharges(DAY - timedelta(days=1), (charge("vm", "9.0000000001"),))
    at = ledger.read(bill(charge("vm", "1", "r1"), charge("vm", "2"), charge("credit", "-0.5"), earlier=[before]))
    assert ledger.holding() == {
        (DAY, "vm", "r1"): Decimal(1),
        (DAY, "vm", ""): Decimal(2),
        (DAY, "credit", ""): Decimal("-0.5"),
        (DAY - timedelta(days=1), "vm", ""): Decimal("9.0000000001"),
    }
    assert {(row.currency, row.read_at) for row in ledger.rows()} == {("USD", at)}


def test_an_unchanged_figure_writes_nothing(ledger: Ledger, engine: Engine) -> None:
    told = bill(charge("vm", "1.50"), charge("disk", "0"), charge("credit", "-3"))
    ledger.read(told)
    with recorded(engine) as statements:
        ledger.read(replace(told, charges=(charge("vm", "1.5"), *told.charges[1:])))
    assert [statement.split()[0] for statement in statements] == ["SELECT"]


def test_a_restated_figure_ends_the_old_one_and_keeps_it(ledger: Ledger) -> None:
    first = ledger.read(bill(charge("vm", "1"), charge("disk", "2")))
    second = ledger.read(bill(charge("vm", "1.25"), charge("disk", "2")))
    told = [(row.service, row.amount, row.read_at, row.replaced_at) for row in ledger.rows()]
    assert sorted(told[:2]) == [("disk", 2, first, None), ("vm", 1, first, second)]
    assert told[2:] == [("vm", Decimal("1.25"), second, None)]


def test_a_day_restated_while_a_later_day_is_billed(ledger: Ledger) -> None:
    ledger.read(bill(charge("vm", "1")))
    ledger.read(
        bill(charge("vm", "2"), days_later=1, earlier=[DayCharges(DAY, (charge("vm", "3"), charge("late", "4")))])
    )
    assert ledger.holding() == {
        (DAY, "vm", ""): 3,
        (DAY, "late", ""): 4,
        (DAY + timedelta(days=1), "vm", ""): 2,
    }


def test_a_service_that_a_day_no_longer_has_is_ended(ledger: Ledger) -> None:
    ledger.read(bill(charge("vm", "1"), charge("gone", "2")))
    at = ledger.read(bill(charge("vm", "1")))
    assert ledger.holding() == {(DAY, "vm", ""): 1}
    assert [row.replaced_at for row in ledger.rows() if row.service == "gone"] == [at]
    ledger.read(bill(charge("vm", "5"), days_later=1, earlier=[DayCharges(DAY, ())]))
    assert ledger.holding() == {(DAY + timedelta(days=1), "vm", ""): 5}


def test_a_day_that_is_not_told_stays_as_it_is(ledger: Ledger) -> None:
    ledger.read(bill(charge("vm", "1")))
    ledger.read(bill(charge("vm", "2"), days_later=5))
    assert len(ledger.holding()) == 2


def test_another_currency_is_another_figure(ledger: Ledger) -> None:
    ledger.read(bill(charge("vm", "1")))
    ledger.read(replace(bill(charge("vm", "1")), currency="EUR"))
    assert [(row.currency, row.replaced_at is None) for row in ledger.rows()] == [("USD", False), ("EUR", True)]


def test_connections_do_not_touch_each_other(ledger: Ledger) -> None:
    other = Ledger(ledger.runtime, ledger.clock)
    ledger.read(bill(charge("vm", "1")))
    other.read(bill(charge("vm", "2")))
    ledger.read(bill())
    assert (ledger.holding(), other.holding()) == ({}, {(DAY, "vm", ""): 2})


def test_difficult_names_survive_and_are_unchanged_the_next_time(ledger: Ledger) -> None:
    names = ["x" * 500 + end for end in "ab"] + ["a\x00b", "\U0001f600" * 300, "שלום\u202e", "EC2", "ec2", "'; %s :x"]
    told = bill(*(charge(name, "1", region=name) for name in names))
    ledger.read(told)
    assert len(ledger.rows()) == len(names)
    assert all(len(row.service) <= MAX_SERVICE and len(row.region) <= 64 for row in ledger.rows())
    ledger.read(told)
    assert len(ledger.rows()) == len(names)


@sqlite_only
def test_the_number_of_statements_does_not_depend_on_the_number_of_figures(ledger: Ledger, engine: Engine) -> None:
    counts = []
    for size, later in ((3, 0), (3_000, 9)):
        other = Ledger(ledger.runtime, ledger.clock)
        for amount in ("1", "2", "2"):
            with recorded(engine) as statements:
                other.read(bill(*(charge(f"s{n}", amount) for n in range(size)), days_later=later))
            counts.append(len(statements))
    assert counts == [2, 3, 1, 2, 3, 1]


def test_daily_costs_are_read_back_with_their_earlier_figures(ledger: Ledger) -> None:
    other = Ledger(ledger.runtime, ledger.clock)
    for amount in ("1", "2", "3"):
        ledger.read(bill(charge("vm", amount), charge("disk", "1")))
    ledger.read(bill(charge("vm", "3")))
    other.read(bill(charge("vm", "7"), days_later=1))
    told = list(inventory_service.daily_costs_of(ledger.runtime))
    shown = [(row["service"], row["amount"], [e["amount"] for e in row["earlier"]]) for row in told]
    assert shown == [("disk", 1, []), ("vm", 3, [1, 2]), ("vm", 7, [])]
    assert [row["replaced_at"] is None for row in told] == [False, True, True]


@sqlite_only
def test_daily_costs_can_be_narrowed_down(ledger: Ledger) -> None:
    other = Ledger(ledger.runtime, ledger.clock)
    for n in range(3):
        ledger.read(bill(charge("vm", "1"), days_later=n))
        other.read(bill(charge("vm", "1"), days_later=n))
    with ledger.runtime.sessions() as session:
        from app.core.models import CloudProvider, User

        email = session.get_one(User, ledger.user).email
        name = session.get_one(CloudProvider, ledger.connection).connection_name

    def days(**narrowed: object) -> list[int]:
        rows = inventory_service.daily_costs_of(ledger.runtime, **narrowed)  # type: ignore[arg-type]
        return [(row["charged_on"] - DAY).days for row in rows]

    assert days() == [0, 1, 2, 0, 1, 2]
    assert days(email=email) == days(connection=name) == [0, 1, 2]
    assert days(email=email, start=DAY + timedelta(days=1)) == [1, 2]
    assert days(email=email, start=DAY, end=DAY + timedelta(days=1)) == [0, 1]
    assert days(connection="no such") == []
    with pytest.raises(UnknownUser):
        days(email="who@example.com")
