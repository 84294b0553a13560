"""JSON over HTTP for clouds without an SDK of their own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from app.core.domain.errors import SyncError
from app.providers.answers import error_of, parse_json
from app.providers.base import Session
from app.providers.retrying import shared_pause
from app.providers.transport import HttpTransport, callable_address

Query = Mapping[str, str | int | bool | Sequence[str]]


class HttpClient:
    """Calls one account's API.

    base_url   what relative paths are appended to; absolute URLs are called as they are
    principal  text that names the credential: everyone who uses the same one obeys a rate limit together
    auth       signs each request, and again with a fresh token after a 401 (an `httpx.Auth`)
    meaning    tells the error that an answer means, for clouds that report passing failures in good answers
    """

    def __init__(
        self,
        session: Session,
        base_url: str,
        *,
        principal: str,
        auth: httpx.Auth | None = None,
        headers: Mapping[str, str] | None = None,
        meaning: Callable[[httpx.Response], SyncError | None] = error_of,
    ) -> None:
        # A 401 comes back here, so that `auth` can answer it with a fresh token.
        self._transport = HttpTransport(session, shared_pause(principal), passed=frozenset({401}), meaning=meaning)
        with callable_address():
            self._client = httpx.Client(
                base_url=base_url,
                transport=self._transport,
                auth=auth,
                headers={"accept": "application/json", **(headers or {})},
                follow_redirects=False,
                trust_env=False,
            )

    def get(self, path: str, query: Query | None = None, *, headers: Mapping[str, str] | None = None) -> Any:
        """Return the JSON that a GET answers with; raises SyncError."""
        return self._json(self.send("GET", path, params=query, headers=headers))

    def post(self, path: str, *, repeatable: bool = False, **content: Any) -> Any:
        """Return the JSON that a POST (`json=` or `data=`) answers with; raises SyncError.

        `repeatable` says that sending it twice does no harm, as with a request for a token.
        """
        return self._json(self.send("POST", path, repeatable=repeatable, **content))

    def send(self, method: str, path: str, *, repeatable: bool = False, **arguments: Any) -> httpx.Response:
        """Return a whole good answer (2xx); raises SyncError for any other."""
        extensions = {"repeatable": True} if repeatable else {}
        with callable_address():
            response = self._client.request(method, path, extensions=extensions, **arguments)
        return self.checked(response)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @staticmethod
    def checked(response: httpx.Response) -> httpx.Response:
        """Return the answer if it is good, else raise what it means."""
        error = error_of(response)
        if error is not None:
            raise error
        return response

    @staticmethod
    def _json(response: httpx.Response) -> Any:
        return parse_json(response.content, response.headers.get("content-type"))
