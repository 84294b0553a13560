"""The bill: kopecks of Moscow's days, per object, per service, and the days before."""

from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.core.domain.costs import Bill, Costed, DayCharges, ServiceCharge, allocate
from app.core.domain.errors import PermissionDenied, ResponseInvalid
from app.core.domain.resources import UNKNOWN_COST, CostBasis
from app.providers.answers import read
from app.providers.selectel.costs import Row, make_bill
from emulators.kit.faults import Fault, Kind
from emulators.selectel.seed import kopecks
from tests.providers.selectel.selectel_cloud import AT, DAY, open_account, read_all, running

LAST = date(2026, 1, 31)


def _row(key: str, value: Any, *, day: str = "2026-01-31", id_: str | None = None, **more: Any) -> Row:
    thing = {"id": id_, "name": "n", "type": "cloud_vm", "parent_id": ""} if id_ else None
    given = {"provider_key": key, "period": f"{day}T00:00:00", "value": value, "object": thing, **more}
    return read(Row, given, "a row")


def test_rows_of_one_object_are_added_up_and_kopecks_become_roubles() -> None:
    bill = make_bill([_row("vpc", 744, id_="s1"), _row("vpc", 312, id_="s1"), _row("mks", 1, id_="k1")], "RUB", LAST)
    assert bill == Bill(
        charged_on=LAST,
        currency="RUB",
        charges=(ServiceCharge("mks", Decimal("0.01")), ServiceCharge("vpc", Decimal("10.56"))),
        by_resource={"s1": Decimal("10.56"), "k1": Decimal("0.01")},
        itemised=frozenset({"mks", "vpc"}),
    )


def test_a_disk_is_its_own_cost_and_not_its_servers() -> None:
    disk = {"id": "d1", "name": "disk", "type": "volume_gigabytes_universal", "parent_id": "s1", "parent_name": "web"}
    bill = make_bill([_row("vpc", 744, id_="s1"), _row("vpc", 312, object=disk)], "RUB", LAST)
    assert bill is not None
    assert bill.by_resource == {"s1": Decimal("7.44"), "d1": Decimal("3.12")}


def test_a_row_of_no_object_is_in_the_total_only() -> None:
    empty = {"id": "", "name": "", "type": ""}
    bill = make_bill([_row("cdn", 50), _row("ses", 7, object=empty, project={"id": None})], "RUB", LAST)
    assert bill is not None
    assert bill.by_resource == {}
    assert bill.total == Decimal("0.57")


def test_buckets_are_known_by_project_region_and_name_with_their_helpers() -> None:
    project, metric = {"id": "p1", "name": "prod"}, {"id": "storage_standard", "region": "ru-1"}
    named = [("storage", "backups"), ("storage", "backups_segments"), ("private_storage", "other")]
    rows = [
        _row(key, 100, project=project, metric=metric, object={"id": f"x{n}", "name": name, "type": "bucket"})
        for n, (key, name) in enumerate(named)
    ]
    bill = make_bill(rows, "RUB", LAST)
    assert bill is not None
    assert bill.by_resource == {
        ("storage:bucket", "p1/ru-1/backups"): Decimal(2),
        ("storage:bucket", "p1/ru-1/other"): Decimal(1),
    }


def test_the_latest_day_with_rows_counts_and_the_days_before_are_told_again() -> None:
    rows = [_row("vpc", 10, day="2026-01-30", id_="s"), _row("vpc", 20, day="2026-01-28", id_="s")]
    bill = make_bill([*rows, _row("vpc", 99, day="2026-02-01", id_="s")], "RUB", LAST)
    assert bill is not None
    assert (bill.charged_on, bill.total) == (date(2026, 1, 30), Decimal("0.1"))
    assert bill.earlier == (DayCharges(date(2026, 1, 28), (ServiceCharge("vpc", Decimal("0.2")),)),)


def test_credits_are_negative_and_nothing_is_no_bill() -> None:
    bill = make_bill([_row("vpc", -150, id_="s")], "RUB", LAST)
    assert bill is not None
    assert bill.total == Decimal("-1.5")
    assert make_bill([], "RUB", LAST) is None


