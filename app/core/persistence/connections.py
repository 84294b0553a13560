"""Queries on connections, and which of them a run would sync."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from app.core.domain.intervals import due_before
from app.core.domain.runs import SyncType
from app.core.models import CloudProvider, User
from app.core.persistence.engine import count_changed


def auto_synced() -> ColumnElement[bool]:
    """Return the condition of a connection that bulk runs look at."""
    c = CloudProvider
    return and_(c.auto_sync.is_(True), c.is_active.is_(True), c.is_deleted.is_(False))


def due(sync_type: SyncType, now: datetime) -> ColumnElement[bool]:
    """Return the condition of an auto-synced connection that a run of this type syncs at `now`."""
    if sync_type is not SyncType.SCHEDULED:
        return auto_synced()
    last = CloudProvider.last_success_at
    in_time = [
        and_(CloudProvider.sync_interval == interval.value, or_(last.is_(None), last <= moment))
        for interval, moment in due_before(now).items()
    ]
    return and_(auto_synced(), or_(*in_time))


def counts_per_user(sync_type: SyncType, now: datetime) -> Select[int, int, int]:
    """Select (user_id, auto-synced connections, those of them that are due), users without any left out."""
    return (
        select(
            CloudProvider.user_id,
            func.count().label("connections"),
            func.sum(case((due(sync_type, now), 1), else_=0)).label("due"),
        )
        .where(auto_synced())
        .group_by(CloudProvider.user_id)
    )


def to_sync(session: Session, user_id: int, sync_type: SyncType, now: datetime) -> Sequence[CloudProvider]:
    """Return one user's connections that a run syncs now, in the order of their ids."""
    return session.scalars(
        select(CloudProvider).where(CloudProvider.user_id == user_id, due(sync_type, now)).order_by(CloudProvider.id)
    ).all()


def find(session: Session, user_id: int, name: str) -> CloudProvider | None:
    """Return a user's connection by name, unless it was removed."""
    return session.scalar(
        select(CloudProvider).where(
            CloudProvider.user_id == user_id,
            CloudProvider.connection_name == name,
            CloudProvider.is_deleted.is_(False),
        )
    )


def listing(session: Session, user_id: int | None = None) -> Iterable[Any]:
    """Stream (connection, its user's e-mail), removed ones left out, ordered by user and id."""
    statement = (
        select(CloudProvider, User.email)
        .join(User, User.id == CloudProvider.user_id)
        .where(CloudProvider.is_deleted.is_(False))
        .order_by(CloudProvider.user_id, CloudProvider.id)
    )
    if user_id is not None:
        statement = statement.where(CloudProvider.user_id == user_id)
    return session.execute(statement.execution_options(yield_per=500))


def with_credentials(session: Session, *, after: int, limit: int) -> Sequence[CloudProvider]:
    """Return the next connections that hold a credential, by id, behind the id given."""
    return session.scalars(
        select(CloudProvider)
        .where(CloudProvider.id > after, CloudProvider.credentials.is_not(None))
        .order_by(CloudProvider.id)
        .limit(limit)
    ).all()


def replace_credentials(session: Session, row: CloudProvider, fresh: str) -> int:
    """Write a re-encrypted credential unless it was changed since it was read; return how many rows were written."""
    unchanged = update(CloudProvider).where(CloudProvider.id == row.id, CloudProvider.credentials == row.credentials)
    return count_changed(session, unchanged.values(credentials=fresh))
