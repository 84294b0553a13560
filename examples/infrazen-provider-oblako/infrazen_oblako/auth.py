"""Oblako's tokens: a key is exchanged for a token that ends after an hour, or when the cloud says so."""

from collections.abc import Generator

import httpx
from app.providers.answers import Record, parse_json, read

UNAUTHORIZED = 401


class Token(Record):
    """What a key is exchanged for."""

    token: str


class KeyAuth(httpx.Auth):
    """Signs every request with a token, and once more with a fresh one after a 401."""

    requires_response_body = True

    def __init__(self, base_url: str, key_id: str, key_secret: str) -> None:
        self._url = f"{base_url}/v1/tokens"
        self._key = {"key_id": key_id, "key_secret": key_secret}
        self._token = ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Yield what is to be sent; what is answered last is the answer that the client gets."""
        if self._token:
            response = yield self._signed(request)
            if response.status_code != UNAUTHORIZED:
                return
        # Of all errors only a 401 comes back here, the others are raised. Ending now makes it the client's answer.
        response = yield httpx.Request("POST", self._url, json=self._key, extensions={"repeatable": True})
        if response.status_code == UNAUTHORIZED:
            return
        answer = parse_json(response.content, response.headers.get("content-type"))
        self._token = read(Token, answer, "the token").token
        yield self._signed(request)

    def _signed(self, request: httpx.Request) -> httpx.Request:
        request.headers["authorization"] = f"Bearer {self._token}"
        return request
