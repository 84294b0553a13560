"""Daily costs: what a cloud's own billing said of a day, and what it said before it changed its mind."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.domain.costs import MAX_SERVICE
from app.core.models.types import BigId, ExactString, Money, UTCDateTime
from app.extensions import Model


class DailyCost(Model):
    """One service's charge on one of the provider's own billing days, as read at `read_at`.

    region       "" when the bill does not tell it
    replaced_at  when a later reading gave another figure; None for the figure that holds
    """

    __tablename__ = "daily_costs"
    __table_args__ = (Index(None, "connection_id", "charged_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    connection_id: Mapped[int] = mapped_column(BigId, ForeignKey("cloud_providers.id"))
    charged_on: Mapped[date] = mapped_column(Date)
    service: Mapped[str] = mapped_column(ExactString(MAX_SERVICE))
    region: Mapped[str] = mapped_column(String(64))
    amount: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3))
    read_at: Mapped[datetime] = mapped_column(UTCDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
