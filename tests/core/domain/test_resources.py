import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.domain.resources import (
    MAX_ID,
    MAX_NAME,
    MAX_WORD,
    Cost,
    CostBasis,
    Resource,
    canonical_json,
    storable,
)

MADE = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
BASE: dict[str, Any] = {
    "external_id": "i-1",
    "name": "web",
    "region": "r1",
    "status": "running",
    "created_at": MADE,
    "tags": {"env": "prod"},
    "config": {"memory_mib": 1024, "disks": [{"gb": 10}]},
    "cost": Cost(CostBasis.PRICE_LIST, Decimal("1.5"), "USD"),
}
any_text = st.text(st.characters(), max_size=20)


def fingerprint(**changes: Any) -> str:
    return Resource(**{**BASE, **changes}).fingerprint()


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Web"},
        {"region": "r2"},
        {"status": "stopped"},
        {"created_at": MADE + timedelta(microseconds=1)},
        {"created_at": None},
        {"tags": {"env": "Prod"}},
        {"tags": {"Env": "prod"}},
        {"tags": {}},
        {"config": {"memory_mib": 1024, "disks": [{"gb": 11}]}},
        {"config": {"memory_mib": "1024", "disks": [{"gb": 10}]}},
        {"cost": None},
        {"cost": Cost(CostBasis.UNKNOWN)},
        {"cost": Cost(CostBasis.PRICE_LIST, Decimal("1.5000000001"), "USD")},
        {"cost": Cost(CostBasis.PRICE_LIST, Decimal("1.5"), "EUR")},
        {"cost": Cost(CostBasis.BILLING, Decimal("1.5"), "USD")},
        {"cost": Cost(CostBasis.PRICE_LIST, Decimal(0), "USD")},
    ],
)
def test_a_fingerprint_tells_every_part_of_the_state(change: dict[str, Any]) -> None:
    assert fingerprint(**change) != fingerprint()


@pytest.mark.parametrize(
    "same",
    [
        {"config": {"disks": [{"gb": 10}], "memory_mib": 1024}},
        {"created_at": MADE.astimezone(timezone(timedelta(hours=3)))},
        {"cost": Cost(CostBasis.PRICE_LIST, Decimal("1.50"), "USD")},
    ],
)
def test_a_fingerprint_does_not_tell_two_ways_to_say_the_same(same: dict[str, Any]) -> None:
    assert fingerprint(**same) == fingerprint()


def test_a_fingerprint_is_32_hex_digits_and_fields_do_not_run_together() -> None:
    assert len(fingerprint()) == 32
    assert int(fingerprint(), 16)
    assert fingerprint(name="ab", region="c") != fingerprint(name="a", region="bc")


def test_a_resource_that_costs_nothing_has_a_fingerprint() -> None:
    assert len(fingerprint(cost=Cost(CostBasis.INCLUDED_IN_PARENT, Decimal(0), "USD"))) == 32


def test_a_time_is_kept_in_utc() -> None:
    moscow = datetime(2026, 1, 2, 6, 0, tzinfo=timezone(timedelta(hours=3)))
    assert Resource("a", created_at=moscow).created_at == datetime(2026, 1, 2, 3, 0, tzinfo=UTC)
    assert Resource("a", created_at=moscow).created_at.tzinfo is UTC  # type: ignore[union-attr]


def test_a_time_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="zone"):
        Resource("a", created_at=datetime(2026, 1, 2))


def test_a_resource_needs_an_id() -> None:
    with pytest.raises(ValueError, match="id"):
        Resource("")


def test_a_long_id_is_cut_without_two_becoming_one() -> None:
    first, second = Resource("x" * 600 + "1").external_id, Resource("x" * 600 + "2").external_id
    assert first != second
    assert len(first) == len(second) == MAX_ID
    assert first.startswith("x" * 400)


def test_an_id_that_just_fits_stays() -> None:
    assert Resource("я" * MAX_ID).external_id == "я" * MAX_ID


def test_long_words_are_cut_visibly() -> None:
    resource = Resource("a", name="n" * 300, region="r" * 100, status="s" * MAX_WORD)
    assert (len(resource.name), resource.name[-1]) == (MAX_NAME, "…")
    assert (len(resource.region), resource.region[-1]) == (MAX_WORD, "…")
    assert resource.status == "s" * MAX_WORD


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("x\udfffy", "x\ufffdy"),
        ("\ud83d\ude00", "\U0001f600"),
        ("שלום\u202e", "שלום\u202e"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
    ],
)
def test_text_is_made_storable(text: str, kept: str) -> None:
    assert storable(text) == kept
    assert Resource("x" + text).external_id == "x" + kept


@given(any_text)
def test_storable_text_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    once = storable(text)
    once.encode()
    assert "\x00" not in once
    assert storable(once) == once


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | any_text,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(any_text, children, max_size=3),
    max_leaves=8,
)


def cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    return {storable(k): cleaned(v) for k, v in value.items()} if isinstance(value, dict) else value


@given(json_values)
def test_canonical_json_keeps_the_value_but_for_what_no_database_holds(value: Any) -> None:
    text = canonical_json(value)
    assert "\x00" not in text
    if len({storable(k) for k in _keys(value)}) == len(_keys(value)):
        assert json.loads(text) == cleaned(value)


def _keys(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(key for item in value.values() for key in _keys(item))]
    return [key for item in value for key in _keys(item)] if isinstance(value, list) else []


@given(st.dictionaries(any_text, st.integers()))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value: dict[str, int]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("\x00", '"\ufffd"'),
        ("\x00\x00", '"\ufffd\ufffd"'),
        ("\\u0000", '"\\\\u0000"'),
        ("\\\x00", '"\\\\\ufffd"'),
        ("\\\\u0000\x00", '"\\\\\\\\u0000\ufffd"'),
        ({"b": 1, "a": [1.5, None]}, '{"a":[1.5,null],"b":1}'),
        ("ключ", '"ключ"'),
    ],
)
def test_canonical_json_is_compact_and_sorted_and_free_of_nul(value: Any, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize(("value", "error"), [({1, 2}, TypeError), (float("nan"), ValueError), (Decimal(1), TypeError)])
def test_canonical_json_refuses_what_json_does_not_know(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        canonical_json(value)


@pytest.mark.parametrize(
    "parts",
    [
        (CostBasis.UNKNOWN, Decimal(1), "USD"),
        (CostBasis.BILLING, None, None),
        (CostBasis.BILLING, Decimal(1), None),
        (CostBasis.UNKNOWN, None, "USD"),
    ],
)
def test_a_cost_is_whole_or_unknown(parts: tuple[CostBasis, Decimal | None, str | None]) -> None:
    with pytest.raises(ValueError):
        Cost(*parts)


def test_a_cost_has_ten_decimals() -> None:
    assert str(Cost(CostBasis.BILLING, Decimal("1.00000000005"), "USD").amount) == "1.0000000000"
