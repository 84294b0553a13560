"""Accounts of the platform."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models.types import BigId, UTCDateTime, utc_now
from app.extensions import Model


class Role(StrEnum):
    """What a user may do."""

    USER = "user"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"
    DEMO = "demouser"


ADMIN_ROLES = frozenset({Role.ADMIN, Role.SUPER_ADMIN})


class User(Model):
    """One account. `email` is kept in lower case; `currency` is the one its totals are told in."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20), default=Role.USER)
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
