"""Bulk runs and their items."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.orm import Session

from app.core.domain.exchange import Rate, RateTable, convert
from app.core.domain.runs import (
    DEMO_USER,
    INACTIVE,
    NO_CONNECTIONS,
    NONE_DUE,
    NOT_FOUND,
    ItemStatus,
    ProviderError,
    RunSummary,
    SyncStatus,
    SyncType,
    UserResult,
    run_status,
)
from app.core.models import BulkSync, BulkSyncItem, CloudProvider, CompleteSync, ConnectionSync, Role, User
from app.core.persistence import connections
from app.core.persistence.engine import count_changed
from app.core.persistence.json_rows import chunks, incoming

_ROWS_PER_FETCH = 500


@dataclass(frozen=True, slots=True)
class PlannedUser:
    """A user as a run would take it. `providers` counts the connections that would be synced."""

    user_id: int
    email: str | None
    providers: int
    reason: str | None


def planned(sync_type: SyncType, now: datetime, where: ColumnElement[bool]) -> Select[int, str, int, str | None]:
    """Select (user id, e-mail, connections to sync, reason to skip or NULL) of the users that fit, by id."""
    counts = connections.counts_per_user(sync_type, now).subquery("counts")
    due = func.coalesce(counts.c.due, 0)
    reason = case(
        (User.is_active.is_(False), INACTIVE),
        (User.role == Role.DEMO.value, DEMO_USER),
        (counts.c.connections.is_(None), NO_CONNECTIONS),
        (due == 0, NONE_DUE),
        else_=null(),
    ).label("reason")
    return (
        select(User.id, User.email, due.label("due"), reason)
        .outerjoin(counts, counts.c.user_id == User.id)
        .where(where)
        .order_by(User.id)
    )


def preview(session: Session, plan: Select[int, str, int, str | None]) -> Iterator[PlannedUser]:
    """Stream a plan without writing anything."""
    for row in session.execute(plan.execution_options(yield_per=_ROWS_PER_FETCH)):
        yield PlannedUser(row[0], row[1], int(row[2]), row[3])


def missing_ids(session: Session, ids: Sequence[int]) -> list[int]:
    """Return those of the ids that no user has, in their order."""
    known = set(session.scalars(select(User.id).where(User.id.in_(ids))))
    return [id_ for id_ in ids if id_ not in known]


def add_items(session: Session, run_id: int, plan: Select[int, str, int, str | None]) -> None:
    """Write one item per user of the plan, skipped ones with their reason, in one statement."""
    users = plan.order_by(None).subquery("plan")
    status = case((users.c.reason.is_(None), ItemStatus.PENDING.value), else_=ItemStatus.SKIPPED.value)
    position = func.row_number().over(order_by=users.c.id)
    rows = select(literal(run_id), position, users.c.id, status, users.c.reason, literal(0.0))
    columns = ["bulk_sync_id", "position", "user_id", "status", "reason", "duration_seconds"]
    session.execute(insert(BulkSyncItem).from_select(columns, rows))


def add_unknown_items(session: Session, run_id: int, ids: Iterable[int], *, after: int) -> None:
    """Write a skipped item for each id that no user has, behind the position given."""
    session.execute(
        insert(BulkSyncItem),
        [
            {"bulk_sync_id": run_id, "position": after + n, "user_id": id_, "status": ItemStatus.SKIPPED.value,
             "reason": NOT_FOUND}
            for n, id_ in enumerate(ids, start=1)
        ],
    )  # fmt: skip


def count_items(session: Session, run_id: int) -> int:
    """Return how many users the run is about."""
    return session.scalar(select(func.count()).where(BulkSyncItem.bulk_sync_id == run_id)) or 0


def claim(session: Session, run_id: int, at: datetime) -> BulkSyncItem | None:
    """Take the run's next pending item for the caller alone; None when there is none left, or the run was closed."""
    running = and_(BulkSync.id == run_id, BulkSync.status == SyncStatus.RUNNING.value)
    pending = and_(BulkSyncItem.bulk_sync_id == run_id, BulkSyncItem.status == ItemStatus.PENDING.value)
    next_pending = (
        select(BulkSyncItem)
        .join(BulkSync, BulkSync.id == BulkSyncItem.bulk_sync_id)
        .where(pending, running)
        .order_by(BulkSyncItem.position)
        .limit(1)
        .execution_options(populate_existing=True)
    )
    # Nothing is claimed while another thread closes the run; SQLite, which ignores this, lets one write at a time.
    session.execute(select(BulkSync.id).where(running).with_for_update())
    while (item := session.scalar(next_pending)) is not None:
        take = update(BulkSyncItem).where(BulkSyncItem.id == item.id, pending, exists().where(running))
        if count_changed(session, take.values(status=ItemStatus.RUNNING.value, started_at=at)):
            return item
    return None


def lock(session: Session, run_id: int) -> BulkSync:
    """Return a run that nobody claims items of until the transaction ends."""
    return session.get_one(BulkSync, run_id, with_for_update=True)


