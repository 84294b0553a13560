"""The inventory: what exists now, and every state that held before."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.domain.resources import MAX_ID, MAX_NAME, MAX_WORD
from app.core.models.types import BigId, ExactString, Json, Money, UTCDateTime
from app.extensions import Model


class _State:
    """What both the present and a version record of a resource: its state, and its cost per day."""

    name: Mapped[str] = mapped_column(String(MAX_NAME))
    region: Mapped[str] = mapped_column(String(MAX_WORD))
    status: Mapped[str] = mapped_column(String(MAX_WORD))
    created_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tags: Mapped[dict[str, str]] = mapped_column(Json)
    config: Mapped[dict[str, Any]] = mapped_column(Json)
    daily_cost: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str | None] = mapped_column(String(3))
    cost_basis: Mapped[str] = mapped_column(String(20))


class Resource(_State, Model):
    """The present: one row per (connection, type, external id), kept after the resource is gone.

    created_at    when the cloud says it was made; first_seen_at is ours
    scope_location  with resource_type the scope that listed it last
    fingerprint   hash of the listed state: an equal one writes nothing
    suspect_since  when a whole listing first missed it, while its deletion is held as suspect
    changed_by_id  the connection sync that wrote the row last
    """

    __tablename__ = "resources"
    __table_args__ = (
        UniqueConstraint("connection_id", "resource_type", "external_id"),
        Index(None, "connection_id", "resource_type", "scope_location"),
        Index(None, "connection_id", "changed_by_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    connection_id: Mapped[int] = mapped_column(BigId, ForeignKey("cloud_providers.id"))
    resource_type: Mapped[str] = mapped_column(ExactString(MAX_WORD))
    external_id: Mapped[str] = mapped_column(ExactString(MAX_ID))
    scope_location: Mapped[str] = mapped_column(ExactString(MAX_WORD))
    fingerprint: Mapped[str] = mapped_column(String(32))
    first_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("connection_syncs.id"))
    suspect_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ResourceVersion(_State, Model):
    """The past: the state that held from `valid_from` (inclusive) to `valid_to` (exclusive; None: it still does)."""

    __tablename__ = "resource_versions"
    __table_args__ = (Index(None, "resource_id", "valid_to"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    resource_id: Mapped[int] = mapped_column(BigId, ForeignKey("resources.id"))
    valid_from: Mapped[datetime] = mapped_column(UTCDateTime)
    valid_to: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("connection_syncs.id"))
