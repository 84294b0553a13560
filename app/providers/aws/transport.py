"""How signed requests leave the house: counted, inside the deadline, and with an end to every answer."""

from collections.abc import Iterator
from typing import Any

import urllib3.exceptions
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.httpsession import URLLib3Session

from app.core.domain.errors import ResponseInvalid
from app.providers.base import Session

MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""The largest answer that is read. A page of 1,000 instances has about 3 MiB."""
_CHUNK_BYTES = 64 * 1024
_POOL = 2


class Transport:
    """Sends the requests of all clients of one account, on the connections of one pool.

    No proxy is used, whatever the environment says. The attribute `status` is the HTTP status of the last answer, None
    when the last request got none.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._http = URLLib3Session(
            timeout=(session.connect_timeout_s, session.read_timeout_s), max_pool_connections=_POOL
        )
        self.status: int | None = None

    def attach(self, client: Any) -> None:
        """Let every try of every call of a botocore client go through here."""
        client.meta.events.register("before-send", self._send)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        deadline, stats = self._session.deadline, self._session.stats
        deadline.check()
        self.status = None
        stats.calls += 1
        stats.retries += request.context["retries"]["attempt"] > 1
        request.context["read_timeout"] = min(self._session.read_timeout_s, deadline.remaining)
        # botocore would read the answer in one go; a server that drips could hold the thread for ever.
        request.stream_output = True
        response = self._http.send(request)
        self.status = response.status_code
        return AWSResponse(request.url, response.status_code, response.headers, _Body(self._read(request, response)))

    def _read(self, request: AWSPreparedRequest, response: AWSResponse) -> bytes:
        chunks, size = [], 0
        try:
            while chunk := response.raw.read1(_CHUNK_BYTES):
                chunks.append(chunk)
                size += len(chunk)
                if size > MAX_ANSWER_BYTES:
                    raise ResponseInvalid(f"the answer is larger than {MAX_ANSWER_BYTES} bytes; it was not read")
                self._session.deadline.check()
            if response.raw.length_remaining:
                raise urllib3.exceptions.ProtocolError(
                    f"{response.raw.length_remaining} bytes of the answer are missing"
                )
        except urllib3.exceptions.ReadTimeoutError as error:
            raise ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionClosedError(endpoint_url=request.url, request=request, error=error) from error
        finally:
            response.raw.close()
        return b"".join(chunks)


class _Body:
    """An answer's bytes in the shape that AWSResponse reads."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content