def finish_item(session: Session, item_id: int, result: UserResult, at: datetime) -> None:
    """Record how a claimed item ended. An item that was given back meanwhile stays as it is."""
    session.execute(
        update(BulkSyncItem)
        .where(BulkSyncItem.id == item_id, BulkSyncItem.status == ItemStatus.RUNNING.value)
        .values(
            status=result.status.value,
            reason=result.reason,
            error=result.error,
            complete_sync_id=result.complete_sync_id,
            completed_at=at,
            duration_seconds=result.duration_s,
        )
    )


def close(session: Session, run_id: int, at: datetime, duration_s: float) -> RunSummary:
    """Write a run's counts and status from its items, and return them."""
    counts = dict(
        session.execute(
            select(BulkSyncItem.status, func.count())
            .where(BulkSyncItem.bulk_sync_id == run_id)
            .group_by(BulkSyncItem.status)
        ).all()
    )
    partial = session.scalar(
        select(func.count())
        .join_from(BulkSyncItem, CompleteSync, CompleteSync.id == BulkSyncItem.complete_sync_id)
        .where(
            BulkSyncItem.bulk_sync_id == run_id,
            BulkSyncItem.status == ItemStatus.SUCCESS.value,
            CompleteSync.sync_status == SyncStatus.PARTIAL.value,
        )
    )
    run = session.get_one(BulkSync, run_id)
    run.successful_users = counts.get(ItemStatus.SUCCESS, 0)
    run.failed_users = counts.get(ItemStatus.FAILED, 0)
    run.skipped_users = counts.get(ItemStatus.SKIPPED, 0)
    run.partial_users = partial or 0
    run.status = run_status(
        successful=run.successful_users,
        failed=run.failed_users,
        partial=run.partial_users,
        unfinished=counts.get(ItemStatus.PENDING, 0) + counts.get(ItemStatus.RUNNING, 0),
    ).value
    run.completed_at = at
    run.duration_seconds = round(duration_s, 1)
    session.flush()
    return summary_of(run)


def interrupt_unfinished(session: Session, run: BulkSync, why: str, at: datetime) -> None:
    """Give a run's items in flight back, and mark their syncs as interrupted; other runs' are left alone."""
    in_flight = and_(BulkSyncItem.bulk_sync_id == run.id, BulkSyncItem.status == ItemStatus.RUNNING.value)
    whose = session.scalars(select(BulkSyncItem.user_id).where(in_flight)).all()
    session.execute(update(BulkSyncItem).where(in_flight).values(status=ItemStatus.PENDING.value, started_at=None))
    interrupt_syncs(
        session, why, at, and_(CompleteSync.user_id.in_(whose), CompleteSync.sync_started_at >= run.started_at)
    )


def interrupt_syncs(session: Session, why: str, at: datetime, where: ColumnElement[bool] | None = None) -> None:
    """Mark the complete syncs that fit and are called running as interrupted, and their connections' syncs.

    Without a condition it is every sync there is: only for who has just taken the lease of bulk runs.
    """
    running, interrupted = SyncStatus.RUNNING.value, SyncStatus.INTERRUPTED.value
    connections_too = ConnectionSync.status == running
    complete = CompleteSync.sync_status == running
    if where is not None:
        complete = and_(complete, where)
        ids = session.scalars(select(CompleteSync.id).where(complete)).all()
        connections_too = and_(connections_too, ConnectionSync.complete_sync_id.in_(ids))
    ended = {"completed_at": at, "error_message": why}
    session.execute(update(ConnectionSync).where(connections_too).values(status=interrupted, **ended))
    ended = {"sync_completed_at": at, "error_message": why}
    session.execute(update(CompleteSync).where(complete).values(sync_status=interrupted, **ended))


def unfinished(session: Session) -> Sequence[BulkSync]:
    """Return the runs that are called running; nobody claims items of theirs until the transaction ends."""
    running = select(BulkSync).where(BulkSync.status == SyncStatus.RUNNING.value)
    return session.scalars(running.with_for_update()).all()


def latest(session: Session, limit: int, *, before_id: int | None = None) -> Sequence[BulkSync]:
    """Return the latest runs, newest first; with `before_id` those older than that run."""
    older = () if before_id is None else (BulkSync.id < before_id,)
    return session.scalars(select(BulkSync).where(*older).order_by(BulkSync.id.desc()).limit(limit)).all()


def summary_of(run: BulkSync) -> RunSummary:
    """Return a run's counts as plain data."""
    return RunSummary(
        run_id=run.id,
        sync_type=SyncType(run.sync_type),
        status=SyncStatus(run.status),
        started_at=run.started_at,
        completed_at=run.completed_at,
        total=run.total_users,
        successful=run.successful_users,
        failed=run.failed_users,
        skipped=run.skipped_users,
        partial=run.partial_users,
        duration_s=run.duration_seconds or 0.0,
    )


