"""One try of one call: the connections of an account, with every limit that a call has."""

import contextlib
import logging
import ssl
from collections.abc import Iterator
from functools import cache

import httpcore
import httpx

from app.core.domain.errors import DeadlineExceeded, ProviderUnavailable, ResponseInvalid, SyncError
from app.providers.base import Deadline, Session
from app.providers.network import DeadlineBackend, call_deadline

MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""The largest answer that is read, unpacked. A page of 1,000 servers has about 3 MiB."""
MAX_CONNECTIONS = 8
_KEPT_OPEN_S = 30.0

# Its detail holds the headers of answers, and some clouds give out tokens in a header.
logging.getLogger("httpcore").setLevel(logging.INFO)


class Channel:
    """Keeps an account's connections. No proxy, no redirect, TLS verified; safe to use from several threads."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_CONNECTIONS,
            keepalive_expiry=_KEPT_OPEN_S,
            network_backend=DeadlineBackend(public_only=not session.endpoint_trusted),
        )

    def exchange(self, request: httpcore.Request) -> httpx.Response:
        """Send a request and return its whole answer, whatever its status.

        Raises ProviderUnavailable for failures of the network, DeadlineExceeded when a limit of time ran out that a
        second try could not better, ResponseInvalid for an answer that is too large or cannot be unpacked, and
        PermissionDenied when the endpoint policy forbids the address.
        """
        session = self._session
        connect, wait = session.connect_timeout_s, session.read_timeout_s
        request.extensions["timeout"] = {"connect": connect, "pool": connect, "read": wait, "write": wait}
        deadline = session.deadline.within(session.call_timeout_s)
        with call_deadline(deadline), _network_errors(request.url.host.decode(), session.deadline):
            return self._whole(request)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def _whole(self, request: httpcore.Request) -> httpx.Response:
        raw = self._pool.handle_request(request)
        try:
            streamed = httpx.Response(raw.status, headers=raw.headers, stream=_Stream(raw))
            content = b"".join(_capped(streamed.iter_bytes()))
        finally:
            raw.close()
        # The content is unpacked by now; these headers would have it unpacked again.
        headers = [(k, v) for k, v in raw.headers if k.lower() not in (b"content-encoding", b"content-length")]
        return httpx.Response(raw.status, headers=headers, content=content)


@cache
def _tls() -> ssl.SSLContext:
    # Reading the certificate authorities takes longer than a small account's whole sync.
    return httpx.create_ssl_context()


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
    except DeadlineExceeded as error:
        deadline.check()
        # The call's own limit ran out, not the account's: a second try may be quicker.
        raise ProviderUnavailable(f"{host} did not finish its answer in the time given to a call") from error
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
