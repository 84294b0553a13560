"""Column types that mean the same on SQLite, PostgreSQL and MySQL/MariaDB."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Numeric, String
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.core.domain.money import quantize

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""Surrogate keys; SQLite counts up only an INTEGER."""


def utc_now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


# A dialect's own types are imported when it is in use: together they cost a tenth of the command line's start.


class Json(TypeDecorator[Any]):
    """JSON values; JSONB on PostgreSQL."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type."""
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import JSONB

            return dialect.type_descriptor(JSONB())
        return dialect.type_descriptor(JSON())


class ExactString(TypeDecorator[str]):
    """Text of limited length whose comparison tells upper from lower case on every database."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type."""
        if dialect.name in ("mysql", "mariadb"):
            from sqlalchemy.dialects.mysql import VARCHAR

            return dialect.type_descriptor(VARCHAR(self.length, charset="utf8mb4", collation="utf8mb4_bin"))
        return dialect.type_descriptor(String(self.length))


class UTCDateTime(TypeDecorator[datetime]):
    """Aware datetimes in Python, naive UTC with microseconds in the database."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Ask MySQL for microseconds, which it drops unless told."""
        if dialect.name in ("mysql", "mariadb"):
            from sqlalchemy.dialects.mysql import DATETIME

            return dialect.type_descriptor(DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn aware into naive UTC. A naive value is a bug and raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn naive UTC into aware."""
        return value and value.replace(tzinfo=UTC)


class Money(TypeDecorator[Decimal]):
    """`Decimal` with ten decimals: NUMERIC(20, 10), and text on SQLite, whose numbers are floats."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(22))
        return dialect.type_descriptor(Numeric(20, 10))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Round to the column's ten decimals."""
        if value is None:
            return None
        return format(quantize(value), "f") if dialect.name == "sqlite" else quantize(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Read back exactly what was stored."""
        return None if value is None else Decimal(value)
