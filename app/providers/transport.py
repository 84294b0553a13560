"""How calls leave the house: one policy for every cloud, also inside the vendors' SDKs.

Deadlines for the connection, each wait and the whole call; connections kept and counted; no proxy, no redirect; TLS
verified; an end to every answer; transient failures tried again. `HttpTransport` gives it to httpx, `for_requests`
to SDKs built on requests.
"""

import contextlib
from collections.abc import Iterator
from importlib.metadata import version
from types import TracebackType
from typing import Any, Self

import httpcore
import httpx
import requests
import requests.adapters
import requests.structures

from app.core.domain.errors import ProviderUnavailable, ResponseInvalid, SyncError
from app.providers.answers import error_of, parse_json
from app.providers.base import Deadline, Session
from app.providers.network import DeadlineBackend, call_deadline
from app.providers.retrying import Pause, with_retries

MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""The largest answer that is read, unpacked. A page of 1,000 servers has about 3 MiB."""
MAX_CONNECTIONS = 8
_KEPT_OPEN_S = 30.0
USER_AGENT = f"infrazen/{version('infrazen')}"
_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS"})


class HttpTransport(httpx.BaseTransport):
    """Sends the requests of one account. Answers are whole when they are returned.

    Raises SyncErrors for failures of the network, and for what a status means once all tries are used up, unless
    the status is in `passed`: those answers go back to who asked, at once.
    A request that changes something is sent once, unless its extension `repeatable` says that it may be sent again.
    """

    def __init__(self, session: Session, pause: Pause, *, passed: frozenset[int] = frozenset()) -> None:
        self._session = session
        self._pause = pause
        self._passed = passed
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_CONNECTIONS,
            keepalive_expiry=_KEPT_OPEN_S,
            network_backend=DeadlineBackend(public_only=not session.endpoint_trusted),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its whole answer."""
        request.read()
        request.headers["user-agent"] = USER_AGENT
        tries = {} if request.method in _REPEATABLE or request.extensions.get("repeatable") else {"tries": 1}
        return with_retries(self._session, self._pause, lambda: self._once(request), **tries)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.close()

    def _once(self, request: httpx.Request) -> httpx.Response:
        deadline = self._session.deadline.within(self._session.call_timeout_s)
        with call_deadline(deadline), _network_errors(request.url.host, deadline):
            response = self._send(request)
        error = None if response.status_code in self._passed else error_of(response)
        if error is not None:
            raise error
        return response

    def _send(self, request: httpx.Request) -> httpx.Response:
        wait = {"read": self._session.read_timeout_s, "write": self._session.read_timeout_s}
        connect = self._session.connect_timeout_s
        raw = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.content,
                extensions={"timeout": {"connect": connect, "pool": connect, **wait}},
            )
        )
        try:
            streamed = httpx.Response(raw.status, headers=raw.headers, stream=_Stream(raw), request=request)
            content = b"".join(_capped(streamed.iter_bytes()))
        finally:
            raw.close()
        # The content is unpacked by now; these headers would have it unpacked again.
        headers = [(k, v) for k, v in raw.headers if k.lower() not in (b"content-encoding", b"content-length")]
        return httpx.Response(raw.status, headers=headers, content=content, request=request)


class _Stream(httpx.SyncByteStream):
    def __init__(self, raw: httpcore.Response) -> None:
        self._raw = raw

    def __iter__(self) -> Iterator[bytes]:
        return self._raw.iter_stream()


def _capped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            raise ResponseInvalid(f"the answer is larger than {MAX_ANSWER_BYTES} bytes; it was not read")
        yield chunk


@contextlib.contextmanager
def _network_errors(host: str, deadline: Deadline) -> Iterator[None]:
    try:
        yield
    except SyncError:
        raise
    except httpcore.TimeoutException as error:
        deadline.check()
        raise ProviderUnavailable(f"{host} did not answer in time ({type(error).__name__})") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        words = str(error) or type(error).__name__
        raise ProviderUnavailable(f"{host}: the connection failed: {words}") from error
    except (httpcore.UnsupportedProtocol, httpx.DecodingError) as error:
        raise ResponseInvalid(f"{host}: {error}") from error


def for_requests(transport: HttpTransport) -> requests.Session:
    """Return a requests session for a vendor's SDK that sends everything through the transport.

    Good answers with a body must be JSON; one that is not raises ResponseInvalid before the SDK sees it.
    """
    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 0
    session.adapters.clear()
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter(transport))
    return session


class _Adapter(requests.adapters.BaseAdapter):
    def __init__(self, transport: HttpTransport) -> None:
        super().__init__()
        self._transport = transport

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        if not isinstance(body, bytes | None):
            raise TypeError("a streamed request body cannot be sent again")
        headers = {name: value for name, value in request.headers.items() if isinstance(value, str)}
        sent = httpx.Request(str(request.method), str(request.url), headers=headers, content=body)
        answer = self._transport.handle_request(sent)
        if answer.is_success and answer.content and request.method != "HEAD":
            parse_json(answer.content, answer.headers.get("content-type"))
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers = requests.structures.CaseInsensitiveDict(answer.headers)
        response.reason = answer.reason_phrase
        response.url, response.request, response.encoding = str(request.url), request, "utf-8"
        response._content = answer.content
        return response

    def close(self) -> None:
        """The transport is closed by the account that made it."""
