"""The inventory's tables: what is known of a scope, its changes, and its history.

Every write is a handful of set-based statements, whatever the number of rows. The rows that a write touches are
marked with the connection sync that made it; their versions are then derived from the marks.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Insert,
    Select,
    Text,
    and_,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from app.core.domain.costs import BILLED, Costed
from app.core.domain.diff import Change, Changes, ScopeDiff
from app.core.domain.resources import Cost, CostBasis, canonical_json
from app.core.domain.runs import SyncStatus
from app.core.domain.scopes import Scope
from app.core.models import CloudProvider, ConnectionSync, Resource, ResourceVersion, User
from app.core.models.types import Json, Money, UTCDateTime
from app.core.persistence.engine import count_changed, money_sum
from app.core.persistence.json_rows import chunks, incoming

_resources = Resource.__table__
_versions = ResourceVersion.__table__
_KEY = ("connection_id", "resource_type", "external_id")
_STATE = ("name", "region", "status", "created_at", "tags", "config", "daily_cost", "currency", "cost_basis")
_LISTED = {
    "external_id": Text,
    "name": Text,
    "region": Text,
    "status": Text,
    "created_at": UTCDateTime,
    "tags": Json,
    "config": Json,
    "fingerprint": Text,
}
_COST = {"daily_cost": Money, "currency": Text, "cost_basis": Text}
_ID = {"external_id": Text}
Suspects = list[tuple[Scope, datetime, int]]


def latest_sync(session: Session, connection_id: int) -> tuple[datetime, SyncStatus] | None:
    """Return when the connection's latest sync began and how it ended; None when there was none."""
    c = ConnectionSync
    mine = select(c.started_at, c.status).where(c.connection_id == connection_id)
    row = session.execute(mine.order_by(c.started_at.desc()).limit(1)).one_or_none()
    return None if row is None else (row.started_at, SyncStatus(row.status))


def scope_diff(session: Session, connection_id: int, scope: Scope) -> ScopeDiff:
    """Return a diff that knows the scope's present resources, those in doubt included."""
    c = _resources.c
    known, suspects = {}, set()
    rows = session.execute(
        select(c.external_id, c.fingerprint, c.suspect_since).where(*_present_in(connection_id, scope))
    )
    for external_id, fingerprint, suspect_since in rows:
        known[external_id] = fingerprint
        if suspect_since is not None:
            suspects.add(external_id)
    return ScopeDiff(known, suspects)


def save_changes(
    session: Session, connection_id: int, scope: Scope, changes: Changes, *, sync_id: int, at: datetime
) -> None:
    """Write what one whole listing changed, and its history. Writing the same changes again changes nothing more.

    What is missing for the first time is marked as suspect and stays; `delete_suspects` ends it.
    """
    touched = [*changes.created, *changes.updated]
    for priced in (False, True):
        rows = (_listed_row(change) for change in touched if (change.resource.cost is not None) is priced)
        for payload in chunks(rows):
            _upsert(session, connection_id, scope, payload, priced=priced, sync_id=sync_id, at=at)
    deleted = {"deleted_at": at, "suspect_since": None, "changed_at": at, "changed_by_id": sync_id}
    _update_listed(session, connection_id, scope, changes.gone, deleted)
    _update_listed(session, connection_id, scope, changes.missing, {"suspect_since": at})
    _update_listed(session, connection_id, scope, changes.back, {"suspect_since": None})
    if touched or changes.gone:
        here = and_(_resources.c.resource_type == scope.resource_type, _resources.c.scope_location == scope.location)
        _save_versions(session, connection_id, here, sync_id=sync_id, at=at)


def suspects(session: Session, connection_id: int) -> Suspects:
    """Return (scope, since when, how many) of the connection's present resources that are in doubt."""
    c = _resources.c
    rows = session.execute(
        select(c.resource_type, c.scope_location, c.suspect_since, func.count())
        .where(*_in_doubt(connection_id))
        .group_by(c.resource_type, c.scope_location, c.suspect_since)
    )
    return [(Scope(type_, location), since, count) for type_, location, since, count in rows]


def clear_suspects(session: Session, connection_id: int, *, since: datetime) -> None:
    """Take back the doubts of a sync that broke down before it decided on them."""
    doubted = and_(*_in_doubt(connection_id), _resources.c.suspect_since == since)
    session.execute(update(_resources).where(doubted).values(suspect_since=None))


def doubt_unlisted(session: Session, connection_id: int, listed: Collection[Scope], *, at: datetime) -> int:
    """Mark as suspect what is present in scopes that are not listed any more; return how many."""
    c = _resources.c
    present = (c.connection_id == connection_id, c.deleted_at.is_(None), c.suspect_since.is_(None))
    kept = session.execute(select(c.resource_type, c.scope_location).where(*present).distinct()).all()
    marked = 0
    for scope in sorted({Scope(*row) for row in kept} - set(listed)):
        here = (c.resource_type == scope.resource_type, c.scope_location == scope.location)
        marked += count_changed(session, update(_resources).where(*present, *here).values(suspect_since=at))
    return marked


