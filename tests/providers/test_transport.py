"""How calls leave the house: every limit and every failure, through httpx and through requests."""

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import requests

from app.core.domain.errors import (
    AuthenticationFailed,
    DeadlineExceeded,
    PermissionDenied,
    ProviderUnavailable,
    RateLimited,
    ResponseInvalid,
    SyncError,
    TransientError,
)
from app.providers.base import Session
from app.providers.retrying import shared_pause
from app.providers.transport import USER_AGENT, HttpTransport, for_requests
from emulators.kit.faults import Fault, Kind
from emulators.kit.server import Reply
from tests.providers.self_signed import self_signed
from tests.providers.small_cloud import SmallCloud, a_client, a_session


@contextmanager
def _vendor(session: Session | None = None, **options: object) -> Iterator[requests.Session]:
    """A requests session such as a vendor's SDK gets."""
    with closing(HttpTransport(session or a_session(), shared_pause("vendor"))) as transport:
        yield for_requests(transport, **options)  # type: ignore[arg-type]


@pytest.fixture(params=["httpx", "requests"])
def way(request: pytest.FixtureRequest) -> str:
    """Both ways out of the house."""
    return str(request.param)


def _get(way: str, url: str, session: Session | None = None) -> None:
    if way == "httpx":
        with a_client(url, session) as client:
            client.get("/things")
    else:
        with _vendor(session) as vendor:
            vendor.get(f"{url}/things")


@pytest.mark.parametrize(
    ("fault", "error", "words", "calls"),
    [
        (Fault(Kind.HANG), ProviderUnavailable, "127.0.0.1 did not answer in time (ReadTimeout)", 5),
        (Fault(Kind.HANG_IN_BODY), ProviderUnavailable, "did not answer in time", 5),
        (Fault(Kind.DRIP), TransientError, "did not", 5),
        (Fault(Kind.RESET), ProviderUnavailable, "the connection failed", 5),
        (Fault(Kind.TRUNCATED), ProviderUnavailable, "the connection failed", 5),
        (Fault(Kind.MALFORMED), ResponseInvalid, "not valid JSON", 1),
        (Fault(Kind.HTML), ResponseInvalid, "it looks like a web page", 1),
        (Fault(Kind.BYTE_ORDER_MARK), ResponseInvalid, "BOM", 1),
        (Fault(Kind.NOT_A_NUMBER), ResponseInvalid, "NaN is no JSON", 1),
        (Fault(Kind.DEEP), ResponseInvalid, "nested too deeply", 1),
        (Fault(Kind.DUPLICATE_KEYS), ResponseInvalid, "a key stands twice", 1),
        (Fault(Kind.REDIRECT), ResponseInvalid, "redirected to elsewhere.invalid; redirects are not followed", 1),
        (Fault(Kind.STATUS, status=400), ResponseInvalid, "HTTP 400: something broke", 1),
        (Fault(Kind.STATUS, status=401), AuthenticationFailed, "HTTP 401", 1),
        (Fault(Kind.STATUS, status=403), PermissionDenied, "HTTP 403", 1),
        (Fault(Kind.STATUS, status=404), PermissionDenied, "HTTP 404", 1),
        (Fault(Kind.STATUS, status=500), ProviderUnavailable, "HTTP 500", 5),
        (Fault(Kind.STATUS, status=503), ProviderUnavailable, "HTTP 503", 5),
        (Fault(Kind.STATUS, status=429, headers={"retry-after": "0"}), RateLimited, "HTTP 429", 5),
        (Fault(Kind.STATUS, status=429, headers={"retry-after": "31536000"}), RateLimited, "HTTP 429", 1),
        (Fault(Kind.STATUS, status=503, headers={"retry-after": "junk"}), ProviderUnavailable, "HTTP 503", 5),
    ],
    ids=lambda value: f"{value.kind}-{value.status}" if isinstance(value, Fault) else None,
)
def test_every_failure_is_one_of_our_errors(
    small_cloud: SmallCloud,
    naps: list[float],
    way: str,
    fault: Fault,
    error: type[SyncError],
    words: str,
    calls: int,
) -> None:
    small_cloud.faults.add(Fault(fault.kind, status=fault.status, headers=fault.headers))
    session = a_session(read_timeout_s=0.08, call_timeout_s=0.15 if fault.kind is Kind.DRIP else 1)
    with pytest.raises(SyncError) as caught:
        _get(way, small_cloud.url, session)
    assert isinstance(caught.value, error)
    assert words in caught.value.message
    assert (session.stats.calls, session.stats.retries) == (calls, calls - 1)


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault(kind, times=1) for kind in (Kind.HANG, Kind.HANG_IN_BODY, Kind.DRIP, Kind.RESET, Kind.TRUNCATED)),
        *(Fault(Kind.STATUS, times=1, status=status) for status in (408, 429, 500, 502, 503, 504)),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
