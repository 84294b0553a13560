from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from app.providers.beget.fields import Count, Flag, Moment, Price, gb_of_mb, moscow_date


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-03-01T10:00:00Z", datetime(2025, 3, 1, 10, tzinfo=UTC)),
        ("2025-03-01T10:00:00.123456789Z", datetime(2025, 3, 1, 10, 0, 0, 123456, tzinfo=UTC)),
        ("2025-03-01T10:00:00+05:00", datetime(2025, 3, 1, 5, tzinfo=UTC)),
        ("2025-03-01 10:00:00", datetime(2025, 3, 1, 7, tzinfo=UTC)),
        ("2025-03-01T10:00:00", datetime(2025, 3, 1, 7, tzinfo=UTC)),
        ("2025-03-01", datetime(2025, 2, 28, 21, tzinfo=UTC)),
        ("01.03.2025", datetime(2025, 2, 28, 21, tzinfo=UTC)),
        ("01.03.2025 10:00:00", datetime(2025, 3, 1, 7, tzinfo=UTC)),
        ("1740823200", datetime(2025, 3, 1, 10, tzinfo=UTC)),
        (1740823200, datetime(2025, 3, 1, 10, tzinfo=UTC)),
        *((nothing, None) for nothing in (None, "", "null", 0, "0", "0000-00-00", "0000-00-00 00:00:00", "yesterday")),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("99999999999999999999", None),
    ],
)
def test_times_come_in_many_forms(text: Any, moment: datetime | None) -> None:
    assert TypeAdapter(Moment).validate_python(text) == moment


def test_a_day_is_shown_as_moscow_counts_it() -> None:
    assert moscow_date(datetime(2025, 2, 28, 21, tzinfo=UTC)) == "2025-03-01"
    assert moscow_date(None) is None


def test_numbers_and_booleans_come_as_text() -> None:
    assert [TypeAdapter(Flag).validate_python(value) for value in ("1", "0", 1, 0, True, "", "null")] == [
        True, False, True, False, True, False, False,
    ]  # fmt: skip
    assert [TypeAdapter(Count).validate_python(value) for value in ("18446744073709551615", 5, "null")] == [
        2**64 - 1,
        5,
        0,
    ]
    assert [TypeAdapter(Price).validate_python(value) for value in ("1.50", 2, Decimal("0.1"), "null", "")] == [
        Decimal("1.5"), 2, Decimal("0.1"), 0, 0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("type_", "value"),
    [(Flag, "maybe"), (Flag, [1]), (Count, "-1"), (Count, "a"), (Price, "NaN"), (Price, "Infinity"), (Price, "-1"),
     (Price, {"rub": 1}), (Moment, ["2025"]), (Moment, True)],
)  # fmt: skip
def test_wrong_values_are_refused(type_: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(type_).validate_python(value)


def test_megabytes_become_gigabytes_as_beget_sells_them() -> None:
    assert [gb_of_mb(15360), gb_of_mb(1536), gb_of_mb(0)] == [15, 1.5, None]
