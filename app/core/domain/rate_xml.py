"""Exchange rates in the XML of the Bank of Russia and of the European Central Bank.

The formats as described by https://www.cbr.ru/development/SXML/ (XML_daily.asp: all currencies of a day;
XML_dynamic.asp: one currency's days) and https://www.ecb.europa.eu/stats/eurofxref/ (eurofxref-daily.xml,
eurofxref-hist.xml, eurofxref-hist-90d.xml); not verified against the live services.
"""

from collections.abc import Iterator, Mapping

from app.core.domain.exchange import Rate
from app.core.domain.rate_checks import Checks, RateFileError, iso_date
from app.core.domain.safe_xml import Element, elements

CBR_IDS: Mapping[str, str] = dict(
    pair.split(":")
    for pair in """
    R01010:AUD R01020A:AZN R01030:DZD R01035:GBP R01060:AMD R01090B:BYN R01100:BGN R01115:BRL R01135:HUF R01150:VND
    R01200:HKD R01210:GEL R01215:DKK R01230:AED R01235:USD R01239:EUR R01240:EGP R01270:INR R01280:IDR R01335:KZT
    R01350:CAD R01355:QAR R01370:KGS R01375:CNY R01500:MDL R01530:NZD R01535:NOK R01565:PLN R01585F:RON R01589:XDR
    R01625:SGD R01670:TJS R01675:THB R01700J:TRY R01710A:TMT R01717:UZS R01720:UAH R01760:CZK R01770:SEK R01775:CHF
    R01805F:RSD R01810:ZAR R01815:KRW R01820:JPY
    """.split()
)
"""The Bank of Russia's own id -> currency: XML_dynamic names its currency by nothing else (not verified for all)."""


def cbr_rates(content: bytes, checks: Checks) -> Iterator[tuple[str, Rate]]:
    """Yield (where, rate) of the Bank of Russia's XML: roubles per unit, that is `Value` / `Nominal`.

    The date is the document's own, which can differ from the one that was asked for. `VunitRate` says the same rate
    once more, rounded, and older documents lack it: it is not read.
    """
    for element in elements(content):
        if element.tag == "Valute":
            code, day = _field(element, "CharCode"), _attribute(element.parent or element, "Date")
        elif element.tag == "Record":
            code, day = _currency_of(element), _attribute(element, "Date")
        else:
            continue
        where = f"{element.where} {code}"
        value = _field(element, "Value").replace(",", ".", 1)
        rate_date = iso_date(where, "-".join(reversed(day.split("."))))
        yield where, checks.rate(where, code, "RUB", value, rate_date, nominal=_field(element, "Nominal"))


def ecb_rates(content: bytes, checks: Checks) -> Iterator[tuple[str, Rate]]:
    """Yield (where, rate) of the European Central Bank's XML: units of a currency per euro."""
    for element in elements(content):
        if element.tag == "Cube" and ("currency" in element.attributes or "rate" in element.attributes):
            code = _attribute(element, "currency")
            where = f"{element.where} {code}"
            rate_date = iso_date(where, _attribute(element.parent or element, "time"))
            yield where, checks.rate(where, "EUR", code, _attribute(element, "rate"), rate_date)


def _currency_of(record: Element) -> str:
    id_ = _attribute(record, "Id")
    if id_ not in CBR_IDS:
        raise RateFileError(f"{record.where}: the currency of {id_!r} is not known here; XML_daily.asp names it")
    return CBR_IDS[id_]


def _attribute(element: Element, name: str) -> str:
    if name not in element.attributes:
        raise RateFileError(f"{element.where}: there is no {name}")
    return element.attributes[name].strip()


def _field(element: Element, name: str) -> str:
    if not element.fields.get(name):
        raise RateFileError(f"{element.where}: there is no {name}")
    return element.fields[name]
