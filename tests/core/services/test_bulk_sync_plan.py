"""A dry run is the run's own plan, costs next to nothing, and leaves no trace."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from app.core.domain.resources import Resource
from app.core.domain.runs import SyncType
from app.core.domain.scopes import Scope
from app.core.models import BulkSyncItem, CloudProvider, Role, User
from app.core.services.bulk_sync_service import BulkSyncService
from app.core.services.runtime import Runtime
from app.extensions import db
from tests.support.clock import Clock
from tests.support.databases import sqlite_only
from tests.support.factories import add_connection, add_user
from tests.support.scripted_provider import ScriptedAccount, ScriptedProvider
from tests.support.statements import recorded

connections = st.fixed_dictionaries(
    {
        "auto_sync": st.booleans(),
        "is_active": st.sampled_from([True, True, False]),
        "is_deleted": st.sampled_from([False, False, True]),
        "sync_interval": st.sampled_from(["hourly", "daily", "weekly", "manual"]),
        "age_h": st.sampled_from([None, 0, 0.9, 21.6, 151.2, 1000]),
        "key": st.sampled_from(["good", "bad"]),
    }
)
people = st.tuples(
    st.fixed_dictionaries({"role": st.sampled_from(list(Role)), "is_active": st.sampled_from([True, True, False])}),
    st.lists(connections, max_size=3),
)


def contents(runtime: Runtime) -> dict[str, Any]:
    with runtime.sessions() as session:
        return {name: session.execute(select(table)).all() for name, table in db.metadata.tables.items()}


def populate(runtime: Runtime, population: list[Any]) -> None:
    with runtime.sessions.begin() as session:
        for table in reversed(db.metadata.sorted_tables):
            session.execute(delete(table))
    for user, owned in population:
        user_id = add_user(runtime, **user)
        for connection in owned:
            age_h = connection["age_h"]
            last = None if age_h is None else runtime.clock() - timedelta(hours=age_h)
            columns = {name: value for name, value in connection.items() if name not in ("age_h", "key")}
            add_connection(runtime, user_id, key=connection["key"], last_success_at=last, **columns)
    with runtime.sessions.begin() as session:
        for row in session.scalars(select(CloudProvider).where(CloudProvider.is_deleted)):
            row.deleted_key = row.id


@sqlite_only
@settings(max_examples=100)
@given(population=st.lists(people, max_size=6), sync_type=st.sampled_from(list(SyncType)))
def test_a_dry_run_shows_what_the_run_then_does_and_writes_nothing(
    runtime: Runtime, cloud: ScriptedProvider, population: list[Any], sync_type: SyncType
) -> None:
    cloud.accounts = {"good": ScriptedAccount({Scope("vm"): [Resource("a")]})}
    populate(runtime, population)
    service, before = BulkSyncService(runtime), contents(runtime)
    plan = service.get_eligible_users(sync_type)
    assert contents(runtime) == before
    done = service.sync_all_users(sync_type)
    assert [(p.user_id, p.email) for p in plan] == [(r["user_id"], r["user_email"]) for r in done["user_results"]]
    for planned, result in zip(plan, done["user_results"], strict=True):
        assert planned.reason == result.get("reason")
        assert (result["status"] == "skipped") == (planned.reason is not None)
        if result["status"] != "skipped":
            synced = result.get("providers_synced", len(result["provider_errors"]))
            assert synced == planned.providers
    assert done["total_users"] == len(plan)
    assert done["skipped_users"] == sum(planned.reason is not None for planned in plan)


def test_a_dry_run_over_thousands_of_users_is_one_statement(runtime: Runtime, engine: Engine, clock: Clock) -> None:
    with runtime.sessions.begin() as session:
        session.add_all([User(email=f"mass{n}@example.com") for n in range(1500)])
    first = add_user(runtime)
    for _ in range(2):
        add_connection(runtime, first)
    with recorded(engine) as statements:
        plan = BulkSyncService(runtime).get_eligible_users()
    assert len(statements) == 1
    assert len(plan) == 1501
    assert [planned.providers for planned in plan if planned.reason is None] == [2]
    assert [planned.user_id for planned in plan] == sorted(planned.user_id for planned in plan)


def test_a_run_is_planned_with_as_many_statements_for_a_thousand_users_as_for_one(
    runtime: Runtime, engine: Engine
) -> None:
    def statements_of_a_run() -> int:
        with recorded(engine) as statements:
            BulkSyncService(runtime).sync_all_users("manual")
        return len(statements)

    add_user(runtime)
    one = statements_of_a_run()
    with runtime.sessions.begin() as session:
        session.add_all([User(email=f"mass{n}@example.com") for n in range(400)])
    assert statements_of_a_run() == one


@sqlite_only
@pytest.mark.parametrize("ids", [[1, True], [True, 1], [[1]], [None], ["1", 1], "1", [0.0]])
def test_what_is_no_list_of_ids_is_refused_before_anything_is_written(runtime: Runtime, ids: Any) -> None:
    with pytest.raises(ValueError, match="user_ids are"):
        BulkSyncService(runtime).sync_specific_users(user_ids=ids)
    with runtime.sessions() as session:
        assert session.scalars(select(BulkSyncItem)).all() == []


def test_ids_are_taken_once_and_answered_in_the_order_of_the_users(runtime: Runtime) -> None:
    first, second = add_user(runtime), add_user(runtime)
    unknown = [2**63 - 1, 10**6]
    answer = BulkSyncService(runtime).sync_specific_users([unknown[0], second, first, second, unknown[1], unknown[0]])
    assert [result["user_id"] for result in answer["user_results"]] == [first, second, *unknown]
    assert (answer["total_users"], answer["skipped_users"]) == (4, 4)


def test_no_ids_are_no_users(runtime: Runtime) -> None:
    add_user(runtime)
    answer = BulkSyncService(runtime).sync_specific_users([])
    assert (answer["total_users"], answer["status"], answer["user_results"]) == (0, "success", [])
