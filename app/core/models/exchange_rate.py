"""Exchange rates that an operator imported."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models.types import BigId, Money, UTCDateTime
from app.extensions import Model


class ExchangeRate(Model):
    """One source's rate of one day: one unit of `base` is worth `rate` units of `quote`.

    source  who published it: `cbr` (Bank of Russia), `ecb`, or the operator's own name for a file
    """

    __tablename__ = "exchange_rates"
    __table_args__ = (UniqueConstraint("base", "quote", "rate_date", "source"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source: Mapped[str] = mapped_column(String(20))
    base: Mapped[str] = mapped_column(String(3))
    quote: Mapped[str] = mapped_column(String(3))
    rate_date: Mapped[date] = mapped_column(Date)
    rate: Mapped[Decimal] = mapped_column(Money)
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime)
