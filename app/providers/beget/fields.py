"""Fields of Beget's answers: zeros are left out, numbers and booleans come as text, missing things as "null"."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from app.providers.answers import Record

MOSCOW = timezone(timedelta(hours=3))
"""Where times without a zone are from. Before October 2014 Moscow was an hour off this for some years."""
_NOTHING = ("", "null", "0")
_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y")
_FIRST_YEAR = 1990


class Lenient(Record):
    """A record whose fields may be null, which means the same as left out."""

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return {name: field for name, field in value.items() if field is not None}


def _zero_for_nothing(value: Any) -> Any:
    return 0 if value in ("", "null") else value


def _empty_for_nothing(value: Any) -> Any:
    return "" if value == "null" else value


def _moment(value: Any) -> Any:
    """Return a time as aware, None for none and for a form that is not known."""
    if not isinstance(value, str | int | datetime) or isinstance(value, bool):
        return value
    found = value if isinstance(value, datetime) else _parsed(str(value).strip())
    if found is None or not _FIRST_YEAR < found.year < 9999:
        return None
    return found if found.tzinfo else found.replace(tzinfo=MOSCOW)


def _parsed(text: str) -> datetime | None:
    if text in _NOTHING:
        return None
    if text.isdecimal() and len(text) <= 11:
        return datetime.fromtimestamp(int(text), UTC)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return next(filter(None, (_in_form(text, form) for form in _FORMS)), None)


def _in_form(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


Id = Annotated[str, Field(min_length=1)]
Text = Annotated[str, BeforeValidator(_empty_for_nothing)]
Price = Annotated[Decimal, BeforeValidator(_zero_for_nothing), Field(ge=0, lt=10**9)]
"""Roubles."""
Count = Annotated[int, BeforeValidator(_zero_for_nothing), Field(ge=0)]
Flag = Annotated[bool, BeforeValidator(_zero_for_nothing)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]


def moscow_date(moment: datetime | None) -> str | None:
    """Write the day that a time has in Moscow, as Beget's control panel shows it: `2026-03-31`."""
    return None if moment is None else moment.astimezone(MOSCOW).date().isoformat()


def gb_of_mb(megabytes: int) -> int | float | None:
    """Return gigabytes as Beget sells them: 1,024 of its megabytes. None for zero, which means not told."""
    whole, rest = divmod(megabytes, 1024)
    return (round(megabytes / 1024, 2) if rest else whole) or None


def compact(**values: Any) -> dict[str, Any]:
    """Keep what is known: None, zero, empty text and empty lists are left out, False too, as Beget does."""
    return {name: value for name, value in values.items() if value}
