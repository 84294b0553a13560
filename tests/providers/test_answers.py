"""What an HTTP answer means."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from app.core.domain.errors import (
    AuthenticationFailed,
    NotOffered,
    PermissionDenied,
    ProviderUnavailable,
    RateLimited,
    ResponseInvalid,
    SyncError,
)
from app.providers.answers import Record, error_of, parse_json, printable_words, read, retry_after, words_of

_NOW = "Tue, 10 Nov 2026 12:00:00 GMT"
_JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class _Size(BaseModel):
    cores: int


class _Server(Record):
    id: str
    size: _Size
    tags: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it


def _answer(status: int, **parts: Any) -> httpx.Response:
    return httpx.Response(status, request=httpx.Request("GET", "https://cloud.example/things"), **parts)


@given(_JSON_VALUES)
def test_what_a_cloud_writes_is_what_is_read(value: Any) -> None:
    text = json.dumps(value)
    if "\\ud" not in text:
        assert parse_json(text.encode(), "application/json") == value


@given(st.binary())
def test_no_bytes_raise_anything_but_that_they_are_invalid(content: bytes) -> None:
    with suppress(ResponseInvalid):
        parse_json(content)


def test_numbers_with_a_fraction_are_exact() -> None:
    assert parse_json(b'{"price": 0.1, "long": 1.00000000000000000001, "count": 3}') == {
        "price": Decimal("0.1"),
        "long": Decimal("1.00000000000000000001"),
        "count": 3,
    }


@pytest.mark.parametrize(
    "content_type",
    [None, "", "application/json", "application/json; charset=utf-8", "Text/JSON", "application/vnd.api+json"],
)
def test_json_by_any_of_its_names_is_read(content_type: str | None) -> None:
    assert parse_json(b"{}", content_type) == {}


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/jsonp", "application/xml", "json"])
def test_another_kind_of_answer_is_refused_by_its_name(content_type: str) -> None:
    with pytest.raises(ResponseInvalid, match=f"the answer is '{content_type}' instead of JSON$"):
        parse_json(b"{}", f"{content_type}; charset=utf-8")


def test_a_login_page_is_recognised() -> None:
    with pytest.raises(ResponseInvalid, match="it looks like a web page"):
        parse_json(b"\n <html>", "text/html")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Expecting value"),
        (b'{"a": 1', "Expecting"),
        (b'{"a": 1} trailing', "Extra data"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b'{"a": NaN}', "NaN is no JSON"),
        (b"[-Infinity]", "-Infinity is no JSON"),
        (b'{"a": {"b": 1, "b": 1}}', "a key stands twice"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b"\xff", "can't decode"),
        (b"9" * 5000, "digits"),
        (b"1e99999999999999999999", "a number is beyond all bounds"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_clean_json_is_refused_with_the_reason(content: bytes, words: str) -> None:
    with pytest.raises(ResponseInvalid, match="the answer is not valid JSON: ") as caught:
        parse_json(content)
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((status, AuthenticationFailed) for status in (401,)),
        *((status, PermissionDenied) for status in (402, 403, 405, 451)),
        *((status, NotOffered) for status in (404, 410)),
        *((status, RateLimited) for status in (429,)),
        *((status, ProviderUnavailable) for status in (408, 409, 423, 425, 500, 502, 503, 504, 520, 529, 599)),
        *((status, ResponseInvalid) for status in (400, 406, 413, 415, 418, 422, 501, 505)),
    ],
)
def test_every_status_means_one_of_our_errors(status: int, error: type[SyncError]) -> None:
    found = error_of(_answer(status, json={"message": "because"}))
    assert type(found) is error
    assert f"(HTTP {status}: because)" in found.message


@pytest.mark.parametrize("status", [200, 201, 204, 206])
def test_a_good_status_means_no_error(status: int) -> None:
    assert error_of(_answer(status)) is None


def test_a_too_large_answer_with_a_wished_pause_is_a_rate_limit() -> None:
    found = error_of(_answer(413, headers={"retry-after": "3"}))
    assert isinstance(found, RateLimited)
    assert found.retry_after == 3


@pytest.mark.parametrize(
    ("location", "host"),
    [
        (b"https://login.example.com/form?token=abc", "login.example.com"),
        (b"//evil.example/", "evil.example"),
        (b"/elsewhere", "nowhere"),
        (b"http://xn--/", "an invalid address"),
        (b"http://a:b/", "an invalid address"),
        (b"http://" + b"x" * 400 + b"/", "x" * 299 + "…"),
    ],
)
def test_a_redirect_names_the_host_and_nothing_else(location: bytes, host: str) -> None:
    found = error_of(_answer(302, headers=[(b"location", location)]))
    assert isinstance(found, ResponseInvalid)
    assert found.message == f"the cloud redirected to {host}; redirects are not followed"


@pytest.mark.parametrize(
    "body",
    [
        {"message": "because"},
        {"error": {"code": "forbidden", "message": "because", "details": None}},
        {"id": "forbidden", "message": "because"},
        {"error": {"code": 403, "title": "Forbidden", "message": "because"}},
        {"forbidden": {"code": 403, "message": "because"}},
        {"error": "because"},
        {"error_text": "because", "status": "error"},
        {"detail": "because"},
        {"error": "invalid_grant", "error_description": "because"},
        {"code": 7, "message": "because", "details": [{"@type": "x"}]},
    ],
)
def test_the_clouds_own_words_are_found_wherever_they_stand(body: Any) -> None:
    assert words_of(json.dumps(body).encode()) == "because"


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[]", b'{"message": 5}', b'{"message": " "}', b"{" * 100_000, b"\xff"]
)
def test_a_body_without_words_leaves_the_statuss_own(content: bytes) -> None:
    assert words_of(content) is None
    found = error_of(_answer(503, content=content))
    assert found is not None
    assert found.message == "the cloud failed (HTTP 503: Service Unavailable)"


def test_words_given_go_before_those_of_the_body() -> None:
    found = error_of(_answer(400, json={"message": "body"}), "given")
    assert found is not None
    assert "given" in found.message


def test_foreign_words_are_one_short_printable_line() -> None:
    words = printable_words("a\x00b\n\tc \u202e\ud800 " + "x" * 10_000)
    assert words.startswith("a b c x")
    assert len(words) == 300
    assert words.isprintable()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "31536000"}, 31_536_000),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "1e9"}, None),
        ({"retry-after": "Tue, 10 Nov 2026 12:00:30 GMT"}, 30),
        ({"retry-after": "Tue, 10 Nov 2026 12:00:30 -0000"}, 30),
        ({"retry-after": "Tue, 10 Nov 2026 15:00:30 +0300"}, 30),
        ({"retry-after": "Tue, 10 Nov 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "Mon, 01 Jan 99999999999 00:00:00 GMT"}, None),
        ({"ratelimit-reset": "12"}, 12),
        ({"ratelimit-reset": "1794312030"}, 30),
        ({"ratelimit-reset": "1794311000"}, 0),
        ({"x-ratelimit-reset": "1794312030"}, 30),
        ({"ratelimit-reset": "later"}, None),
        ({"retry-after": "7", "ratelimit-reset": "99"}, 7),
        ({"retry-after": "soon", "ratelimit-reset": "99"}, 99),
    ],
)
def test_a_wished_pause_is_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(httpx.Headers({"date": _NOW, **headers})) == seconds


@pytest.mark.parametrize("date", ["Tue, 10 Nov 2026 12:10:00 GMT", "Tue, 10 Nov 2026 11:50:00 GMT"])
def test_a_cloud_whose_clock_is_ten_minutes_off_still_means_half_a_minute(date: str) -> None:
    wish = date.replace(":00 GMT", ":30 GMT")
    assert retry_after(httpx.Headers({"date": date, "retry-after": wish})) == 30


def test_without_a_date_of_the_answer_our_own_clock_counts() -> None:
    assert retry_after(httpx.Headers({"retry-after": "Fri, 01 Jan 2010 00:00:00 GMT"})) == 0
    in_a_century = retry_after(httpx.Headers({"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"}))
    assert in_a_century is not None
    assert in_a_century > 365 * 24 * 3600


@given(st.text(), st.text())
def test_no_header_raises_or_makes_a_negative_pause(wish: str, date: str) -> None:
    seconds = retry_after({"retry-after": wish, "date": date, "ratelimit-reset": wish})
    assert seconds is None or seconds >= 0


def test_a_record_takes_ids_as_numbers_and_ignores_what_it_does_not_know() -> None:
    server = read(_Server, {"id": 42, "size": {"cores": "2"}, "new": True}, "a server")
    assert (server.id, server.size.cores) == ("42", 2)


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"size": {"cores": 2}}, "id: "),
        ({"id": [], "size": {"cores": 2}}, "id: "),
        ({"id": 1, "size": {"cores": "many"}}, "size.cores: "),
        ([], ""),
        (None, ""),
    ],
)
def test_a_record_that_does_not_fit_names_the_field_and_never_the_value(value: Any, where: str) -> None:
    with pytest.raises(ResponseInvalid, match=f"^a server is not as the cloud's API describes: {where}") as caught:
        read(_Server, value, "a server")
    assert "many" not in caught.value.message


def test_a_field_of_foreign_name_does_not_fill_the_page() -> None:
    with pytest.raises(ResponseInvalid) as caught:
        read(_Server, {"id": 1, "size": {"cores": 1}, "tags": {"x\n" * 5000: []}}, "a server")
    assert len(caught.value.message) < 400
    assert caught.value.message.isprintable()
