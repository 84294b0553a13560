"""Importing rates, looking at them, converting with them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from app.core.domain.exchange import Conversion, Rate
from app.core.domain.rate_checks import RateFileError
from app.core.domain.rate_files import RateFormat
from app.core.models import ExchangeRate
from app.core.persistence import bundled_rates
from app.core.persistence.exchange_rates import ImportCounts
from app.core.services.rate_service import RateService
from app.core.services.runtime import Runtime
from tests.support.databases import sqlite_only
from tests.support.rate_samples import CBR_DAILY, OWN, cbr_daily, ecb_daily
from tests.support.statements import recorded

TODAY = date(2026, 11, 24)
IN_BUNDLE = date(2026, 10, 30)


@pytest.fixture
def service(runtime: Runtime) -> RateService:
    return RateService(runtime)


def count(runtime: Runtime) -> int:
    with runtime.sessions() as session:
        return len(session.scalars(select(ExchangeRate)).all())


def test_files_are_imported_together(service: RateService, runtime: Runtime) -> None:
    files = [("a", CBR_DAILY), ("b", OWN)]
    assert service.import_files(files) == ImportCounts(new=5)
    assert service.import_files(files) == ImportCounts(unchanged=5)
    assert count(runtime) == 5


def test_a_later_file_corrects_an_earlier_one(service: RateService) -> None:
    first, second = (cbr_daily("24.11.2026", {"USD": rate}) for rate in ("80", "81"))
    assert service.import_files([("a", first), ("b", second)]) == ImportCounts(new=1, changed=1)
    assert [rate.rate for rate in service.valid_on(TODAY)] == [81]


def test_one_wrong_line_in_any_file_imports_nothing(service: RateService, runtime: Runtime) -> None:
    wrong = OWN + b"2026-11-24,EUR,USD,minus one\n"
    with pytest.raises(RateFileError, match=r"^wrong\.csv: line 4: 'minus one' is no positive"):
        service.import_files([("good.xml", CBR_DAILY), ("wrong.csv", wrong)])
    assert count(runtime) == 0


@sqlite_only
def test_the_day_after_tomorrow_is_the_future(service: RateService) -> None:
    assert service.import_files([("a", cbr_daily("25.11.2026", {"USD": "80"}))]).new == 1
    with pytest.raises(RateFileError, match="2026-11-26 is not between"):
        service.import_files([("a", cbr_daily("26.11.2026", {"USD": "80"}))])
    assert service.valid_on(TODAY) == []


@sqlite_only
def test_format_and_source_can_be_given(service: RateService) -> None:
    service.import_files([("a", OWN)], file_format=RateFormat.CSV, source="treasury")
    assert {rate.source for rate in service.valid_on(date(2025, 4, 4), "KZT")} == {"treasury"}
    with pytest.raises(RateFileError, match="files of format csv are not XML, this one is"):
        service.import_files([("a", CBR_DAILY)], file_format=RateFormat.CSV)


@sqlite_only
def test_the_rates_of_a_day_are_the_imported_and_the_bundled_ones(service: RateService) -> None:
    service.import_files([("a", ecb_daily("2026-10-29", {"USD": "1.5", "KZT": "600"}))])
    found = [(rate.source, rate.quote, str(rate.rate_date)) for rate in service.valid_on(IN_BUNDLE, "USD")]
    assert found == [("ecb", "USD", "2026-10-29"), ("ecb-bundled", "USD", "2026-10-30")]
    assert len(service.valid_on(IN_BUNDLE)) > 25


@sqlite_only
def test_the_bundled_rates_are_read_only_where_the_imported_ones_have_no_answer(
    service: RateService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.import_files([("a", ecb_daily("2026-10-29", {"USD": "1.5"}))])
    asked = []
    read = bundled_rates.new_enough_for
    monkeypatch.setattr(bundled_rates, "new_enough_for", lambda day: asked.append(day) or read(day))
    imported = service.convert({"EUR": Decimal(2)}, "USD", IN_BUNDLE)
    assert (imported.total, [rate.source for rate in imported.rates], asked) == (Decimal(3), ["ecb"], [])
    mixed = service.convert({"EUR": Decimal(2), "GBP": Decimal("0.8338")}, "USD", IN_BUNDLE)
    assert (mixed.total, asked) == (Decimal(3) + Decimal("1.1172"), [IN_BUNDLE])


@sqlite_only
def test_bundled_rates_are_too_old_today(service: RateService) -> None:
    assert service.convert({"EUR": Decimal(2)}, "USD", TODAY) == Conversion(None, (), ("EUR",))


def test_amounts_in_one_currency_ask_nothing(service: RateService, engine: Engine) -> None:
    with recorded(engine) as statements:
        assert service.convert({"USD": Decimal(2), "EUR": Decimal(0)}, "USD", TODAY).total == 2
    assert statements == []


def test_an_imported_rate_converts_for_ten_days_and_not_on_the_eleventh(service: RateService) -> None:
    service.import_files([("a", cbr_daily("24.11.2026", {"USD": "80"}))])
    rate = Rate("USD", "RUB", Decimal(80), TODAY, "cbr")
    amounts = {"USD": Decimal("1.25")}
    assert service.convert(amounts, "RUB", TODAY + timedelta(days=10)) == Conversion(Decimal(100), (rate,))
    assert service.convert(amounts, "RUB", TODAY + timedelta(days=11)) == Conversion(None, (), ("USD",))
    assert service.convert(amounts, "RUB", TODAY - timedelta(days=1)) == Conversion(None, (), ("USD",))
