"""Files of exchange rates: bytes in, rates out. A file is used as a whole or not at all."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import StrEnum

from app.core.domain import rate_csv, rate_xml
from app.core.domain.exchange import CBR, ECB, Rate
from app.core.domain.rate_checks import Checks, RateFileError, check_source, distinct
from app.core.domain.safe_xml import XmlError, root_tag

MAX_BYTES = 64 * 1024 * 1024
"""The European Central Bank's whole history is about an eighth of it."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Reader = Callable[[bytes, Checks], Iterator[tuple[str, Rate]]]


class RateFormat(StrEnum):
    """Whose format a file has."""

    CBR = "cbr"
    """Bank of Russia, XML"""
    ECB = "ecb"
    """European Central Bank, XML or CSV"""
    CSV = "csv"
    """an operator's own: `date,base,quote,rate`"""


_XML: Mapping[RateFormat, Reader] = {RateFormat.CBR: rate_xml.cbr_rates, RateFormat.ECB: rate_xml.ecb_rates}
_TEXT: Mapping[RateFormat, Reader] = {RateFormat.ECB: rate_csv.ecb_rates, RateFormat.CSV: rate_csv.own_rates}
_ROOTS = {"ValCurs": RateFormat.CBR, "Envelope": RateFormat.ECB}
_SOURCES = {RateFormat.CBR: CBR, RateFormat.ECB: ECB, RateFormat.CSV: "file"}


def parse(
    content: bytes, *, today: date, file_format: RateFormat | None = None, source: str | None = None
) -> tuple[Rate, ...]:
    """Return the rates of a file. `today` is the current UTC day.

    The format is seen from the content unless given; `source` is `cbr`, `ecb` or `file` unless given.
    Raises RateFileError, whose message names the line or element, for anything that is not right.
    """
    if len(content) > MAX_BYTES:
        raise RateFileError(f"the file has more than {MAX_BYTES} bytes")
    try:
        is_xml = content.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"<")
        seen = file_format or _detect(content, is_xml=is_xml)
        reader = (_XML if is_xml else _TEXT).get(seen)
        if reader is None:
            raise RateFileError(
                f"files of format {seen} {'are not XML, this one is' if is_xml else 'are XML, this one is not'}"
            )
        checks = Checks(check_source(source or _SOURCES[seen]), today)
        return distinct(list(reader(content, checks)))
    except XmlError as error:
        raise RateFileError(str(error)) from error


def _detect(content: bytes, *, is_xml: bool) -> RateFormat:
    if is_xml:
        root = root_tag(content)
        if root not in _ROOTS:
            raise RateFileError(f"line 1: XML that begins with {root} is of no known format: {' or '.join(_ROOTS)}")
        return _ROOTS[root]
    cells = rate_csv.header(content)
    if not cells:
        raise RateFileError("the file is empty")
    return RateFormat.ECB if rate_csv.is_ecb_header(cells) else RateFormat.CSV
