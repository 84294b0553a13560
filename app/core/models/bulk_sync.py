"""Bulk runs and their items, one per user: the checkpoint of a run."""

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.domain.runs import ItemStatus, SyncStatus
from app.core.models.types import BigId, Json, UTCDateTime
from app.extensions import Model


class BulkSync(Model):
    """One invocation over many users. Counts are written when the run ends, from its items."""

    __tablename__ = "bulk_syncs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sync_type: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=SyncStatus.RUNNING)
    selection: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    requested_by: Mapped[str] = mapped_column(String(255))
    total_users: Mapped[int] = mapped_column(Integer, default=0)
    successful_users: Mapped[int] = mapped_column(Integer, default=0)
    failed_users: Mapped[int] = mapped_column(Integer, default=0)
    skipped_users: Mapped[int] = mapped_column(Integer, default=0)
    partial_users: Mapped[int] = mapped_column(Integer, default=0)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    duration_seconds: Mapped[float | None] = mapped_column(Float)


class BulkSyncItem(Model):
    """One user of a run. `user_id` is what was asked for: it need not exist, so it is no foreign key."""

    __tablename__ = "bulk_sync_items"
    __table_args__ = (
        UniqueConstraint("bulk_sync_id", "user_id"),
        Index(None, "bulk_sync_id", "status", "position"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bulk_sync_id: Mapped[int] = mapped_column(BigId, ForeignKey("bulk_syncs.id"))
    position: Mapped[int] = mapped_column(Integer)
    user_id: Mapped[int] = mapped_column(BigId)
    status: Mapped[str] = mapped_column(String(20), default=ItemStatus.PENDING)
    reason: Mapped[str | None] = mapped_column(String(255))
    error: Mapped[str | None] = mapped_column(Text)
    complete_sync_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("complete_syncs.id"))
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    duration_seconds: Mapped[float] = mapped_column(Float, default=0.0)
