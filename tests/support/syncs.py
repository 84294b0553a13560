"""Syncs of one connection, with its provider or without: what persistence is told, and what it then says."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core.domain.costs import Bill, allocate
from app.core.domain.diff import Changes
from app.core.domain.resources import Resource
from app.core.domain.runs import ConnectionOutcome
from app.core.domain.scopes import Scope
from app.core.models import CloudProvider, CompleteSync, ConnectionSync
from app.core.models import Resource as ResourceRow
from app.core.persistence import inventory
from app.core.services.accounts import Connection
from app.core.services.connection_sync_service import ConnectionSyncService
from app.core.services.runtime import Runtime
from app.providers.base import Deadline


@dataclass(slots=True)
class Sync:
    """One connection sync under way."""

    runtime: Runtime
    connection_id: int
    id: int
    at: datetime
    changes: dict[Scope, Changes] = field(default_factory=dict)

    def scope(self, scope: Scope, listed: Iterable[Resource], *, believe: bool = True) -> Changes:
        """Diff and save one whole listing, and unless told otherwise believe that what it misses is gone."""
        with self.runtime.sessions() as session:
            diff = inventory.scope_diff(session, self.connection_id, scope)
        for resource in listed:
            diff.add(resource)
        changes = diff.finish()
        if changes:
            self.save(scope, changes)
        if changes.missing and believe:
            self.believe()
        self.changes[scope] = changes
        return changes

    def save(self, scope: Scope, changes: Changes) -> None:
        """Save changes of a scope."""
        with self.runtime.sessions.begin() as session:
            inventory.save_changes(session, self.connection_id, scope, changes, sync_id=self.id, at=self.at)

    def believe(self) -> None:
        """Delete what this sync missed."""
        with self.runtime.sessions.begin() as session:
            inventory.delete_suspects(session, self.connection_id, at=self.at, since=self.at, sync_id=self.id)

    def bill(self, bill: Bill) -> None:
        """Allocate and save a bill."""
        with self.runtime.sessions() as session:
            resources = inventory.costed_resources(session, self.connection_id, sync_id=self.id)
        costs = [(resource.id, cost) for resource, cost in allocate(bill, resources)]
        with self.runtime.sessions.begin() as session:
            inventory.save_costs(session, self.connection_id, costs, sync_id=self.id, at=self.at)


def sync_connection(runtime: Runtime, connection_id: int, deadline_s: float = 60) -> ConnectionOutcome:
    """Sync a connection with its provider, as part of a complete sync of its own."""
    with runtime.sessions.begin() as session:
        row = session.get_one(CloudProvider, connection_id)
        complete = CompleteSync(
            user_id=row.user_id, sync_type="manual", currency="USD", sync_started_at=runtime.clock()
        )
        session.add(complete)
        session.flush()
        connection, complete_id = Connection.of(row), complete.id
    return ConnectionSyncService(runtime).sync(connection, complete_id, Deadline.after(deadline_s))


def latest_sync(runtime: Runtime, connection_id: int) -> ConnectionSync:
    """Return the row of the connection's latest sync."""
    with runtime.sessions() as session:
        rows = select(ConnectionSync).where(ConnectionSync.connection_id == connection_id)
        latest = session.scalars(rows.order_by(ConnectionSync.id.desc())).first()
    assert latest is not None
    return latest


def begin(runtime: Runtime, user_id: int, connection_id: int, at: datetime) -> Sync:
    """Write the rows that a connection sync begins with."""
    with runtime.sessions.begin() as session:
        complete = CompleteSync(user_id=user_id, sync_type="manual", currency="USD", sync_started_at=at)
        session.add(complete)
        session.flush()
        row = ConnectionSync(complete_sync_id=complete.id, connection_id=connection_id, started_at=at)
        session.add(row)
        session.flush()
        return Sync(runtime, connection_id, row.id, at)


def present(runtime: Runtime, connection_id: int) -> list[ResourceRow]:
    """Return the rows of what exists now, by type and id."""
    with runtime.sessions() as session:
        rows = session.scalars(
            select(ResourceRow).where(ResourceRow.connection_id == connection_id, ResourceRow.deleted_at.is_(None))
        )
        return sorted(rows, key=lambda row: (row.resource_type, row.external_id))


def history(runtime: Runtime, user_id: int, at: datetime) -> list[dict[str, Any]]:
    """Return what existed at a moment, by type and id."""
    with runtime.sessions() as session:
        rows = list(inventory.resources_at(session, at, user_id=user_id))
    return sorted(rows, key=lambda row: (row["resource_type"], row["external_id"]))
