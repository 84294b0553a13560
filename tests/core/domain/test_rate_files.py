from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.domain import rate_files
from app.core.domain.exchange import Rate
from app.core.domain.rate_checks import RateFileError
from app.core.domain.rate_files import RateFormat, parse
from tests.support.rate_samples import (
    CBR_DAILY,
    CBR_DYNAMIC,
    ECB_CSV,
    ECB_ONE_DAY,
    ECB_XML,
    OWN,
    cbr_daily,
    ecb_daily,
)

TODAY = date(2025, 4, 4)


def read(content: bytes, **options: object) -> list[tuple[str, str, str, str]]:
    rates = parse(content, today=TODAY, **options)  # type: ignore[arg-type]
    return [(f"{r.base}/{r.quote}", f"{r.rate.normalize():f}", str(r.rate_date), r.source) for r in rates]


def test_the_bank_of_russia_s_rates_of_a_day_are_roubles_per_unit() -> None:
    assert read(CBR_DAILY) == [
        ("AMD/RUB", "0.215637", "2025-04-04", "cbr"),
        ("USD/RUB", "84.2776", "2025-04-04", "cbr"),
        ("VND/RUB", "0.00346789", "2025-04-04", "cbr"),
    ]


def test_the_bank_of_russia_s_rates_of_a_currency_are_named_by_its_id() -> None:
    assert read(CBR_DYNAMIC) == [
        ("USD/RUB", "89.4303", "2025-03-04", "cbr"),
        ("USD/RUB", "89.3409", "2025-03-05", "cbr"),
    ]


def test_the_european_central_bank_s_xml_is_units_per_euro() -> None:
    assert read(ECB_XML) == [
        ("EUR/USD", "1.1057", "2025-04-04", "ecb"),
        ("EUR/JPY", "161.05", "2025-04-04", "ecb"),
        ("EUR/USD", "1.1097", "2025-04-03", "ecb"),
    ]


def test_the_european_central_bank_s_tables_leave_out_what_is_not_available() -> None:
    assert read(ECB_CSV) == [
        ("EUR/USD", "1.1057", "2025-04-04", "ecb"),
        ("EUR/JPY", "161.05", "2025-04-04", "ecb"),
        ("EUR/USD", "1.2141", "2014-12-31", "ecb"),
        ("EUR/JPY", "145.23", "2014-12-31", "ecb"),
        ("EUR/LTL", "3.4528", "2014-12-31", "ecb"),
        ("EUR/RUB", "72.337", "2014-12-31", "ecb"),
    ]
    assert read(ECB_ONE_DAY) == read(ECB_CSV)[:2]


def test_an_operator_s_own_file_may_have_any_pair_and_any_order_of_columns() -> None:
    own = [("USD/KZT", "501.25", "2025-04-04", "file"), ("EUR/USD", "1.1", "2025-04-04", "file")]
    assert read(OWN) == own
    assert read(b"\xef\xbb\xbfRate, Quote ,base,DATE\r\n501.25,KZT,USD,2025-04-04\r\n\r\n") == own[:1]
    assert read(OWN, source="treasury")[0][3] == "treasury"


def test_a_format_that_is_given_is_not_guessed() -> None:
    assert read(CBR_DAILY, file_format=RateFormat.CBR) == read(CBR_DAILY)
    for content, kind in (
        (OWN, RateFormat.CBR),
        (OWN, RateFormat.ECB),
        (ECB_CSV, RateFormat.CSV),
        (ECB_XML, RateFormat.CBR),
    ):
        with pytest.raises(RateFileError):
            read(content, file_format=kind)


def test_rates_of_tomorrow_are_published_today() -> None:
    assert len(read(OWN.replace(b"2025-04-04", b"2025-04-05"))) == 2


def test_the_same_rate_twice_is_one_rate_and_two_different_ones_are_refused() -> None:
    assert read(OWN + b"2025-04-04,EUR,USD,1.10\n") == read(OWN)
    with pytest.raises(RateFileError, match=r"line 4: two rates of EUR/USD on 2025-04-04: 1\.1 and 1\.2"):
        read(OWN + b"2025-04-04,EUR,USD,1.2\n")


def edit(content: bytes, old: str, new: str) -> bytes:
    assert content.count(old.encode("cp1251")) == 1
    return content.replace(old.encode("cp1251"), new.encode("cp1251"))


