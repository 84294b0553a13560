from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.domain.exchange import BUNDLED, Conversion, Rate, RateTable, convert, needs_rates

DAY = date(2026, 11, 24)


def rate(pair: str, value: str, source: str = "file", age: int = 0) -> Rate:
    base, _, quote = pair.partition("/")
    return Rate(base, quote, Decimal(value), DAY - timedelta(days=age), source)


def converted(amounts: Mapping[str, str], currency: str, *rates: Rate) -> Conversion:
    return convert({code: Decimal(amount) for code, amount in amounts.items()}, currency, RateTable(rates, DAY))


def test_an_amount_in_the_currency_itself_needs_no_rate() -> None:
    assert converted({"USD": "1.2345678901"}, "USD") == Conversion(Decimal("1.2345678901"))
    assert converted({}, "USD") == Conversion(Decimal(0))
    assert not needs_rates({"USD": Decimal(1), "EUR": Decimal(0)}, "USD")
    assert needs_rates({"EUR": Decimal(-1)}, "USD")


def test_a_published_rate_multiplies_and_its_inverse_divides() -> None:
    usd_rub = rate("USD/RUB", "80")
    assert converted({"USD": "2"}, "RUB", usd_rub) == Conversion(Decimal(160), (usd_rub,))
    assert converted({"RUB": "2"}, "USD", usd_rub) == Conversion(Decimal("0.025"), (usd_rub,))


@pytest.mark.parametrize(
    ("source", "rates", "total"),
    [
        ("cbr", {"USD/RUB": "80", "EUR/RUB": "100"}, "2.5"),
        ("ecb", {"EUR/USD": "1.25"}, "2.5"),
        ("ecb", {"EUR/USD": "1.25", "EUR/GBP": "0.8"}, "2.5"),
    ],
)
def test_a_bank_gives_cross_rates_through_its_own_currency(source: str, rates: dict[str, str], total: str) -> None:
    published = [rate(pair, value, source) for pair, value in rates.items()]
    assert converted({"EUR": "2"}, "USD", *published).total == Decimal(total)


def test_a_cross_rate_names_both_published_rates() -> None:
    legs = rate("EUR/GBP", "0.8", "ecb", age=1), rate("EUR/USD", "1.25", "ecb")
    assert converted({"GBP": "8"}, "USD", *legs) == Conversion(Decimal("12.5"), legs)


def test_there_is_no_cross_rate_over_two_sources_nor_through_a_file() -> None:
    over_two = (rate("GBP/RUB", "100", "cbr"), rate("EUR/USD", "1.25", "ecb"), rate("EUR/RUB", "90", "cbr"))
    assert converted({"GBP": "1"}, "USD", *over_two) == Conversion(None, (), ("GBP",))
    through_file = (rate("GBP/EUR", "1.2"), rate("EUR/USD", "1.25"))
    assert converted({"GBP": "1"}, "USD", *through_file).total is None


def test_a_part_without_a_rate_makes_the_total_unknown_and_is_named() -> None:
    usd = rate("USD/RUB", "80", "cbr")
    result = converted({"USD": "1", "RUB": "5", "KZT": "9", "AMD": "1", "JPY": "0"}, "RUB", usd)
    assert result == Conversion(None, (usd,), ("AMD", "KZT"))


@pytest.mark.parametrize(("age", "found"), [(-1, False), (0, True), (10, True), (11, False)])
def test_a_rate_holds_from_its_day_on_and_for_ten_days(age: int, found: bool) -> None:
    assert (converted({"USD": "1"}, "RUB", rate("USD/RUB", "80", age=age)).total is not None) is found


def test_on_a_weekend_the_last_rate_before_it_holds() -> None:
    friday, monday = rate("USD/RUB", "80", age=2), rate("USD/RUB", "90", age=-1)
    assert converted({"USD": "1"}, "RUB", friday, monday).rates == (friday,)


def test_the_newest_rate_wins_whichever_way_round_it_was_published() -> None:
    older, newer = rate("USD/RUB", "80", age=1), rate("RUB/USD", "0.0125")
    for rates in ((older, newer), (newer, older)):
        assert converted({"USD": "1"}, "RUB", *rates).rates == (newer,)


