"""Connections: one cloud account of one user each."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.domain.intervals import SyncInterval
from app.core.models.types import BigId, ExactString, UTCDateTime, utc_now
from app.extensions import Model


class CloudProvider(Model):
    """A connection. A removed one keeps its row (and its history) with `is_deleted` and without its credential.

    credentials      encrypted JSON, see app.security.vault
    endpoint_trusted an operator chose `api_endpoint`, so it may be an address inside the operator's own network
    last_sync        start of the latest sync, however it ended
    last_success_at  start of the latest sync that was a full success; what `sync_interval` counts from
    sync_status      how the latest sync ended; sync_error says why when it was not a success
    """

    __tablename__ = "cloud_providers"
    __table_args__ = (UniqueConstraint("user_id", "connection_name", "deleted_key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id"))
    provider_type: Mapped[str] = mapped_column(String(50))
    connection_name: Mapped[str] = mapped_column(ExactString(100))
    credentials: Mapped[str | None] = mapped_column(Text)
    api_endpoint: Mapped[str | None] = mapped_column(String(500))
    endpoint_trusted: Mapped[bool] = mapped_column(Boolean, default=True)
    auto_sync: Mapped[bool] = mapped_column(Boolean, default=True)
    sync_interval: Mapped[str] = mapped_column(String(20), default=SyncInterval.DAILY)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    is_deleted: Mapped[bool] = mapped_column(Boolean, default=False)
    deleted_key: Mapped[int] = mapped_column(BigId, default=0)
    """0 while the connection exists, its id once removed: a name can be used again"""
    last_sync: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_success_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sync_status: Mapped[str | None] = mapped_column(String(20))
    sync_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
