"""What clouds' bills say of each day, and what they said before they changed their mind."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Date, Row, Select, Text, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from app.core.domain.costs import Bill, daily_figures
from app.core.domain.doubt import Billed
from app.core.models import BulkSyncItem, CloudProvider, ConnectionSync, DailyCost, User
from app.core.models.types import Money, UTCDateTime
from app.core.persistence.json_rows import chunks, incoming

_costs = DailyCost.__table__
_FIGURE = {"charged_on": Date, "service": Text, "region": Text, "amount": Money, "currency": Text}


def save(session: Session, connection_id: int, bill: Bill, *, at: datetime) -> None:
    """Keep the charges of a bill's days; figures that are as they were write nothing.

    A figure that differs from the stored one, or is not told any more, ends it; the earlier one is kept.
    """
    told = daily_figures(bill)
    days = {bill.charged_on, *(day.charged_on for day in bill.earlier)}
    replaced = []
    for row in session.execute(_holding(connection_id, days)):
        key = (row.charged_on, row.service, row.region)
        if told.get(key) == row.amount and row.currency == bill.currency:
            del told[key]
        else:
            replaced.append(row.id)
    _end(session, replaced, at)
    for payload in chunks(_row(key, amount, bill.currency) for key, amount in told.items()):
        new = incoming(session, _FIGURE, payload)
        values = {name: new.c[name] for name in _FIGURE}
        values |= {"connection_id": literal(connection_id), "read_at": literal(at, UTCDateTime)}
        session.execute(insert(_costs).from_select(list(values), select(*values.values())))


def billed_before(session: Session, connection_id: int, *, since: datetime) -> Billed | None:
    """Return what the connection's latest sync that had a bill, or doubted one, read; None when there was none."""
    c = ConnectionSync
    row = session.execute(
        select(c.billed_daily_cost, c.billed_currency, c.billed_on, c.bill_suspect)
        .where(
            c.connection_id == connection_id,
            c.started_at >= since,
            or_(c.billed_daily_cost.is_not(None), c.bill_suspect.is_(True)),
        )
        .order_by(c.started_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Billed(*row)


def reconciled(session: Session, run_id: int) -> Iterator[Row[ConnectionSync, str, str]]:
    """Stream (connection sync, connection's name, user's e-mail) of a run's syncs whose bill was reconciled."""
    statement = (
        select(ConnectionSync, CloudProvider.connection_name, User.email)
        .join(BulkSyncItem, BulkSyncItem.complete_sync_id == ConnectionSync.complete_sync_id)
        .join(CloudProvider, CloudProvider.id == ConnectionSync.connection_id)
        .join(User, User.id == CloudProvider.user_id)
        .where(BulkSyncItem.bulk_sync_id == run_id, ConnectionSync.unexplained_cost.is_not(None))
        .order_by(BulkSyncItem.position, ConnectionSync.id)
    )
    yield from session.execute(statement.execution_options(yield_per=500))


def figures(
    session: Session, *, user_id: int | None, connection: str | None, start: date | None, end: date | None
) -> Iterator[dict[str, Any]]:
    """Stream every figure that was ever told, by connection, day, service and region, each in the order of reading.

    start, end  first and last day, both included
    """
    c = _costs.c
    statement = (
        select(
            User.email.label("user_email"),
            CloudProvider.connection_name,
            CloudProvider.provider_type,
            *(c[name] for name in ("connection_id", *_FIGURE, "read_at", "replaced_at")),
        )
        .join_from(_costs, CloudProvider, CloudProvider.id == c.connection_id)
        .join(User, User.id == CloudProvider.user_id)
        .order_by(c.connection_id, c.charged_on, c.service, c.region, c.read_at, c.id)
    )
    if user_id is not None:
        statement = statement.where(CloudProvider.user_id == user_id)
    if connection is not None:
        statement = statement.where(CloudProvider.connection_name == connection)
    if start is not None:
        statement = statement.where(c.charged_on >= start)
    if end is not None:
        statement = statement.where(c.charged_on <= end)
    for row in session.execute(statement.execution_options(yield_per=1000)):
        yield row._asdict()


def _holding(connection_id: int, days: Iterable[date]) -> Select[Any]:
    c = _costs.c
    return select(c.id, c.charged_on, c.service, c.region, c.amount, c.currency).where(
        c.connection_id == connection_id, c.charged_on.in_(sorted(days)), c.replaced_at.is_(None)
    )


def _end(session: Session, ids: Iterable[int], at: datetime) -> None:
    for payload in chunks({"id": id_} for id_ in ids):
        ended = incoming(session, {"id": BigInteger}, payload)
        session.execute(update(_costs).where(_costs.c.id == ended.c.id).values(replaced_at=at))


def _row(figure: tuple[date, str, str], amount: Decimal, currency: str) -> dict[str, str]:
    charged_on, service, region = figure
    return {
        "charged_on": charged_on.isoformat(),
        "service": service,
        "region": region,
        "amount": format(amount, "f"),
        "currency": currency,
    }