def test_a_cross_rate_is_as_old_as_its_older_part() -> None:
    fresh, stale = rate("EUR/GBP", "0.8", "ecb"), rate("EUR/USD", "1.25", "ecb", age=2)
    direct = rate("GBP/USD", "1.5", "file", age=1)
    assert converted({"GBP": "1"}, "USD", fresh, stale, direct).rates == (direct,)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ([rate("EUR/USD", "1.1", BUNDLED)], [rate("EUR/USD", "1.2", "ecb", age=1)]),
        ([rate("EUR/USD", "1.1", "ecb")], [rate("EUR/USD", "1.2", BUNDLED)]),
        ([rate("EUR/USD", "1.1", "file")], [rate("EUR/RUB", "90", "cbr"), rate("USD/RUB", "80", "cbr")]),
        ([rate("EUR/USD", "1.1", "a")], [rate("EUR/USD", "1.2", "b")]),
    ],
)
def test_newest_then_imported_then_published_then_the_name_decides(better: list[Rate], worse: list[Rate]) -> None:
    for rates in ([*better, *worse], [*worse, *better]):
        assert converted({"EUR": "1"}, "USD", *rates).rates == tuple(better)


def test_a_later_table_answers_only_what_an_earlier_one_does_not() -> None:
    first = RateTable([rate("EUR/USD", "1.1", "ecb", age=9)], DAY)
    second = RateTable([rate("EUR/USD", "1.2", BUNDLED), rate("EUR/GBP", "0.8", BUNDLED)], DAY)
    result = convert({"EUR": Decimal(1), "GBP": Decimal("0.8")}, "USD", first, second)
    assert result.total == Decimal("1.1") + Decimal("1.2")


def test_nothing_is_rounded_before_the_end() -> None:
    third = rate("EUR/USD", "3", "ecb")
    assert converted({"USD": "1"}, "EUR", third).total == Decimal("0.3333333333")
    # Three thirds, each rounded by itself, would be 0.9999999999.
    rates = [third, rate("EUR/GBP", "3", "ecb"), rate("EUR/CHF", "3", "ecb")]
    assert converted({"USD": "1", "GBP": "1", "CHF": "1"}, "EUR", *rates).total == 1


def test_a_total_that_cannot_be_stored_is_none() -> None:
    assert converted({"EUR": "9999999999"}, "RUB", rate("EUR/RUB", "90", "cbr")).total is None


def test_a_rate_survives_as_json() -> None:
    published = rate("USD/RUB", "80.1500000000", "cbr")
    assert published.as_json() == {
        "base": "USD",
        "quote": "RUB",
        "rate": "80.15",
        "rate_date": "2026-11-24",
        "source": "cbr",
    }
    assert Rate.from_json(published.as_json()) == published


CODES = ["USD", "EUR", "RUB", "GBP"]
amounts = st.dictionaries(st.sampled_from(CODES), st.decimals(-(10**6), 10**6, places=10))
rates = st.builds(
    Rate,
    st.sampled_from(CODES),
    st.sampled_from(CODES),
    st.decimals("0.01", 1000, places=10),
    st.integers(-1, 12).map(lambda age: DAY - timedelta(days=age)),
    st.sampled_from(["cbr", "ecb", BUNDLED, "file"]),
)
tables = st.lists(
    rates.filter(lambda r: r.base != r.quote), unique_by=lambda r: (r.base, r.quote, r.rate_date, r.source)
)


@given(amounts, st.sampled_from(CODES), tables, st.randoms())
def test_a_total_is_exactly_what_its_rates_give_or_none(
    amounts: dict[str, Decimal], currency: str, rates: list[Rate], random: object
) -> None:
    result = convert(amounts, currency, RateTable(rates, DAY))
    random.shuffle(rates)  # type: ignore[attr-defined]
    assert convert(amounts, currency, RateTable(rates, DAY)) == result
    # The rates that it names are enough to say it again.
    assert convert(amounts, currency, RateTable(result.rates, DAY)) == result
    assert (result.total is None) == bool(result.unconverted)
    if result.total is not None:
        exact = sum((_exact(code, amount, currency, rates) for code, amount in amounts.items()), Fraction(0))
        assert abs(Fraction(result.total) - exact) <= Fraction(1, 2 * 10**10)


def _exact(code: str, amount: Decimal, currency: str, rates: list[Rate]) -> Fraction:
    value = Fraction(amount)
    way = RateTable(rates, DAY).way(code, currency) if amount and code != currency else ()
    for step in way or ():
        value, code = (value * Fraction(step.rate), step.quote) if step.base == code else (
            value / Fraction(step.rate), step.base)  # fmt: skip
    assert not amount or code == currency
    return value
