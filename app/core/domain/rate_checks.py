"""What every file of exchange rates must keep, whatever its format."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.core.domain.currencies import is_known
from app.core.domain.exchange import BASES, BUNDLED, Rate
from app.core.domain.money import plain, quantize

LOWEST, HIGHEST = Decimal("0.000001"), Decimal(100_000_000)
"""Outside of these a rate is a mistake; below, ten decimals would not tell it exactly enough either."""

OLDEST = date(1990, 1, 1)
MAX_SOURCE = 20
"""Characters of a source's name that the database keeps."""

_MAX_MESSAGE = 300
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,20})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SOURCE = re.compile(r"[a-z0-9][a-z0-9_.-]*")


class RateFileError(ValueError):
    """A file of rates cannot be used; the message names the line or element. Nothing of it is used."""

    def __init__(self, message: str) -> None:
        super().__init__(message if len(message) <= _MAX_MESSAGE else message[: _MAX_MESSAGE - 1] + "…")


@dataclass(frozen=True, slots=True)
class Checks:
    """Makes rates of a file's text. `today` is the current UTC day; banks publish tomorrow's rate today."""

    source: str
    today: date

    def rate(self, where: str, base: str, quote: str, text: str, rate_date: date, *, nominal: str = "1") -> Rate:
        """Return one rate: `text` units of `quote` for `nominal` units of `base`, kept with ten decimals.

        Raises RateFileError, its message beginning with `where`.
        """
        for code in (base, quote):
            if not is_known(code):
                raise RateFileError(f"{where}: {code!r} is no ISO 4217 currency code")
        if base == quote:
            raise RateFileError(f"{where}: a rate of {base} to itself")
        own = BASES.get(self.source)
        if own is not None and own not in (base, quote):
            raise RateFileError(f"{where}: {base}/{quote} is no rate of source {self.source}, which quotes {own} only")
        if not OLDEST <= rate_date <= self.today + timedelta(days=1):
            raise RateFileError(f"{where}: the date {rate_date} is not between {OLDEST} and tomorrow")
        return Rate(base, quote, _value(where, text, nominal), rate_date, self.source)


def check_source(name: str) -> str:
    """Return the name of a source. Raises RateFileError for one that cannot be stored or is our own."""
    if len(name) > MAX_SOURCE or not _SOURCE.fullmatch(name):
        raise RateFileError(f"{name!r} is no name of a source: up to {MAX_SOURCE} of a-z, 0-9, dot, dash, underscore")
    if name == BUNDLED:
        raise RateFileError(f"{BUNDLED!r} is the name of the rates that come with the program")
    return name


def iso_date(where: str, text: str) -> date:
    """Return a date written as 2026-01-31. Raises RateFileError."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise RateFileError(f"{where}: {text!r} is no date such as 2026-01-31")


def distinct(rates: list[tuple[str, Rate]]) -> tuple[Rate, ...]:
    """Return the rates, given as (where, rate), each once. Raises RateFileError for none, and for a contradiction."""
    found: dict[tuple[str, str, date], Rate] = {}
    for where, rate in rates:
        known = found.setdefault((rate.base, rate.quote, rate.rate_date), rate)
        if known != rate:
            raise RateFileError(
                f"{where}: two rates of {rate.base}/{rate.quote} on {rate.rate_date}: "
                f"{plain(known.rate)} and {plain(rate.rate)}"
            )
    if not found:
        raise RateFileError("the file holds no rates")
    return tuple(found.values())


def _value(where: str, text: str, nominal: str) -> Decimal:
    for number in (text, nominal):
        if not _NUMBER.fullmatch(number):
            raise RateFileError(f"{where}: {number!r} is no positive decimal number such as 1.0805")
    units = Decimal(nominal)
    value = Decimal(text) / units if units else Decimal(0)
    if not LOWEST <= value <= HIGHEST:
        raise RateFileError(
            f"{where}: the rate {plain(value)} is not between {plain(LOWEST)} and {HIGHEST}; "
            "give a smaller one the other way round"
        )
    return quantize(value)
