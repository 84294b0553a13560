from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, Integer, MetaData, Table, delete, insert, select
from sqlalchemy.exc import StatementError

from app.core.models.types import BigId, ExactString, Json, Money, UTCDateTime
from app.core.persistence.engine import money_sum

LARGEST = Decimal("9999999999.9999999999")
amounts = st.decimals(min_value=-LARGEST, max_value=LARGEST, places=10)
table = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("currency", ExactString(40)),
    Column("amount", Money),
    Column("moment", UTCDateTime),
    Column("number", BigId),
    Column("document", Json),
)
on_one_database = settings(max_examples=25)


@pytest.fixture
def things(engine: Engine) -> Iterator[Engine]:
    table.metadata.create_all(engine)
    yield engine
    table.metadata.drop_all(engine)


def stored(engine: Engine, rows: list[dict[str, object]]) -> None:
    with engine.begin() as connection:
        connection.execute(delete(table))
        if rows:
            connection.execute(insert(table), rows)


def column(engine: Engine, name: str) -> list[object]:
    with engine.connect() as connection:
        return list(connection.scalars(select(table.c[name]).order_by(table.c.id)))


@on_one_database
@given(found=st.lists(amounts | st.none(), min_size=1, max_size=10))
def test_money_comes_back_exactly(things: Engine, found: list[Decimal | None]) -> None:
    stored(things, [{"amount": amount} for amount in found])
    assert column(things, "amount") == found


@on_one_database
@given(found=st.lists(st.tuples(st.sampled_from(["USD", "EUR", "usd"]), amounts | st.none()), max_size=20))
def test_sums_of_money_are_exact_and_per_currency(things: Engine, found: list[tuple[str, Decimal | None]]) -> None:
    stored(things, [{"currency": currency, "amount": amount} for currency, amount in found])
    with things.connect() as connection:
        rows = connection.execute(select(table.c.currency, money_sum(table.c.amount)).group_by(table.c.currency)).all()
    wanted: dict[str, Decimal | None] = {}
    for currency, amount in found:
        known = wanted.get(currency)
        wanted[currency] = known if amount is None else (known or Decimal(0)) + amount
    assert dict(rows) == wanted


def test_the_largest_amounts_add_up_past_what_a_column_holds(things: Engine) -> None:
    stored(things, [{"amount": LARGEST}] * 1000)
    with things.connect() as connection:
        assert connection.scalar(select(money_sum(table.c.amount))) == LARGEST * 1000


@pytest.mark.parametrize("amount", [Decimal("1e10"), Decimal("NaN"), Decimal("-Infinity")])
def test_money_that_does_not_fit_is_refused_everywhere(things: Engine, amount: Decimal) -> None:
    with pytest.raises(StatementError, match="not an amount of money"):
        stored(things, [{"amount": amount}])


def test_money_is_rounded_to_ten_decimals(things: Engine) -> None:
    stored(things, [{"amount": Decimal("0.00000000015")}, {"amount": Decimal("1e-20")}])
    assert column(things, "amount") == [Decimal("2e-10"), 0]


def test_times_keep_their_microseconds_and_come_back_in_utc(things: Engine) -> None:
    moscow = datetime(2026, 11, 24, 5, 0, 0, 123456, tzinfo=timezone(timedelta(hours=3)))
    far = [datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)]
    stored(things, [{"moment": moment} for moment in (moscow, *far, None)])
    found = column(things, "moment")
    assert found == [datetime(2026, 11, 24, 2, 0, 0, 123456, tzinfo=UTC), *far, None]
    assert found[0].tzinfo is UTC  # type: ignore[attr-defined]


def test_a_time_without_a_zone_is_refused(things: Engine) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        stored(things, [{"moment": datetime(2026, 11, 24)}])


def test_exact_text_tells_case_and_accents_apart(things: Engine) -> None:
    words = ["a", "A", "á", "а", "\U0001f600"]
    stored(things, [{"currency": word} for word in words])
    with things.connect() as connection:
        for word in words:
            assert list(connection.scalars(select(table.c.currency).where(table.c.currency == word))) == [word]


def test_large_numbers_and_documents_come_back(things: Engine) -> None:
    document = {"a": [1, 2.5, None, True, "ü\U0001f600"], "b": {}}
    stored(things, [{"number": 2**63 - 1, "document": document}, {"number": -(2**63), "document": {}}])
    assert column(things, "number") == [2**63 - 1, -(2**63)]
    assert column(things, "document") == [document, {}]
