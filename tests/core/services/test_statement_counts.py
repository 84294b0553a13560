"""How many SQL statements a connection sync takes: as many for 10 resources as for 10,000."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from app.core.domain.costs import Bill, ServiceCharge
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.core.services.bulk_sync_service import BulkSyncService
from app.core.services.runtime import Runtime
from tests.support.clock import Clock
from tests.support.databases import sqlite_only
from tests.support.factories import add_connection, add_user
from tests.support.scripted_provider import ScriptedAccount, ScriptedProvider
from tests.support.statements import recorded, traced

VM = Scope("vm", "r1")
INVENTORY_WRITE = re.compile(r"^\s*(INSERT|UPDATE|DELETE)\b.*?\b(resources|resource_versions)\b", re.S)


def inventory(size: int, name: str) -> Iterator[Resource]:
    for number in range(size):
        yield Resource(f"i-{number:017x}", name=name, region="r1", status="running", config={"vcpus": 2})


def three_runs(runtime: Runtime, cloud: ScriptedProvider, clock: Clock, engine: Engine, size: int) -> list[list[str]]:
    """Return the statements of a first run, an unchanged one and one in which everything changed."""
    charge = ServiceCharge("compute", Decimal("10"), frozenset({"vm"}))
    account = cloud.accounts.setdefault("key", ScriptedAccount())
    # A day of its own for each size, so that each series begins with a day that was never billed.
    account.bill = Bill(date(2026, 11, 22) + timedelta(days=size), "USD", (charge,))
    counter = traced if engine.dialect.name == "sqlite" else recorded
    runs = []
    for name in ("web", "web", "changed"):
        account.scopes = {VM: list(inventory(size, name))}
        clock.advance(days=1)
        with counter(engine) as statements:
            assert BulkSyncService(runtime).sync_all_users("manual")["successful_users"] == 1
        runs.append(list(statements))
    return runs


def test_the_number_of_statements_does_not_depend_on_the_number_of_resources(
    runtime: Runtime, cloud: ScriptedProvider, clock: Clock, engine: Engine
) -> None:
    add_connection(runtime, add_user(runtime))
    few = [len(statements) for statements in three_runs(runtime, cloud, clock, engine, 10)]
    many = [len(statements) for statements in three_runs(runtime, cloud, clock, engine, 10_000)]
    # The second series starts with ten known resources, which costs no further statement.
    assert many == few


def test_an_unchanged_run_writes_nothing_into_the_inventory(
    runtime: Runtime, cloud: ScriptedProvider, clock: Clock, engine: Engine
) -> None:
    add_connection(runtime, add_user(runtime))
    first, unchanged, changed = three_runs(runtime, cloud, clock, engine, 100)
    writes = [sum(bool(INVENTORY_WRITE.search(s)) for s in statements) for statements in (first, unchanged, changed)]
    assert writes == [8, 0, 4]


@sqlite_only
@pytest.mark.parametrize("size", [10, 1_000])
def test_a_scope_takes_at_most_eight_statements(
    runtime: Runtime, cloud: ScriptedProvider, clock: Clock, engine: Engine, size: int
) -> None:
    add_connection(runtime, add_user(runtime))
    cloud.accounts["key"] = ScriptedAccount({VM: list(inventory(size, "web"))})
    with recorded(engine) as one_scope:
        BulkSyncService(runtime).sync_all_users("manual")
    cloud.accounts["key"].scopes = {VM: list(inventory(size, "x")), Scope("vm", "r2"): [Resource("b")]}
    with recorded(engine) as two_scopes:
        BulkSyncService(runtime).sync_all_users("manual")
    assert len(two_scopes) - len(one_scope) <= 8
