"""Connection syncs: one connection inside a complete sync."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Date, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.domain.runs import SyncStatus
from app.core.models.types import BigId, Json, Money, UTCDateTime
from app.extensions import Model


class ConnectionSync(Model):
    """How one connection's sync went.

    scopes             {"complete": {resource type: {location: resources found}}, "failed": [{scope, code, error}]}
    cost_by_currency   currency -> cost per day (text) of the resources known to exist afterwards
    billed_daily_cost  the cloud's own total of `billed_on`, to hold against the sum of the resources
    unexplained_cost   the bill's total less what its resources add up to, in `billed_currency`; 0 when all is explained
    bill_suspect       the bill fell to nothing and was not believed yet
    resources_suspect  resources that vanished all at once and are kept until that is confirmed
    bill_note          why costs are less exact than the cloud could make them
    """

    __tablename__ = "connection_syncs"
    __table_args__ = (Index(None, "connection_id", "started_at"), Index(None, "status"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    complete_sync_id: Mapped[int] = mapped_column(BigId, ForeignKey("complete_syncs.id"), index=True)
    connection_id: Mapped[int] = mapped_column(BigId, ForeignKey("cloud_providers.id"))
    status: Mapped[str] = mapped_column(String(20), default=SyncStatus.RUNNING)
    resources_found: Mapped[int] = mapped_column(Integer, default=0)
    resources_created: Mapped[int] = mapped_column(Integer, default=0)
    resources_updated: Mapped[int] = mapped_column(Integer, default=0)
    resources_deleted: Mapped[int] = mapped_column(Integer, default=0)
    resources_suspect: Mapped[int] = mapped_column(Integer, default=0)
    cost_by_currency: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    billed_daily_cost: Mapped[Decimal | None] = mapped_column(Money)
    billed_currency: Mapped[str | None] = mapped_column(String(3))
    billed_on: Mapped[date | None] = mapped_column(Date)
    unexplained_cost: Mapped[Decimal | None] = mapped_column(Money)
    bill_suspect: Mapped[bool] = mapped_column(Boolean, default=False)
    bill_note: Mapped[str | None] = mapped_column(Text)
    scopes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    api_calls: Mapped[int] = mapped_column(Integer, default=0)
    retries: Mapped[int] = mapped_column(Integer, default=0)
    error_code: Mapped[str | None] = mapped_column(String(40))
    error_message: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    duration_seconds: Mapped[float | None] = mapped_column(Float)