def delete_suspects(
    session: Session,
    connection_id: int,
    *,
    at: datetime,
    since: datetime | None = None,
    scope: Scope | None = None,
    sync_id: int | None = None,
) -> int:
    """Believe that the resources in doubt are gone: all of the connection's, those since a moment, those of a scope.

    Returns how many.

    sync_id  the connection sync that decided it, None when an operator did
    """
    c, v = _resources.c, _versions.c
    where = [*_in_doubt(connection_id)]
    if since is not None:
        where.append(c.suspect_since == since)
    if scope is not None:
        where += [c.resource_type == scope.resource_type, c.scope_location == scope.location]
    doubted = and_(*where)
    session.execute(update(_versions).where(v.resource_id == c.id, v.valid_to.is_(None), doubted).values(valid_to=at))
    values: dict[str, Any] = {"deleted_at": at, "suspect_since": None, "changed_at": at}
    if sync_id is not None:
        values["changed_by_id"] = sync_id
    return count_changed(session, update(_resources).where(doubted).values(values))


def costed_resources(session: Session, connection_id: int, *, sync_id: int) -> list[Costed]:
    """Return the connection's present resources with their stored cost, ordered by id; see whom this sync wrote."""
    c = _resources.c
    cost = (c.daily_cost, c.currency, c.cost_basis, c.changed_by_id)
    rows = session.execute(
        select(c.id, c.resource_type, c.external_id, c.region, c.created_at, *cost)
        .where(c.connection_id == connection_id, c.deleted_at.is_(None))
        .order_by(c.id)
    )
    return [
        Costed(
            *row[:5],
            Cost(CostBasis(row.cost_basis), row.daily_cost, row.currency),
            is_new_state=row.changed_by_id == sync_id,
        )
        for row in rows
    ]


def save_costs(
    session: Session, connection_id: int, costs: Iterable[tuple[int, Cost]], *, sync_id: int, at: datetime
) -> None:
    """Write new costs, given as (resource id, cost), and their history."""
    wrote = False
    for payload in chunks({"id": id_, **_cost_row(cost)} for id_, cost in costs):
        new = incoming(session, {"id": BigInteger, **_COST}, payload)
        values = {name: new.c[name] for name in _COST}
        session.execute(
            update(_resources)
            .where(_resources.c.id == new.c.id, _resources.c.connection_id == connection_id)
            .values(**values, changed_at=at, changed_by_id=sync_id)
        )
        wrote = True
    if wrote:
        _save_versions(session, connection_id, true(), sync_id=sync_id, at=at)


def cost_by_currency(session: Session, connection_id: int) -> dict[str, Decimal]:
    """Return currency -> cost per day of the connection's present resources; unknown costs are left out."""
    rows = session.execute(
        select(_resources.c.currency, money_sum(_resources.c.daily_cost))
        .where(
            _resources.c.connection_id == connection_id,
            _resources.c.deleted_at.is_(None),
            _resources.c.daily_cost.is_not(None),
        )
        .group_by(_resources.c.currency)
        .order_by(_resources.c.currency)
    )
    return dict(rows.all())


def billed_cost(session: Session, connection_id: int, currency: str) -> Decimal:
    """Return what the connection's present resources cost per day by the cloud's own bill, in one currency."""
    c = _resources.c
    total = session.scalar(
        select(money_sum(c.daily_cost)).where(
            c.connection_id == connection_id,
            c.deleted_at.is_(None),
            c.cost_basis.in_([basis.value for basis in BILLED]),
            c.currency == currency,
        )
    )
    return total or Decimal(0)


def resources_at(session: Session, at: datetime, *, user_id: int | None = None) -> Iterator[dict[str, Any]]:
    """Stream the inventory as it was at a moment, one mapping per resource, ordered by connection and id."""
    v, r = _versions.c, _resources.c
    statement = (
        select(
            User.email.label("user_email"),
            CloudProvider.connection_name,
            CloudProvider.provider_type,
            r.resource_type,
            r.external_id,
            r.scope_location,
            *(v[name] for name in _STATE),
            r.first_seen_at,
            v.valid_from,
            v.valid_to,
        )
        .join_from(_versions, _resources, v.resource_id == r.id)
        .join(CloudProvider, CloudProvider.id == r.connection_id)
        .join(User, User.id == CloudProvider.user_id)
        .where(v.valid_from <= at, or_(v.valid_to.is_(None), v.valid_to > at))
        .order_by(r.connection_id, r.id)
    )
    if user_id is not None:
        statement = statement.where(CloudProvider.user_id == user_id)
    for row in session.execute(statement.execution_options(yield_per=1000)):
        yield row._asdict()