BAD = {
    "nothing": (b"", "the file is empty"),
    "blank": (b" \n \n", "the file is empty"),
    "a web page": (b"<html><body>404</body></html>", "line 1: XML that begins with html is of no known format"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\xff", "byte 0: the file is neither XML nor text in UTF-8"),
    "a zip archive": (b"PK\x03\x04\x14\x00\xb5", "neither XML nor text in UTF-8"),
    "an unclosed element": (CBR_DAILY[:-20], r"line 5: the XML is not well-formed"),
    "broken off in a tag": (ECB_XML[: ECB_XML.index(b"161.05")], "line 8: the XML is not well-formed"),
    "two documents": (CBR_DAILY * 2, "not well-formed"),
    "an unknown encoding": (edit(CBR_DAILY, "windows-1251", "wonderful"), "encoding|not well-formed"),
    "a wide encoding": (edit(CBR_DAILY, "windows-1251", "utf-16"), "encoding|not well-formed"),
    "no rates in XML": (b"<ValCurs Date='04.04.2025'></ValCurs>", "the file holds no rates"),
    "an error of the bank": (b"<ValCurs>Error in parameters</ValCurs>", "the file holds no rates"),
    "no date": (edit(CBR_DAILY, ' Date="04.04.2025"', ""), "line 2, element ValCurs: there is no Date"),
    "a date that is none": (edit(CBR_DAILY, "04.04.2025", "31.02.2025"), "line 3, element Valute AMD: .* is no date"),
    "an American date": (edit(CBR_DAILY, "04.04.2025", "04/04/2025"), "is no date"),
    "no value": (edit(CBR_DAILY, "<Value>84,2776</Value>", ""), "line 4, element Valute: there is no Value|USD"),
    "an empty value": (edit(CBR_DAILY, "<Value>84,2776", "<Value>"), "there is no Value"),
    "a value with two commas": (edit(CBR_DAILY, "<Value>84,2776", "<Value>1,084,2776"), "USD: '1.084,2776' is no"),
    "a value of words": (edit(CBR_DAILY, "<Value>84,2776", "<Value>много"), "'много' is no positive decimal"),
    "a nominal of nothing": (edit(CBR_DAILY, "<Nominal>100<", "<Nominal>0<"), "AMD: the rate 0 is not between"),
    "a negative nominal": (edit(CBR_DAILY, "<Nominal>100<", "<Nominal>-1<"), "'-1' is no positive decimal"),
    "an unknown currency": (edit(CBR_DAILY, ">USD<", ">USX<"), "line 4, element Valute USX: 'USX' is no ISO 4217"),
    "the old rouble": (edit(CBR_DAILY, ">USD<", ">RUR<"), "'RUR' is no ISO 4217"),
    "the rouble in itself": (edit(CBR_DAILY, ">USD<", ">RUB<"), "a rate of RUB to itself"),
    "an unknown id": (
        CBR_DYNAMIC.replace(b'Id="R01235"', b'Id="R99999"'),
        "line 3, element Record: the currency of 'R99999' is not known here",
    ),
    "no time": (edit(ECB_XML, " time='2025-04-03'", ""), "line 10, element Cube: there is no time"),
    "no rate": (edit(ECB_XML, " rate='161.05'", ""), "line 8, element Cube: there is no rate"),
    "no currency": (edit(ECB_XML, " currency='JPY'", ""), "line 8, element Cube: there is no currency"),
    "a decimal comma in XML": (edit(ECB_XML, "161.05", "161,05"), "'161,05' is no positive decimal"),
    "a ragged line": (edit(ECB_CSV, "161.05,N/A", "N/A"), "line 2: 5 cells under 6 columns"),
    "a column of no currency": (edit(ECB_CSV, "LTL", "XTS"), "line 3, column XTS: 'XTS' is no ISO 4217"),
    "a figure without a column": (ECB_CSV.replace(b"N/A,N/A,\n", b"N/A,N/A,5\n"), "line 2, column : '' is no ISO 4217"),
    "a date of words": (edit(ECB_ONE_DAY, "4 April 2025", "4 Nisan 2025"), "line 2: '4 Nisan 2025' is no date"),
    "a day too many": (edit(ECB_ONE_DAY, "4 April 2025", "31 April 2025"), "'2025-04-31' is no date"),
    "another header": (b"day,base,quote,rate\n", "line 1: the header is 'day,base,quote,rate', not 'date,base,quote"),
    "a header alone": (b"date,base,quote,rate\n", "the file holds no rates"),
    "semicolons": (OWN.replace(b",", b";"), "the header is"),
    "an open quotation": (OWN + b'2025-04-03,"EUR,USD,1.1\n', "line 4: "),
    "a column too many": (OWN + b"2025-04-03,EUR,USD,1.1,9\n", "line 4: 5 cells under 4 columns"),
    "the week before the euro": (OWN + b"1989-12-31,EUR,USD,1.1\n", "line 4: the date 1989-12-31 is not between"),
    "the future": (OWN + b"2025-04-06,EUR,USD,1.1\n", "line 4: the date 2025-04-06 is not between"),
    "a day of a week": (OWN + b"2025-W14-5,EUR,USD,1.1\n", "line 4: '2025-W14-5' is no date"),
    "lower case": (OWN + b"2025-04-03,eur,USD,1.1\n", "line 4: 'eur' is no ISO 4217"),
    **{
        f"a rate of {text}": (OWN + f"2025-04-03,EUR,USD,{text}\n".encode(), f"^line 4: {words}")
        for text, words in {
            "": "'' is no positive",
            "-1.1": "'-1.1' is no positive",
            "NaN": "'NaN' is no positive",
            "Infinity": "'Infinity' is no",
            "1e3": "'1e3' is no positive",
            "1_000": "'1_000' is no positive",
            "0x1": "'0x1' is no positive",
            "١": "'١' is no positive",
            "0": "the rate 0 is not between",
            "0.0000": "the rate 0 is not",
            "0.0000001": "the rate 0.0000001 is not between 0.000001 and 100000000; give a smaller one the other way",
            "100000001": "the rate 100000001 is not between",
            "9" * 400: "'9+",
        }.items()
    },
}


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_what_is_not_right_is_refused_with_its_place(content: bytes, words: str) -> None:
    with pytest.raises(RateFileError, match=words) as caught:
        read(content)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) <= 300


