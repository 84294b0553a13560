"""Dated exchange rates, and totals in one currency made with them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from app.core.domain.money import plain, quantize

MAX_AGE_DAYS = 10
"""How old a rate may be on the day it is used: longer than any row of bank holidays."""

CBR, ECB, BUNDLED = "cbr", "ecb", "ecb-bundled"
BASES: Mapping[str, str] = {CBR: "RUB", ECB: "EUR", BUNDLED: "EUR"}
"""Source -> the currency that each of its rates names. Only these sources give cross rates, and only through it."""

_PRECISION = 60


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as it was published: one unit of `base` is worth `rate` units of `quote` from `rate_date` on.

    source  `cbr` (Bank of Russia), `ecb`, `ecb-bundled` (the history that comes with the program), or the
            operator's own name for a file
    """

    base: str
    quote: str
    rate: Decimal
    rate_date: date
    source: str

    def as_json(self) -> dict[str, str]:
        """Return the rate as answers and tables carry it: the amount as text, the date as ISO 8601."""
        return {
            "base": self.base,
            "quote": self.quote,
            "rate": plain(self.rate),
            "rate_date": self.rate_date.isoformat(),
            "source": self.source,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, str]) -> "Rate":
        """Return the rate that `as_json` wrote."""
        rate_date = date.fromisoformat(value["rate_date"])
        return cls(value["base"], value["quote"], Decimal(value["rate"]), rate_date, value["source"])


Way = tuple[Rate, ...]
"""The published rates that lead from one currency to another, one after the other: one, or two for a cross rate."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What amounts in several currencies are in one.

    total        None when a part could not be converted, or the sum is more than the database can hold
    rates        exactly the published rates that were used, also where only some parts could be converted;
                 both rates of a cross rate, whose date is that of the older one
    unconverted  the currencies for which there is no rate, sorted
    """

    total: Decimal | None
    rates: tuple[Rate, ...] = ()
    unconverted: tuple[str, ...] = ()


class RateTable:
    """The rates that hold on one day: of each source and pair the newest one that is not too old."""

    def __init__(self, rates: Iterable[Rate], day: date) -> None:
        self._newest: dict[tuple[str, str, str], Rate] = {}
        for rate in rates:
            if oldest_for(day) <= rate.rate_date <= day:
                key = (rate.source, rate.base, rate.quote)
                known = self._newest.get(key)
                if known is None or known.rate_date < rate.rate_date:
                    self._newest[key] = rate
        self._sources = sorted({source for source, _, _ in self._newest})

    def __iter__(self) -> Iterator[Rate]:
        """Yield the rates that hold, by source and pair."""
        return (rate for _, rate in sorted(self._newest.items()))

    def way(self, currency: str, target: str) -> Way | None:
        """Return how to get from one currency to another, None when there is no way.

        The newest wins, then imported over bundled, then a published pair over a cross rate, then the source's name.
        """
        ways = (way for source in self._sources for way in self._ways(source, currency, target))
        return min(ways, key=_preference, default=None)

    def _ways(self, source: str, currency: str, target: str) -> Iterator[Way]:
        if direct := self._pair(source, currency, target):
            yield (direct,)
        middle = BASES.get(source)
        if middle is None or middle in (currency, target):
            return
        first, second = self._pair(source, currency, middle), self._pair(source, middle, target)
        if first and second:
            yield (first, second)

    def _pair(self, source: str, one: str, other: str) -> Rate | None:
        """Return the source's rate of two currencies, whichever way round it was published; the newer of both."""
        rates = (self._newest.get((source, one, other)), self._newest.get((source, other, one)))
        return max((rate for rate in rates if rate), key=lambda rate: rate.rate_date, default=None)


def oldest_for(day: date) -> date:
    """Return the earliest date of a rate that still holds on a day."""
    return date.fromordinal(max(day.toordinal() - MAX_AGE_DAYS, 1))


def convert(amounts: Mapping[str, Decimal], currency: str, *tables: RateTable) -> Conversion:
    """Add up amounts (currency -> amount) in one currency. Zero amounts need no rate.

    Each currency is converted with the first table that has a way. Nothing is rounded before the end.
    """
    total, rates, unconverted = Decimal(0), set[Rate](), []
    with localcontext(prec=_PRECISION):
        for code, amount in sorted(amounts.items()):
            way = _way(code, currency, tables) if amount and code != currency else ()
            if way is None:
                unconverted.append(code)
                continue
            rates.update(way)
            total += _apply(amount, code, way)
    used = tuple(sorted(rates, key=lambda rate: (rate.source, rate.base, rate.quote)))
    return Conversion(None if unconverted else _storable(total), used, tuple(unconverted))


def needs_rates(amounts: Mapping[str, Decimal], currency: str) -> bool:
    """Tell whether any of the amounts is in another currency, and not zero."""
    return any(amount and code != currency for code, amount in amounts.items())


def _way(code: str, currency: str, tables: Iterable[RateTable]) -> Way | None:
    return next((way for table in tables if (way := table.way(code, currency))), None)


def _apply(amount: Decimal, currency: str, way: Way) -> Decimal:
    for rate in way:
        if rate.base == currency:
            amount, currency = amount * rate.rate, rate.quote
        else:
            amount, currency = amount / rate.rate, rate.base
    return amount


def _storable(total: Decimal) -> Decimal | None:
    try:
        return quantize(total)
    except ValueError:
        return None


def _preference(way: Way) -> tuple[int, bool, int, str]:
    source = way[0].source
    return (-min(rate.rate_date for rate in way).toordinal(), source == BUNDLED, len(way), source)