def skipped_between(session: Session, run_id: int, after: int, before: int) -> Iterator[tuple[int, UserResult]]:
    """Stream (position, result) of the items that the plan skipped, between two positions (both exclusive)."""
    rows = session.execute(
        select(BulkSyncItem.position, BulkSyncItem.user_id, User.email, BulkSyncItem.reason)
        .outerjoin(User, User.id == BulkSyncItem.user_id)
        .where(
            BulkSyncItem.bulk_sync_id == run_id,
            BulkSyncItem.status == ItemStatus.SKIPPED.value,
            BulkSyncItem.started_at.is_(None),
            BulkSyncItem.position > after,
            BulkSyncItem.position < before,
        )
        .order_by(BulkSyncItem.position)
        .execution_options(yield_per=_ROWS_PER_FETCH)
    )
    for position, user_id, email, reason in rows:
        yield position, UserResult(user_id, email, ItemStatus.SKIPPED, reason=reason)


def results(session: Session, run_id: int) -> Iterator[UserResult]:
    """Stream the results of a run's users in the order of the plan; unfinished ones are left out."""
    ended = (
        select(BulkSyncItem, User.email, CompleteSync)
        .outerjoin(User, User.id == BulkSyncItem.user_id)
        .outerjoin(CompleteSync, CompleteSync.id == BulkSyncItem.complete_sync_id)
        .where(
            BulkSyncItem.bulk_sync_id == run_id,
            BulkSyncItem.status.not_in([ItemStatus.PENDING.value, ItemStatus.RUNNING.value]),
        )
        .order_by(BulkSyncItem.position)
        .limit(_ROWS_PER_FETCH)
    )
    after = 0
    # Batch by batch, not from a cursor: MySQL answers no second query while a cursor is being read.
    while batch := session.execute(ended.where(BulkSyncItem.position > after)).all():
        after = batch[-1][0].position
        errors = provider_errors(session, [item.complete_sync_id for item, _, _ in batch if item.complete_sync_id])
        for item, email, sync in batch:
            yield _result(item, email, sync, errors.get(item.complete_sync_id or 0, ()))
        session.expunge_all()


def provider_errors(session: Session, sync_ids: Iterable[int]) -> Mapping[int, tuple[ProviderError, ...]]:
    """Return complete sync id -> the connections of it that were no full success."""
    errors: dict[int, tuple[ProviderError, ...]] = {}
    for payload in chunks({"complete_sync_id": id_} for id_ in sync_ids):
        wanted = incoming(session, {"complete_sync_id": BigInteger}, payload)
        mine = ConnectionSync.complete_sync_id.in_(select(wanted.c.complete_sync_id))
        failing = _with_connection(mine, ConnectionSync.status != SyncStatus.SUCCESS.value)
        for sync, name, provider in session.execute(failing):
            error = ProviderError(
                sync.connection_id, name, provider, SyncStatus(sync.status), sync.error_message or "", sync.error_code
            )
            errors[sync.complete_sync_id] = (*errors.get(sync.complete_sync_id, ()), error)
    return errors


def connection_syncs(session: Session, complete_sync_id: int) -> Sequence[Row[ConnectionSync, str, str]]:
    """Return (connection sync, connection name, provider) of a complete sync, in the order they ran."""
    return session.execute(_with_connection(ConnectionSync.complete_sync_id == complete_sync_id)).all()


def _with_connection(*where: ColumnElement[bool]) -> Select[ConnectionSync, str, str]:
    return (
        select(ConnectionSync, CloudProvider.connection_name, CloudProvider.provider_type)
        .join(CloudProvider, CloudProvider.id == ConnectionSync.connection_id)
        .where(*where)
        .order_by(ConnectionSync.id)
    )


def _result(
    item: BulkSyncItem, email: str | None, sync: CompleteSync | None, errors: tuple[ProviderError, ...]
) -> UserResult:
    if sync is None:
        return UserResult(item.user_id, email, ItemStatus(item.status), item.duration_seconds, item.reason, item.error)
    costs = {currency: Decimal(amount) for currency, amount in sync.cost_by_currency.items()}
    # The rates of the parts that could be converted are stored: what they do not convert now, nothing did then.
    rates = RateTable(map(Rate.from_json, sync.exchange_rates), sync.sync_started_at.date())
    return UserResult(
        user_id=item.user_id,
        user_email=email,
        status=ItemStatus(item.status),
        duration_s=item.duration_seconds,
        reason=item.reason,
        error=item.error,
        complete_sync_id=sync.id,
        sync_status=SyncStatus(sync.sync_status),
        providers=sync.total_providers_synced,
        failed_providers=sync.failed_providers,
        resources_found=sync.total_resources_found,
        total_daily_cost=sync.total_daily_cost,
        currency=sync.currency,
        costs=costs,
        exchange_rates=tuple(rates),
        unconverted=convert(costs, sync.currency, rates).unconverted,
        provider_errors=errors,
    )
