"""The client for clouds without an SDK."""

from collections.abc import Generator

import httpx
import pytest

from app.core.domain.errors import AuthenticationFailed, ProviderUnavailable, ResponseInvalid
from emulators.kit.faults import Fault, Kind
from emulators.kit.server import Reply
from tests.providers.small_cloud import THINGS, SmallCloud, a_client, a_session


class _Token(httpx.Auth):
    """Signs with a token, and once more with a fresh one after a 401."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = iter(tokens)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["authorization"] = next(self._tokens)
        answer = yield request
        if answer.status_code == 401:
            request.headers["authorization"] = next(self._tokens)
            yield request


def test_a_get_returns_the_answers_json(small_cloud: SmallCloud) -> None:
    with a_client(small_cloud.url) as client:
        things = client.get("/things", {"page": 2, "all": True, "type": ["a", "b"]}, headers={"x-more": "1"})["things"]
    assert [thing["id"] for thing in things] == [thing["id"] for thing in THINGS]
    assert [str(thing["price"]) for thing in things] == ["0.1", "0.2"]
    (request,) = small_cloud.requests
    assert request.query == {"page": ["2"], "all": ["true"], "type": ["a", "b"]}
    assert (request.headers["accept"], request.headers["x-more"]) == ("application/json", "1")


def test_a_path_is_appended_to_the_base_and_an_address_is_called_as_it_is(small_cloud: SmallCloud) -> None:
    with a_client(f"{small_cloud.url}/") as client:
        assert client.get("things") == client.get("/things") == client.get(f"{small_cloud.url}/things?page=2")


def test_a_post_sends_json_or_a_form(small_cloud: SmallCloud) -> None:
    with a_client(small_cloud.url) as client:
        client.post("/orders", json={"a": 1})
        client.post("/orders", data={"a": "ü &"})
    first, second = small_cloud.requests
    assert first.json() == {"a": 1}
    assert second.form() == {"a": "ü &"}


def test_a_token_that_expired_is_renewed_once(small_cloud: SmallCloud) -> None:
    small_cloud.faults.add(Fault(Kind.STATUS, times=1, status=401))
    with a_client(small_cloud.url, auth=_Token("old", "fresh")) as client:
        assert client.get("/things")
    assert [request.headers["authorization"] for request in small_cloud.requests] == ["old", "fresh"]


def test_a_fresh_token_that_is_refused_as_well_is_the_end(small_cloud: SmallCloud) -> None:
    small_cloud.faults.add(Fault(Kind.STATUS, status=401, words="token is revoked"))
    with (
        a_client(small_cloud.url, auth=_Token("old", "fresh", "fresher")) as client,
        pytest.raises(AuthenticationFailed, match="HTTP 401: token is revoked"),
    ):
        client.get("/things")
    assert len(small_cloud.requests) == 2


def test_each_try_is_signed(small_cloud: SmallCloud, naps: list[float]) -> None:
    small_cloud.faults.add(Fault(Kind.STATUS, times=2, status=503))
    with a_client(small_cloud.url, auth=_Token("only")) as client:
        assert client.get("/things")
    assert [request.headers["authorization"] for request in small_cloud.requests] == ["only"] * 3


def test_an_answer_without_a_body_is_no_json(small_cloud: SmallCloud) -> None:
    small_cloud.reply = Reply(b"", 204)
    with a_client(small_cloud.url) as client:
        assert client.send("DELETE", "/orders").status_code == 204
        with pytest.raises(ResponseInvalid, match="not valid JSON"):
            client.get("/things")


@pytest.mark.parametrize("url", ["http://0177.0.0.1", "http://a:b", "http://" + "x" * 70_000])
def test_an_endpoint_that_is_no_address_is_said_to_be_so(url: str) -> None:
    with pytest.raises(ResponseInvalid, match="this address cannot be called: "), a_client(url):
        pass


@pytest.mark.parametrize("url", ["http://0177.0.0.1/next", "http://a:b/next", "ftp://127.0.0.1/next"])
def test_a_next_page_that_is_no_address_is_refused(small_cloud: SmallCloud, url: str) -> None:
    with a_client(small_cloud.url) as client, pytest.raises(ResponseInvalid):
        client.get(url)


def test_a_cloud_may_say_what_its_answers_mean(small_cloud: SmallCloud, naps: list[float]) -> None:
    small_cloud.reply = Reply({"status": "error"})
    with (
        a_client(small_cloud.url, meaning=lambda _: ProviderUnavailable("busy, it says")) as client,
        pytest.raises(ProviderUnavailable, match="busy, it says"),
    ):
        client.get("/things")
    assert len(small_cloud.requests) == 5


def test_a_closed_client_calls_nobody(small_cloud: SmallCloud) -> None:
    with a_client(small_cloud.url, a_session()) as client:
        pass
    with pytest.raises(RuntimeError):
        client.get("/things")
