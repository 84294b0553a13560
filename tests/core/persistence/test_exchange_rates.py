from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from app.core.domain.exchange import Rate, RateTable
from app.core.models import ExchangeRate
from app.core.persistence import exchange_rates, json_rows
from app.core.persistence.exchange_rates import ImportCounts
from app.core.services.runtime import Runtime
from tests.support.clock import Clock
from tests.support.statements import recorded

DAY = date(2026, 11, 24)
USD = Rate("USD", "RUB", Decimal("80.1234567891"), DAY, "cbr")
EUR = Rate("EUR", "RUB", Decimal("90"), DAY, "cbr")
CROSS = Rate("EUR", "USD", Decimal("1.1"), DAY, "ecb")


def save(runtime: Runtime, clock: Clock, *rates: Rate) -> ImportCounts:
    with runtime.sessions.begin() as session:
        return exchange_rates.save(session, rates, clock())


def rows(runtime: Runtime) -> list[ExchangeRate]:
    with runtime.sessions() as session:
        return list(session.scalars(select(ExchangeRate).order_by(ExchangeRate.id)))


def test_rates_come_back_exactly_as_they_were_saved(runtime: Runtime, clock: Clock) -> None:
    assert save(runtime, clock, USD, EUR, CROSS) == ImportCounts(new=3)
    with runtime.sessions() as session:
        assert set(exchange_rates.valid_on(session, DAY)) == {USD, EUR, CROSS}
    assert {row.imported_at for row in rows(runtime)} == {clock()}


def test_the_same_rates_again_write_nothing(runtime: Runtime, clock: Clock, engine: Engine) -> None:
    save(runtime, clock, USD, EUR)
    before = [(row.id, row.imported_at) for row in rows(runtime)]
    clock.advance(days=1)
    with recorded(engine) as statements:
        assert save(runtime, clock, USD, EUR) == ImportCounts(unchanged=2)
    assert not [s for s in statements if s.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [(row.id, row.imported_at) for row in rows(runtime)] == before


def test_a_corrected_rate_replaces_and_only_that_row_is_written(runtime: Runtime, clock: Clock) -> None:
    save(runtime, clock, USD, EUR)
    first = clock()
    clock.advance(days=1)
    corrected = Rate("USD", "RUB", Decimal("80.1234567892"), DAY, "cbr")
    assert save(runtime, clock, corrected, EUR, CROSS) == ImportCounts(new=1, changed=1, unchanged=1)
    found = {row.base + row.quote: (row.rate, row.imported_at) for row in rows(runtime)}
    assert found == {
        "USDRUB": (corrected.rate, clock()),
        "EURRUB": (EUR.rate, first),
        "EURUSD": (CROSS.rate, clock()),
    }


def test_sources_days_and_directions_are_told_apart(runtime: Runtime, clock: Clock) -> None:
    rates = [
        USD,
        Rate("USD", "RUB", USD.rate, DAY, "file"),
        Rate("USD", "RUB", USD.rate, DAY - timedelta(days=1), "cbr"),
        Rate("RUB", "USD", USD.rate, DAY, "file"),
    ]
    assert save(runtime, clock, *rates) == ImportCounts(new=4)


def test_no_rates_are_no_statement(runtime: Runtime, clock: Clock, engine: Engine) -> None:
    with recorded(engine) as statements:
        assert save(runtime, clock) == ImportCounts()
    assert not [s for s in statements if "exchange_rates" in s]


def test_two_statements_for_any_number_of_rates(
    runtime: Runtime, clock: Clock, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [Rate("USD", "RUB", Decimal(n), DAY - timedelta(days=n), "cbr") for n in range(1, 1001)]
    with recorded(engine) as statements:
        assert save(runtime, clock, *many) == ImportCounts(new=1000)
    assert len([s for s in statements if "exchange_rates" in s]) == 2
    monkeypatch.setattr(json_rows, "MAX_PAYLOAD_BYTES", 40_000)
    assert save(runtime, clock, *many, USD) == ImportCounts(new=1, unchanged=1000)


def test_the_rates_a_conversion_needs_come_in_one_statement(runtime: Runtime, clock: Clock, engine: Engine) -> None:
    stale = Rate("USD", "RUB", Decimal(1), DAY - timedelta(days=11), "cbr")
    tomorrow = Rate("USD", "RUB", Decimal(2), DAY + timedelta(days=1), "cbr")
    oldest = Rate("GBP", "RUB", Decimal(100), DAY - timedelta(days=10), "cbr")
    other = Rate("KZT", "RUB", Decimal("0.15"), DAY, "cbr")
    save(runtime, clock, USD, EUR, CROSS, stale, tomorrow, oldest, other)
    with recorded(engine) as statements, runtime.sessions() as session:
        found = exchange_rates.needed(session, ["USD", "GBP"], DAY)
    assert set(found) == {USD, EUR, CROSS, oldest}
    assert len([s for s in statements if "exchange_rates" in s]) == 1
    assert RateTable(found, DAY).way("GBP", "USD") == (oldest, USD)


def test_the_rates_of_one_currency(runtime: Runtime, clock: Clock) -> None:
    save(runtime, clock, USD, EUR, CROSS)
    with runtime.sessions() as session:
        assert set(exchange_rates.valid_on(session, DAY, "USD")) == {USD, CROSS}
        assert exchange_rates.valid_on(session, DAY, "KZT") == []
