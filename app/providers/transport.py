"""How calls leave the house: one policy for every cloud, also inside the vendors' SDKs.

Deadlines for the connection, each wait and the whole call; connections kept and counted; no proxy, no redirect; TLS
verified; an end to every answer; transient failures tried again. `HttpTransport` gives it to httpx, `for_requests`
to SDKs built on requests.
"""

import contextlib
import io
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import httpcore
import httpx
import requests
import requests.adapters
import requests.structures
import urllib3

from app.core.domain.errors import ResponseInvalid, SyncError
from app.providers.answers import error_of, parse_json, printable_words
from app.providers.base import Session
from app.providers.channel import Channel
from app.providers.retrying import Pause, with_retries

USER_AGENT = f"infrazen/{version('infrazen')}"
_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS"})


class HttpTransport(httpx.BaseTransport):
    """Sends the requests of one account. Answers are whole when they are returned.

    Raises SyncErrors for failures of the network, and for what a status means once all tries are used up, unless
    the status is in `passed`: those answers go back to who asked, at once.
    A request that changes something is sent once, unless its extension `repeatable` says that it may be sent again.
    `meaning` is what answers mean to a cloud that deviates from the usual.
    """

    def __init__(
        self,
        session: Session,
        pause: Pause,
        *,
        passed: frozenset[int] = frozenset(),
        meaning: Callable[[httpx.Response], SyncError | None] = error_of,
    ) -> None:
        self._session = session
        self._pause = pause
        self._passed = passed
        self._meaning = meaning
        self._channel = Channel(session)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its whole answer."""
        request.read()
        request.headers["user-agent"] = USER_AGENT
        tries = {} if request.method in _REPEATABLE or request.extensions.get("repeatable") else {"tries": 1}
        return with_retries(self._session, self._pause, lambda: self._once(request), **tries)

    def close(self) -> None:
        """Close the connections."""
        self._channel.close()

    def _once(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        raw = httpcore.Request(request.method, target, headers=request.headers.raw, content=request.content)
        response = self._channel.exchange(raw)
        response.request = request
        error = None if response.status_code in self._passed else self._meaning(response)
        if error is not None:
            raise error
        return response


def for_requests(
    transport: HttpTransport, *, repeatable: Callable[[requests.PreparedRequest], bool] | None = None
) -> requests.Session:
    """Return a requests session for a vendor's SDK that sends everything through the transport.

    Good answers with a body must be JSON; one that is not raises ResponseInvalid before the SDK sees it, and so does
    an address that cannot be called.
    `repeatable` tells which POSTs may be sent again after a failure, such as one that asks for a token.
    """
    session = _Session()
    session.trust_env = False
    session.max_redirects = 0
    session.adapters.clear()
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter(transport, repeatable))
    return session


@contextlib.contextmanager
def callable_address() -> Iterator[None]:
    """Raise ResponseInvalid where a library finds that an address, the endpoint's or one of an answer, is none."""
    try:
        yield
    except (httpx.InvalidURL, requests.RequestException) as error:
        raise ResponseInvalid(f"this address cannot be called: {printable_words(str(error))}") from error


class _Session(requests.Session):
    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        with callable_address():
            return super().request(*args, **kwargs)


class _Adapter(requests.adapters.BaseAdapter):
    def __init__(self, transport: HttpTransport, repeatable: Callable[[requests.PreparedRequest], bool] | None) -> None:
        super().__init__()
        self._transport, self._repeatable = transport, repeatable

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        if not isinstance(body, bytes | None):
            raise TypeError("a streamed request body cannot be sent again")
        headers = {name: value for name, value in request.headers.items() if isinstance(value, str)}
        extensions = {"repeatable": True} if self._repeatable and self._repeatable(request) else {}
        sent = httpx.Request(
            str(request.method), str(request.url), headers=headers, content=body, extensions=extensions
        )
        answer = self._transport.handle_request(sent)
        if answer.is_success and answer.content and request.method != "HEAD":
            parse_json(answer.content, answer.headers.get("content-type"))
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers = requests.structures.CaseInsensitiveDict(answer.headers)
        response.reason = answer.reason_phrase
        response.url, response.request, response.encoding = str(request.url), request, "utf-8"
        response._content, response._content_consumed = answer.content, True
        # azure-core marks and reads the raw response.
        response.raw = urllib3.HTTPResponse(io.BytesIO(answer.content), preload_content=False)
        return response

    def close(self) -> None:
        """The transport is closed by the account that made it."""
