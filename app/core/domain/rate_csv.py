"""Exchange rates as CSV: the European Central Bank's two tables, and an operator's own `date,base,quote,rate`."""

import csv
from collections.abc import Iterator
from datetime import date

from app.core.domain.currencies import is_known
from app.core.domain.exchange import Rate
from app.core.domain.rate_checks import Checks, RateFileError, iso_date

OWN_HEADER = ("date", "base", "quote", "rate")
_NO_RATE = ("", "N/A")
_MONTHS = "January February March April May June July August September October November December".split()

Line = tuple[str, list[str]]


def header(content: bytes) -> list[str]:
    """Return the cells of the first line. Raises RateFileError."""
    _, cells = next(_lines(content), ("", []))
    return cells


def is_ecb_header(cells: list[str]) -> bool:
    """Tell whether these are the columns of the European Central Bank."""
    return len(cells) > 1 and cells[0] == "Date" and is_known(cells[1])


def own_rates(content: bytes, checks: Checks) -> Iterator[tuple[str, Rate]]:
    """Yield (where, rate) of a file whose header is `date,base,quote,rate`, in any order; dates as 2026-01-31."""
    lines = _lines(content)
    where, names = next(lines, ("line 1", []))
    columns = [name.lower() for name in names]
    if sorted(columns) != sorted(OWN_HEADER):
        raise RateFileError(f"{where}: the header is {','.join(names)!r}, not {','.join(OWN_HEADER)!r}")
    for where, cells in lines:
        row = dict(zip(columns, _fitting(where, cells, len(columns)), strict=True))
        rate_date = iso_date(where, row["date"])
        yield where, checks.rate(where, row["base"], row["quote"], row["rate"], rate_date)


def ecb_rates(content: bytes, checks: Checks) -> Iterator[tuple[str, Rate]]:
    """Yield (where, rate) of eurofxref.csv and eurofxref-hist.csv: a column per currency, units of it per euro."""
    lines = _lines(content)
    where, codes = next(lines, ("line 1", []))
    if not is_ecb_header(codes):
        raise RateFileError(f"{where}: the header does not begin with Date and a currency")
    for where, cells in lines:
        rate_date = _ecb_date(where, cells[0])
        for code, text in zip(codes[1:], _fitting(where, cells, len(codes))[1:], strict=True):
            if text not in _NO_RATE:
                place = f"{where}, column {code}"
                yield place, checks.rate(place, "EUR", code, text, rate_date)


def _lines(content: bytes) -> Iterator[Line]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RateFileError(f"byte {error.start}: the file is neither XML nor text in UTF-8") from error
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield f"line {reader.line_num}", [cell.strip() for cell in cells]
    except csv.Error as error:
        raise RateFileError(f"line {reader.line_num}: {error}") from error


def _fitting(where: str, cells: list[str], columns: int) -> list[str]:
    if len(cells) != columns:
        raise RateFileError(f"{where}: {len(cells)} cells under {columns} columns")
    return cells


def _ecb_date(where: str, text: str) -> date:
    """Read `2026-10-30`, or the `30 October 2026` of the one-day file."""
    day, _, rest = text.partition(" ")
    month, _, year = rest.partition(" ")
    if month in _MONTHS:
        text = f"{year}-{_MONTHS.index(month) + 1:02}-{day:0>2}"
    return iso_date(where, text)