def test_a_failure_that_passes_costs_one_more_try(
    small_cloud: SmallCloud, naps: list[float], way: str, fault: Fault
) -> None:
    small_cloud.faults.add(Fault(fault.kind, times=1, status=fault.status))
    session = a_session()
    _get(way, small_cloud.url, session)
    assert (session.stats.calls, session.stats.retries) == (2, 1)


def test_an_answer_without_end_is_not_read_to_its_end(small_cloud: SmallCloud) -> None:
    small_cloud.faults.add(Fault(Kind.HUGE))
    with pytest.raises(ResponseInvalid, match="the answer is larger than 67108864 bytes; it was not read"):
        _get("httpx", small_cloud.url, a_session(read_timeout_s=5, call_timeout_s=30))


def test_an_answer_that_grows_when_it_is_unpacked_is_refused(
    small_cloud: SmallCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.providers.channel.MAX_ANSWER_BYTES", 1_000_000)
    small_cloud.reply = Reply(gzip.compress(b"1" * 2_000_000), headers={"Content-Encoding": "gzip"})
    assert len(small_cloud.reply.body) < 10_000
    with pytest.raises(ResponseInvalid, match="larger than 1000000 bytes"):
        _get("httpx", small_cloud.url)


def test_a_packed_answer_is_unpacked_once(small_cloud: SmallCloud, way: str) -> None:
    small_cloud.reply = Reply(gzip.compress(b'{"things": []}'), headers={"Content-Encoding": "gzip"})
    _get(way, small_cloud.url)
    with _vendor() as vendor:
        answer = vendor.get(f"{small_cloud.url}/things")
    assert answer.json() == {"things": []}
    assert "content-encoding" not in answer.headers


def test_what_is_not_packed_as_it_says_is_refused(small_cloud: SmallCloud, way: str) -> None:
    small_cloud.reply = Reply(b"not packed", headers={"Content-Encoding": "gzip"})
    with pytest.raises(ResponseInvalid):
        _get(way, small_cloud.url)


def test_one_connection_serves_many_calls(small_cloud: SmallCloud) -> None:
    with a_client(small_cloud.url) as client:
        for _ in range(5):
            client.get("/things")
    assert (len(small_cloud.requests), small_cloud.connections) == (5, 1)


def test_a_refused_call_does_not_cost_the_connection(small_cloud: SmallCloud, naps: list[float]) -> None:
    small_cloud.faults.add(Fault(Kind.STATUS, times=3, status=503))
    with a_client(small_cloud.url) as client:
        client.get("/things")
    assert (len(small_cloud.requests), small_cloud.connections) == (4, 1)


def test_every_call_says_who_we_are(small_cloud: SmallCloud) -> None:
    _get("httpx", small_cloud.url)
    with _vendor() as vendor:
        vendor.get(f"{small_cloud.url}/things", headers={"User-Agent": "some-sdk/1.0"})
    assert {request.headers["user-agent"] for request in small_cloud.requests} == {USER_AGENT}
    assert USER_AGENT.startswith("infrazen/")


def test_no_proxy_of_the_machine_is_used(small_cloud: SmallCloud, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    _get(way, small_cloud.url)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("kind", [Kind.RESET, Kind.HANG, Kind.STATUS])
def test_what_changes_something_is_sent_once(
    small_cloud: SmallCloud, naps: list[float], method: str, kind: Kind
) -> None:
    small_cloud.faults.add(Fault(kind, status=503))
    with a_client(small_cloud.url) as client, pytest.raises(ProviderUnavailable):
        client.send(method, "/orders")
    with _vendor() as vendor, pytest.raises(ProviderUnavailable):
        vendor.request(method, f"{small_cloud.url}/orders", data="x")
    assert len(small_cloud.requests) == 2


def test_a_post_that_may_be_repeated_is(small_cloud: SmallCloud, naps: list[float]) -> None:
    small_cloud.faults.add(Fault(Kind.RESET, times=2))
    with a_client(small_cloud.url) as client:
        assert client.post("/orders", repeatable=True, json={"a": 1})
    assert [request.json() for request in small_cloud.requests] == [{"a": 1}] * 3


def test_an_sdks_post_that_may_be_repeated_is(small_cloud: SmallCloud, naps: list[float]) -> None:
    small_cloud.faults.add(Fault(Kind.STATUS, times=1, status=503))
    with _vendor(repeatable=lambda request: str(request.url).endswith("/orders")) as vendor:
        assert vendor.post(f"{small_cloud.url}/orders", json={"a": 1}).ok
    assert [request.json() for request in small_cloud.requests] == [{"a": 1}] * 2


@pytest.mark.parametrize("offset", [timedelta(0), timedelta(minutes=10), timedelta(minutes=-10)])
def test_a_pause_until_a_date_is_counted_by_the_clouds_own_clock(
    small_cloud: SmallCloud, naps: list[float], offset: timedelta
) -> None:
    now = datetime.now(UTC) + offset
    form = "%a, %d %b %Y %H:%M:%S GMT"
    wish = {"Date": now.strftime(form), "Retry-After": (now + timedelta(seconds=7)).strftime(form)}
    small_cloud.faults.add(Fault(Kind.STATUS, times=1, status=429, headers=wish))
    _get("httpx", small_cloud.url, a_session(deadline_s=60))
    (nap,) = (nap for nap in naps if nap)
    assert 6 <= nap <= 8


@pytest.mark.parametrize(
    ("wish", "least", "most"),
    [("0", 0, 0.1), ("-5", 0, 0.1), ("3", 2.9, 4), ("31536000", 59.9, 61), ("soon", 0.9, 3), ("", 0.9, 3)],
)
def test_a_wished_pause_is_kept_within_reason(
    small_cloud: SmallCloud, naps: list[float], wish: str, least: float, most: float
) -> None:
    small_cloud.faults.add(Fault(Kind.STATUS, times=1, status=429, headers={"Retry-After": wish}))
    _get("httpx", small_cloud.url, a_session(deadline_s=300))
    assert least <= sum(naps) <= most


def test_a_limit_holds_for_all_who_use_the_credential_and_nobody_else(
    small_cloud: SmallCloud, naps: list[float]
) -> None:
    small_cloud.faults.add(Fault(Kind.STATUS, times=1, status=429, headers={"Retry-After": "5"}))
    waited: dict[str, float] = {}

    def call(principal: str) -> None:
        before = len(naps)
        with a_client(small_cloud.url, a_session(deadline_s=60), principal=principal) as client:
            client.get("/things")
        waited[principal] = sum(naps[before:])

    with a_client(small_cloud.url, a_session(deadline_s=60), principal="ours") as first:
        first.get("/things")
        for principal in ("ours", "theirs"):
            thread = threading.Thread(target=call, args=(principal,))
            thread.start()
            thread.join()
    assert waited["theirs"] == 0
    assert 4 < waited["ours"] <= 6


def test_retries_end_when_most_calls_fail(small_cloud: SmallCloud, naps: list[float]) -> None:
    small_cloud.faults.add(Fault(Kind.STATUS, status=503))
    session = a_session(deadline_s=60)
    with a_client(small_cloud.url, session) as client:
        for _ in range(10):
            with pytest.raises(ProviderUnavailable):
                client.get("/things")
    # Twenty, and a fifth of all calls, instead of four for each of the ten.
    assert (session.stats.calls, session.stats.retries) == (37, 27)


def test_no_call_is_made_after_the_deadline(small_cloud: SmallCloud, way: str) -> None:
    with pytest.raises(DeadlineExceeded):
        _get(way, small_cloud.url, a_session(deadline_s=0))
    assert not small_cloud.requests


def test_a_server_that_is_not_who_it_says_is_refused(tmp_path: Path, way: str, naps: list[float]) -> None:
    with self_signed(tmp_path) as url, pytest.raises(ProviderUnavailable, match="certificate verify failed"):
        _get(way, url)


def test_plain_text_on_a_tls_port_is_said_to_have_failed(small_cloud: SmallCloud, naps: list[float]) -> None:
    with pytest.raises(ProviderUnavailable, match="the connection failed"):
        _get("httpx", f"https://127.0.0.1:{small_cloud.port}")


def test_what_speaks_no_http_is_said_to_have_failed(naps: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            for _ in range(5):
                with server.accept()[0] as connection:
                    connection.recv(1000)
                    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(ProviderUnavailable, match="the connection failed"):
            _get("httpx", f"http://127.0.0.1:{server.getsockname()[1]}")
        thread.join()


def test_an_sdk_gets_the_whole_answer(small_cloud: SmallCloud) -> None:
    small_cloud.reply = Reply({"id": "ü"}, 201, {"X-Request-Id": "7"})
    with _vendor() as vendor:
        answer = vendor.post(f"{small_cloud.url}/orders?a=1", json={"b": 2}, auth=("me", "secret"))
    assert (answer.status_code, answer.reason, answer.json()) == (201, "Created", {"id": "ü"})
    assert (answer.headers["x-request-id"], answer.url) == ("7", f"{small_cloud.url}/orders?a=1")
    (request,) = small_cloud.requests
    assert (request.query, request.json()) == ({"a": ["1"]}, {"b": 2})
    assert request.headers["authorization"].startswith("Basic ")


def test_an_sdks_answer_without_a_body_needs_no_json(small_cloud: SmallCloud) -> None:
    small_cloud.reply = Reply(b"", 204)
    with _vendor() as vendor:
        assert vendor.delete(f"{small_cloud.url}/orders").content == b""
        small_cloud.reply = Reply({"a": 1})
        assert vendor.head(f"{small_cloud.url}/things").ok


def test_a_body_that_cannot_be_sent_again_is_refused(small_cloud: SmallCloud) -> None:
    with _vendor() as vendor, pytest.raises(TypeError, match="streamed"):
        vendor.post(f"{small_cloud.url}/orders", data=iter([b"a"]))


@pytest.mark.parametrize("url", ["http://0177.0.0.1/", "http://[/", "nonsense", "ftp://127.0.0.1/", "http://a:b/"])
def test_an_sdk_that_calls_what_is_no_address_raises_our_error(url: str) -> None:
    with _vendor() as vendor, pytest.raises(ResponseInvalid, match="this address cannot be called: "):
        vendor.get(url)


def test_a_status_that_is_passed_comes_back_at_once(small_cloud: SmallCloud) -> None:
    small_cloud.faults.add(Fault(Kind.STATUS, status=401))
    transport = HttpTransport(a_session(), shared_pause("ours"), passed=frozenset({401}))
    with closing(transport):
        answer = transport.handle_request(httpx.Request("GET", f"{small_cloud.url}/things"))
    assert (answer.status_code, len(small_cloud.requests)) == (401, 1)


def test_a_cloud_may_say_what_an_answer_means(small_cloud: SmallCloud) -> None:
    transport = HttpTransport(a_session(), shared_pause("ours"), meaning=lambda _: PermissionDenied("ask your boss"))
    with closing(transport), pytest.raises(PermissionDenied, match="ask your boss"):
        transport.handle_request(httpx.Request("GET", f"{small_cloud.url}/things"))