@pytest.mark.parametrize("value", [None, "many", 1.5, [1]])
def test_a_value_that_is_no_whole_number_is_refused(value: Any) -> None:
    with pytest.raises(ResponseInvalid, match="value"):
        _row("vpc", value)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 24, 2, tzinfo=UTC), "2026-11-23"),
        (datetime(2026, 11, 23, 20, 59, tzinfo=UTC), "2026-11-22"),
        (datetime(2026, 11, 23, 21, 0, tzinfo=UTC), "2026-11-23"),
    ],
)
def test_days_are_moscows(at: datetime, day: str) -> None:
    with running() as (emulator, credentials), closing(open_account(emulator, credentials, at=at)) as account:
        bill = account.bill()
        assert bill is not None
        assert f"{bill.charged_on}" == day
        asked = next(r.query for r in emulator.requests if "consumption" in r.path)
    assert asked["end"] == [f"{day}T23:59:59"]
    assert asked["group_type"] == ["project_object_region_metric"]
    assert len(asked["provider_keys"]) == 11


def test_the_bill_names_every_resource_that_costs_and_adds_up() -> None:
    with running() as (emulator, credentials):
        found = [(s.resource_type, r) for s, rs in read_all(emulator, credentials).items() for r in rs]
        with closing(open_account(emulator, credentials)) as account:
            bill = account.bill()
        assert bill is not None
        rows = emulator.accounts[credentials["account_id"]].rows
        assert bill.total * 100 == sum(row["value"] for row in rows if row["period"].startswith(f"{DAY}"))
        assert (bill.charged_on, bill.currency, len(bill.earlier)) == (DAY, "RUB", 3)
        pool = [
            Costed(n, type_, r.external_id, r.region, r.created_at, r.cost or UNKNOWN_COST)
            for n, (type_, r) in enumerate(found)
        ]
        costs = {(c.resource_type, c.external_id): cost for c, cost in allocate(bill, pool)}
    servers = [r.external_id for type_, r in found if type_ == "compute:server"]
    for id_ in servers:
        cost = costs["compute:server", id_]
        assert cost.basis is CostBasis.BILLING
        assert cost.amount == Decimal(kopecks(id_, "compute_cores") + kopecks(id_, "compute_ram")) / 100
    billed = {type_ for type_, _ in costs}
    assert {"volume:volume", "storage:bucket", "mks:cluster", "dbaas:datastore", "network:floating-ip"} <= billed
    assert "network:network" not in billed


def test_without_the_right_to_read_bills_the_words_name_the_role_and_the_inventory_stays() -> None:
    with running() as (emulator, credentials):
        emulator.deny(credentials, "billing")
        with closing(open_account(emulator, credentials)) as account:
            with pytest.raises(PermissionDenied, match="give the service user the role billing or reader"):
                account.bill()
            assert all(list(account.collect(s)) is not None for s in account.scopes())


def test_an_odd_currency_is_refused() -> None:
    with running() as (emulator, credentials):
        emulator.accounts[credentials["account_id"]].currency = "roubles"
        with closing(open_account(emulator, credentials)) as account, pytest.raises(ResponseInvalid, match="currency"):
            account.bill()


def test_statistics_without_their_list_are_refused() -> None:
    with running() as (emulator, credentials):
        emulator.faults.add(Fault(Kind.NO_LIST, path="consumption"))
        with closing(open_account(emulator, credentials)) as account, pytest.raises(ResponseInvalid):
            account.bill()


def test_when_four_days_cannot_be_read_the_billed_day_is_read_alone() -> None:
    with running() as (emulator, credentials):
        emulator.faults.add(Fault(Kind.HUGE, path="consumption", times=1))
        with closing(open_account(emulator, credentials)) as account:
            bill = account.bill()
    assert bill is not None
    assert (bill.charged_on, bill.earlier) == (DAY, ())
    assert bill.total > 0


def test_an_account_that_was_never_charged_has_no_bill() -> None:
    with running() as (emulator, credentials):
        emulator.accounts[credentials["account_id"]].rows.clear()
        with closing(open_account(emulator, credentials, at=AT)) as account:
            assert account.bill() is None
