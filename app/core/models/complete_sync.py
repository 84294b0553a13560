"""Complete syncs: all auto-sync connections of one user, once."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.domain.runs import SyncStatus
from app.core.models.types import BigId, Json, Money, UTCDateTime
from app.extensions import Model


class CompleteSync(Model):
    """One user's sync. `total_daily_cost` is in `currency`, None when no cost is known or a part has no rate;
    `cost_by_currency` (currency -> amount as text, per day) is always there.

    exchange_rates  what the total was converted with: [{base, quote, rate, rate_date, source}]
    """

    __tablename__ = "complete_syncs"
    __table_args__ = (
        Index(None, "user_id", "sync_started_at"),
        Index(None, "sync_type", "sync_started_at"),
        Index(None, "sync_status"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    sync_type: Mapped[str] = mapped_column(String(20))
    sync_status: Mapped[str] = mapped_column(String(20), default=SyncStatus.RUNNING)
    total_providers_synced: Mapped[int] = mapped_column(Integer, default=0)
    successful_providers: Mapped[int] = mapped_column(Integer, default=0)
    failed_providers: Mapped[int] = mapped_column(Integer, default=0)
    total_resources_found: Mapped[int] = mapped_column(Integer, default=0)
    total_daily_cost: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3))
    cost_by_currency: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    exchange_rates: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    sync_started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sync_completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sync_duration_seconds: Mapped[float | None] = mapped_column(Float)
    error_message: Mapped[str | None] = mapped_column(Text)
