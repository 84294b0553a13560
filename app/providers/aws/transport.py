"""How signed requests leave the house: through the channel that all clouds share, each try counted."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpcore
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import HTTPClientError

from app.core.domain.errors import ProviderUnavailable
from app.providers.base import Session
from app.providers.channel import Channel


class Unreachable(HTTPClientError):  # type: ignore[misc]
    """The network failed. botocore tries again after errors of this kind."""

    fmt = "{error}"


class Transport:
    """Sends the requests of all clients of one account, on the connections of one channel.

    The attribute `status` is the HTTP status of the last answer, None when the last request got none.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._channel = Channel(session)
        self.status: int | None = None

    def attach(self, client: Any) -> None:
        """Let every try of every call of a botocore client go through here."""
        client.meta.events.register("before-send", self._send)

    def close(self) -> None:
        """Close the connections."""
        self._channel.close()

    def _send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        self._session.deadline.check()
        self.status = None
        self._session.stats.calls += 1
        self._session.stats.retries += request.context["retries"]["attempt"] > 1
        headers = [(b"Host", _host(request.url).encode())]
        headers += [(_bytes(name), _bytes(value)) for name, value in request.headers.items()]
        try:
            answer = self._channel.exchange(
                httpcore.Request(request.method, request.url, headers=headers, content=_bytes(request.body or b""))
            )
        except ProviderUnavailable as error:
            raise Unreachable(error=error.message, request=request) from error
        self.status = answer.status_code
        return AWSResponse(request.url, answer.status_code, answer.headers, _Body(answer.content))


class _Body:
    """An answer's bytes in the shape that AWSResponse reads."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _host(url: str) -> str:
    """Return the Host header as it was signed: without the scheme's own port."""
    parts = urlsplit(url)
    is_usual = parts.port in (None, {"http": 80, "https": 443}.get(parts.scheme))
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
    return host if is_usual else f"{host}:{parts.port}"
