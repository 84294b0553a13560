"""The table of exchange rates: imports in a few set-based statements, and the rates that a conversion needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Insert, Select, Subquery, Text, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from app.core.domain.exchange import BASES, Rate, oldest_for
from app.core.models import ExchangeRate
from app.core.models.types import Money, UTCDateTime
from app.core.persistence.json_rows import chunks, incoming

_rates = ExchangeRate.__table__
_PARSED = {"base": Text, "quote": Text, "rate_date": Date, "source": Text, "rate": Money}
_KEY = ("base", "quote", "rate_date", "source")
_PUBLISHED = (_rates.c.base, _rates.c.quote, _rates.c.rate, _rates.c.rate_date, _rates.c.source)


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did: rates that were not there, rates that were corrected, rates known already."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "ImportCounts") -> "ImportCounts":
        """Add up."""
        return ImportCounts(self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged)


def save(session: Session, rates: Iterable[Rate], at: datetime) -> ImportCounts:
    """Write rates, each (source, base, quote, date) at most once among them; a known rate is replaced.

    A rate that the table has already is not written. One SELECT, and one INSERT where something differs, per payload.
    """
    counts = ImportCounts()
    for payload in chunks(_row(rate) for rate in rates):
        new = incoming(session, _PARSED, payload)
        found = _count(session, new)
        if found.new or found.changed:
            session.execute(_upsert(session, new, at))
        counts += found
    return counts


def needed(session: Session, currencies: Iterable[str], day: date) -> list[Rate]:
    """Return the rates new enough for a day between these currencies, and between them and the sources' own."""
    codes = sorted({*currencies, *BASES.values()})
    return _published(session, _new_enough(day), _rates.c.base.in_(codes), _rates.c.quote.in_(codes))


def valid_on(session: Session, day: date, currency: str | None = None) -> list[Rate]:
    """Return all rates that are new enough for a day, those of one currency if one is given."""
    where = () if currency is None else (or_(_rates.c.base == currency, _rates.c.quote == currency),)
    return _published(session, _new_enough(day), *where)


def _published(session: Session, *where: ColumnElement[bool]) -> list[Rate]:
    return [Rate(*row) for row in session.execute(select(*_PUBLISHED).where(*where))]


def _new_enough(day: date) -> ColumnElement[bool]:
    return _rates.c.rate_date.between(oldest_for(day), day)


def _row(rate: Rate) -> dict[str, str]:
    return {
        "base": rate.base,
        "quote": rate.quote,
        "rate_date": rate.rate_date.isoformat(),
        "source": rate.source,
        "rate": format(rate.rate, "f"),
    }


def _known(new: Subquery) -> ColumnElement[bool]:
    c = _rates.c
    return and_(c.base == new.c.base, c.quote == new.c.quote, c.rate_date == new.c.rate_date, c.source == new.c.source)


def _count(session: Session, new: Subquery) -> ImportCounts:
    same = case((_rates.c.rate == new.c.rate, 1), else_=0)
    joined = new.outerjoin(_rates, _known(new))
    total, known, unchanged = session.execute(
        select(func.count(), func.count(_rates.c.id), func.coalesce(func.sum(same), 0)).select_from(joined)
    ).one()
    return ImportCounts(total - known, known - int(unchanged), int(unchanged))


def _upsert(session: Session, new: Subquery, at: datetime) -> Insert:
    """Return the statement that writes what is new or differs; another import meanwhile does no harm."""
    source: dict[str, ColumnElement[Any]] = {
        "base": new.c.base,
        "quote": new.c.quote,
        "rate_date": new.c.rate_date,
        "source": new.c.source,
        "rate": new.c.rate,
        "imported_at": literal(at, UTCDateTime),
    }
    differs = or_(_rates.c.id.is_(None), _rates.c.rate != new.c.rate)
    rows = select(*source.values()).select_from(new.outerjoin(_rates, _known(new))).where(differs)
    return _insert_or_replace(session.get_bind().dialect.name, list(source), rows)


def _insert_or_replace(dialect: str, columns: Sequence[str], rows: Select[Any]) -> Insert:
    """Return the upsert of a database's own dialect; the others' stay unimported."""
    replaced = ("rate", "imported_at")
    if dialect in ("mysql", "mariadb"):
        from sqlalchemy.dialects import mysql

        into = mysql.insert(_rates).from_select(list(columns), rows)
        return into.on_duplicate_key_update({name: into.inserted[name] for name in replaced})
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as dialect_insert
    else:
        from sqlalchemy.dialects.sqlite import insert as dialect_insert  # type: ignore[assignment]
    upsert = dialect_insert(_rates).from_select(list(columns), rows)
    return upsert.on_conflict_do_update(index_elements=_KEY, set_={name: upsert.excluded[name] for name in replaced})
