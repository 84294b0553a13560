"""Calls to the REST API: signed, in pages, with one base URL or the services' own hosts."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, TypeVar

import httpx

from app.providers.answers import error_of, parse_json, read
from app.providers.base import Session
from app.providers.http import HttpClient, Query
from app.providers.pagination import Page, listed, walk
from app.providers.retrying import shared_pause
from app.providers.transport import HttpTransport
from app.providers.yandex.credentials import YandexCredentials
from app.providers.yandex.endpoints import TOKENS_PATH, Endpoints
from app.providers.yandex.records import Listed, Part
from app.providers.yandex.tokens import Tokens

PAGE_SIZE = 1000
"""The most that the API gives."""
_PASSED = frozenset({400, 401, 404})


P = TypeVar("P", bound=Listed)


class Api:
    """One account's REST API. Used by one thread at a time."""

    def __init__(self, credentials: YandexCredentials, session: Session) -> None:
        self.endpoints = Endpoints(session.api_endpoint)
        self.principal = principal(credentials)
        # Without a token: where tokens are made, and the directory of endpoints.
        self._open = HttpTransport(session, shared_pause(self.principal), passed=_PASSED)
        self.tokens = Tokens(credentials, self._open, self.endpoints.url("iam", TOKENS_PATH))
        self._client = HttpClient(session, "", principal=self.principal, auth=self.tokens)

    def get(self, service: str, path: str, query: Query | None = None) -> Any:
        """Return the JSON that a path of a service answers with; raises SyncError."""
        return self._client.get(self.endpoints.url(service, path), query)

    def items(self, service: str, path: str, key: str, model: type[P], what: str, **query: str) -> Iterator[P]:
        """Yield every record of a listing, page by page. `key` names the list in the answer, `what` one record."""

        def fetch(token: str | None) -> Page[P]:
            asked: dict[str, str | int] = {**query, "pageSize": PAGE_SIZE, **({"pageToken": token} if token else {})}
            body = self.get(service, path, asked)
            records = [read(model, value, what) for value in listed(body, key, may_be_absent=True)]
            return Page(records, read(_Next, body, "a page").next_page_token or None)

        return walk(fetch, lambda record: record.key)

    def ask_openly(self, path: str) -> Any:
        """Return the JSON of a path of the `api_endpoint`, asked for without a token; None when it is not there."""
        response = self._open.handle_request(httpx.Request("GET", self.endpoints.url("", path)))
        if response.status_code == 404:
            return None
        error = error_of(response)
        if error is not None:
            raise error
        return parse_json(response.content, response.headers.get("content-type"))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        self._open.close()


class _Next(Part):
    next_page_token: str = ""


def principal(credentials: YandexCredentials) -> str:
    """Return a text that names the credential and tells nothing about it."""
    key = credentials.service_account_key
    if key is not None:
        return f"yandex:{key.service_account_id}"
    token = credentials.oauth_token or credentials.iam_token
    return f"yandex:{sha256(token.get_secret_value().encode()).hexdigest()}" if token else "yandex"