BOMB = """<!DOCTYPE ValCurs [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>"""
FILE = """<!DOCTYPE ValCurs [<!ENTITY a SYSTEM "file:///etc/passwd">]>"""


@pytest.mark.parametrize("declaration", [BOMB, FILE, '<!DOCTYPE ValCurs SYSTEM "http://127.0.0.1:1/x.dtd">'])
@pytest.mark.parametrize("encoding", ["windows-1251", "utf-8", "utf-16"])
@pytest.mark.parametrize("kind", [None, RateFormat.CBR])
def test_a_document_type_is_refused_in_every_encoding(declaration: str, encoding: str, kind: RateFormat | None) -> None:
    text = CBR_DAILY.decode("cp1251").replace("windows-1251", encoding).replace("<ValCurs", declaration + "<ValCurs", 1)
    with pytest.raises(RateFileError, match=r"DOCTYPE|neither XML|are XML, this one is not"):
        read(text.replace("Доллар США", "&a;").encode(encoding), file_format=kind)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("ecb-bundled", "come with the program"),
        ("Bank", "is no name of a source"),
        ("a" * 21, "is no name of a source"),
        ("ecb", "line 2: USD/KZT is no rate of source ecb, which quotes EUR only"),
    ],
)
def test_a_source_has_a_name_of_its_own(source: str, words: str) -> None:
    with pytest.raises(RateFileError, match=words):
        read(OWN, source=source)


def test_a_file_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_files, "MAX_BYTES", 10)
    with pytest.raises(RateFileError, match="more than 10 bytes"):
        read(OWN)


CODES = ["USD", "GBP", "KZT", "JPY", "AMD"]
published = st.dictionaries(
    st.sampled_from(CODES), st.decimals("0.001", 10**6, places=4).map(lambda d: format(d, "f")), min_size=1
)
days = st.dates(date(1999, 1, 4), TODAY)


def _ecb_csv(day: date, rates: dict[str, str]) -> bytes:
    return f"Date,{','.join(rates)},\n{day},{','.join(rates.values())},\n".encode()


def _own(day: date, rates: dict[str, str]) -> bytes:
    return ("date,base,quote,rate\n" + "".join(f"{day},EUR,{code},{rate}\n" for code, rate in rates.items())).encode()


@given(days, published)
@pytest.mark.parametrize(
    ("write", "pair", "source"),
    [
        (lambda day, rates: cbr_daily(f"{day:%d.%m.%Y}", rates), "{code}/RUB", "cbr"),
        (lambda day, rates: ecb_daily(f"{day:%Y-%m-%d}", rates), "EUR/{code}", "ecb"),
        (_ecb_csv, "EUR/{code}", "ecb"),
        (_own, "EUR/{code}", "file"),
    ],
    ids=["cbr", "ecb xml", "ecb csv", "csv"],
)
def test_what_was_written_is_read_back(
    write: Callable[[date, dict[str, str]], bytes], pair: str, source: str, day: date, rates: dict[str, str]
) -> None:
    expected = {Rate(*pair.format(code=code).split("/"), Decimal(value), day, source) for code, value in rates.items()}
    assert set(parse(write(day, rates), today=TODAY)) == expected


@given(st.binary(max_size=200) | st.sampled_from([CBR_DAILY, ECB_XML, ECB_CSV, OWN]), st.integers(0, 700), st.binary())
def test_damage_is_an_error_or_rates_but_never_a_crash(content: bytes, at: int, junk: bytes) -> None:
    try:
        rates = parse(content[:at] + junk + content[at + len(junk) :], today=TODAY)
    except RateFileError:
        return
    assert rates
    assert all(rate.rate > 0 for rate in rates)
