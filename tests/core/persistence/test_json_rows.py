import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import BigInteger, Date, Text, func, select

from app.core.domain.resources import canonical_json
from app.core.models.types import Json, Money, UTCDateTime
from app.core.persistence import json_rows
from app.core.persistence.json_rows import chunks, incoming
from app.core.services.runtime import Runtime

COLUMNS = {"word": Text, "number": BigInteger, "day": Date, "amount": Money, "moment": UTCDateTime, "document": Json}
TEXTS = [
    "",
    " ",
    "plain",
    'it\'s "quoted" and \\escaped\\ \\n \\u0000 %s %(x)s :name',
    "tab\tline\nreturn\rbell\x07",
    "ключ ü שלום\u202e \U0001f468\u200d\U0001f469\u200d\U0001f467 \ufffd",
    "x" * 512,
    "\U0001f600" * 512,
    '{"not": "parsed"}',
    "null",
]


def read(runtime: Runtime, columns: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    (payload,) = chunks(rows)
    with runtime.sessions() as session:
        return [tuple(row) for row in session.execute(select(incoming(session, columns, payload)))]


@pytest.mark.parametrize("text", TEXTS)
def test_text_comes_through_unchanged(runtime: Runtime, text: str) -> None:
    assert read(runtime, {"word": Text}, [{"word": text}]) == [(text,)]


def test_every_type_comes_through(runtime: Runtime) -> None:
    document = canonical_json({"a": TEXTS, "b": {"c": [1, 2.5, None, True]}})
    row = {
        "word": "x",
        "number": 2**63 - 1,
        "day": "2024-02-29",
        "amount": "-9999999999.9999999999",
        "moment": "2026-11-24 02:03:04.000005",
        "document": document,
    }
    ((word, number, day, amount, moment, found),) = read(runtime, COLUMNS, [row])
    assert (word, number, day, amount) == ("x", 2**63 - 1, date(2024, 2, 29), Decimal("-9999999999.9999999999"))
    assert moment == datetime(2026, 11, 24, 2, 3, 4, 5, tzinfo=UTC)
    assert (json.loads(found) if isinstance(found, str) else found) == json.loads(document)


def test_what_is_left_out_is_null(runtime: Runtime) -> None:
    assert read(runtime, COLUMNS, [{"word": "x"}, {"number": 0}]) == [("x", *[None] * 5), (None, 0, *[None] * 4)]


@pytest.mark.parametrize("amount", ["0.0000000000", "0.0000000001", "9999999999.9999999999", "-0.0000000001", "5"])
def test_an_amount_comes_through_exactly(runtime: Runtime, amount: str) -> None:
    assert read(runtime, {"amount": Money}, [{"amount": amount}]) == [(Decimal(amount),)]


def test_rows_of_any_number_become_few_payloads_of_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "MAX_PAYLOAD_BYTES", 100)
    rows = [{"n": n, "text": "я" * 10} for n in range(50)]
    payloads = list(chunks(rows))
    assert [row for payload in payloads for row in json.loads(payload)] == rows
    assert all(len(payload.encode()) <= 102 for payload in payloads)
    assert len(payloads) == 25


def test_no_rows_are_no_payload_and_a_large_row_goes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "MAX_PAYLOAD_BYTES", 10)
    assert list(chunks([])) == []
    assert [len(json.loads(payload)) for payload in chunks([{"a": "x" * 100}, {"a": 1}, {"a": "y" * 100}])] == [1, 1, 1]


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_a_full_payload_of_quotes_fits_the_servers_limit(runtime: Runtime) -> None:
    # Each quote of a value is several characters by the time it is SQL text.
    rows = [{"document": canonical_json({"quotes": '"\\' * 4000})} for _ in range(800)]
    total = 0
    with runtime.sessions() as session:
        for payload in chunks(rows):
            found = incoming(session, {"document": Json}, payload)
            total += session.scalar(select(func.count()).select_from(found)) or 0
    assert total == 800
