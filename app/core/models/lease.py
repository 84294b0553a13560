"""Leases: who may do a thing that only one may do at a time."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models.types import ExactString, UTCDateTime
from app.extensions import Model


class Lease(Model):
    """A named right with an end. A row past `expires_at` is free for the taking."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(ExactString(100), primary_key=True)
    holder: Mapped[str] = mapped_column(String(255))
    acquired_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