def _in_doubt(connection_id: int) -> tuple[ColumnElement[bool], ...]:
    c = _resources.c
    return c.connection_id == connection_id, c.deleted_at.is_(None), c.suspect_since.is_not(None)


def _present_in(connection_id: int, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    c = _resources.c
    return (
        c.connection_id == connection_id,
        c.resource_type == scope.resource_type,
        c.scope_location == scope.location,
        c.deleted_at.is_(None),
    )


def _update_listed(
    session: Session, connection_id: int, scope: Scope, ids: Iterable[str], values: Mapping[str, Any]
) -> None:
    """Set columns of the scope's present resources with these external ids."""
    for payload in chunks({"external_id": external_id} for external_id in ids):
        listed = incoming(session, _ID, payload)
        session.execute(
            update(_resources)
            .where(*_present_in(connection_id, scope), _resources.c.external_id == listed.c.external_id)
            .values(values)
        )


def _listed_row(change: Change) -> dict[str, Any]:
    resource = change.resource
    row = {
        "external_id": resource.external_id,
        "name": resource.name,
        "region": resource.region,
        "status": resource.status,
        "tags": canonical_json(resource.tags),
        "config": canonical_json(resource.config),
        "fingerprint": change.fingerprint,
    }
    if resource.created_at is not None:
        row["created_at"] = resource.created_at.replace(tzinfo=None).isoformat(" ", "microseconds")
    return row if resource.cost is None else row | _cost_row(resource.cost)


def _cost_row(cost: Cost) -> dict[str, Any]:
    known = {} if cost.amount is None else {"daily_cost": format(cost.amount, "f"), "currency": cost.currency}
    return {"cost_basis": cost.basis.value, **known}


def _upsert(
    session: Session, connection_id: int, scope: Scope, payload: str, *, priced: bool, sync_id: int, at: datetime
) -> None:
    """Insert or overwrite listed resources. A cost that the listing does not tell keeps its stored value."""
    columns = _LISTED | _COST if priced else _LISTED
    new = incoming(session, columns, payload)
    marks: dict[str, ColumnElement[Any]] = {
        "scope_location": literal(scope.location),
        "changed_at": literal(at, UTCDateTime),
        "changed_by_id": literal(sync_id),
        "suspect_since": null(),
        "deleted_at": null(),
    }
    only_new: dict[str, ColumnElement[Any]] = {
        "connection_id": literal(connection_id),
        "resource_type": literal(scope.resource_type),
        "first_seen_at": literal(at, UTCDateTime),
    }
    if not priced:
        only_new["cost_basis"] = literal(CostBasis.UNKNOWN.value)
    source = {name: new.c[name] for name in columns} | marks | only_new
    overwritten = [name for name in (*columns, *marks) if name != "external_id"]
    # The condition is for SQLite, which would take ON CONFLICT for a join condition of a bare SELECT.
    rows = select(*source.values()).where(true())
    session.execute(_insert_or_overwrite(session.get_bind().dialect.name, list(source), rows, overwritten))


def _insert_or_overwrite(dialect: str, columns: list[str], rows: Select[Any], overwritten: list[str]) -> Insert:
    """Return the upsert of a database's own dialect; the others' stay unimported."""
    if dialect in ("mysql", "mariadb"):
        from sqlalchemy.dialects import mysql

        into = mysql.insert(_resources).from_select(columns, rows)
        return into.on_duplicate_key_update({name: into.inserted[name] for name in overwritten})
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as dialect_insert
    else:
        from sqlalchemy.dialects.sqlite import insert as dialect_insert  # type: ignore[assignment]
    upsert = dialect_insert(_resources).from_select(columns, rows)
    return upsert.on_conflict_do_update(index_elements=_KEY, set_={name: upsert.excluded[name] for name in overwritten})


def _save_versions(
    session: Session, connection_id: int, where: ColumnElement[bool], *, sync_id: int, at: datetime
) -> None:
    """Bring the history in line with the resources that this sync marked: end what held, begin what holds.

    A version that this very sync opened before (a cost follows its listing) is replaced, not ended: it held for
    no time at all.
    """
    c, v = _resources.c, _versions.c
    marked = and_(c.connection_id == connection_id, c.changed_by_id == sync_id, where)
    session.execute(delete(_versions).where(v.opened_by_id == sync_id, v.resource_id.in_(select(c.id).where(marked))))
    # A join, not `IN`: MariaDB would read the whole history, as no other condition narrows it down.
    session.execute(update(_versions).where(v.resource_id == c.id, v.valid_to.is_(None), marked).values(valid_to=at))
    begun = {"resource_id": c.id, "valid_from": literal(at, UTCDateTime), "opened_by_id": literal(sync_id)}
    state = begun | {name: c[name] for name in _STATE}
    session.execute(
        insert(_versions).from_select(list(state), select(*state.values()).where(marked, c.deleted_at.is_(None)))
    )
