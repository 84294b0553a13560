"""Calls of Beget's two APIs, which live on one host: the Cloud API under /v1, the hosting API under /api."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date
from typing import Any
from urllib.parse import quote, quote_plus

from pydantic import SecretStr

from app.core.domain.errors import AuthenticationFailed, ResponseInvalid, SyncError
from app.providers.base import Session
from app.providers.beget import refusals
from app.providers.beget.credentials import BegetCredentials
from app.providers.beget.tokens import TokenAuth
from app.providers.echoes import MASK
from app.providers.http import HttpClient
from app.providers.pagination import Page, listed, walk

PUBLIC_ADDRESS = "https://api.beget.com"
PAGE_SIZE = 100
_STRIKES = 3
"""After so many refused logins of the hosting API, and none accepted, it is not asked again."""


class BegetClient:
    """Calls one account's APIs. Raises SyncErrors, in whose words no password or token stands.

    day   the UTC day that prices are for
    """

    def __init__(self, credentials: BegetCredentials, session: Session) -> None:
        self.login = credentials.login
        self.day: date = session.at.astimezone(UTC).date()
        self._credentials = credentials
        self._tokens = TokenAuth(self._log_in)
        self._http = HttpClient(
            session,
            (session.api_endpoint or PUBLIC_ADDRESS).rstrip("/"),
            principal=f"beget {credentials.login}",
            auth=self._tokens,
            meaning=refusals.meaning,
        )
        self._strikes: int | None = 0
        self._locked_out: str | None = None

    def ensure_login(self) -> None:
        """Log in to the Cloud API unless that was done."""
        with self._without_secrets():
            self._tokens.token()

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Any:
        """Return the answer of a call of the Cloud API."""
        with self._without_secrets():
            body = self._http.get(path, query)
            refusal = refusals.cloud_refusal(body)
            if refusal is not None:
                raise refusals.cloud_error(refusal)
            return body

    def items(self, path: str, key: str, *, inside: str | None = None) -> Iterator[Any]:
        """Yield the items of a listing in pages. `inside` is the object that holds list and total, if there is one."""

        def page(offset: int) -> Page[Any]:
            body = self.get(path, {"offset": offset, "limit": PAGE_SIZE})
            return _page(body if inside is None else _inner(body, inside), key, offset)

        return walk(page, _id_of, 0)

    def whole(self, path: str, *keys: str) -> list[list[Any]]:
        """Return the lists of an answer that has no pages, one for each key."""
        body = self.get(path)
        return [_listed(body, key, known=keys) for key in keys]

    def hosting(self, section: str, method: str, **arguments: str) -> Any:
        """Return the result of a call of the hosting API."""
        if self._locked_out is not None:
            raise AuthenticationFailed(f"not asked, as the hosting API refused this login before: {self._locked_out}")
        try:
            with self._without_secrets():
                result = self._hosting(section, method, arguments)
        except AuthenticationFailed as error:
            self._count(error)
            raise
        self._strikes = None
        return result

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _hosting(self, section: str, method: str, arguments: Mapping[str, str]) -> Any:
        form = {
            "login": self.login,
            "passwd": self._credentials.hosting_password.get_secret_value(),
            "input_format": "json",
            "output_format": "json",
            "input_data": json.dumps(arguments),
        }
        # Posted, because a query would stand in other people's logs.
        body = self._http.post(f"/api/{section}/{method}", repeatable=True, auth=None, data=form)
        refusal = refusals.hosting_refusal(body)
        if refusal is not None:
            own = self._credentials.api_password is not None
            raise refusals.hosting_error(refusal, section, own_password=own)
        return _result(body)

    def _count(self, error: AuthenticationFailed) -> None:
        if self._strikes is not None:
            self._strikes += 1
            self._locked_out = error.message if self._strikes >= _STRIKES else None

    def _log_in(self) -> str:
        credentials = {"login": self.login, "password": self._credentials.password.get_secret_value(), "saveMe": False}
        body = self._http.post("/v1/auth", repeatable=True, auth=None, json=credentials)
        refusal = refusals.cloud_refusal(body)
        if refusal is not None:
            raise refusals.login_error(refusal)
        token = body.get("token") if isinstance(body, Mapping) else None
        if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
            raise ResponseInvalid("Beget's answer to the login has no token")
        return token

    @contextmanager
    def _without_secrets(self) -> Iterator[None]:
        try:
            yield
        except SyncError as error:
            error.message = self._redacted(error.message)
            error.args = (error.message,)
            raise

    def _redacted(self, words: str) -> str:
        hidden: tuple[SecretStr | None, ...] = (self._credentials.password, self._credentials.api_password)
        secrets = [secret.get_secret_value() for secret in hidden if secret] + [self._tokens.present or ""]
        for secret in filter(None, secrets):
            for form in (secret, quote(secret, safe=""), quote_plus(secret)):
                words = words.replace(form, MASK)
        return words


def _page(body: Any, key: str, offset: int) -> Page[Any]:
    items = _listed(body, key, known=(key, "total_count"))
    total = body.get("total_count", 0)
    if isinstance(total, str) and total.isdecimal():
        total = int(total)
    if not isinstance(total, int) or isinstance(total, bool):
        raise ResponseInvalid("the answer's total_count is no number")
    seen = offset + len(items)
    return Page(items, seen if items and seen < total else None, total)


def _listed(body: Any, key: str, *, known: tuple[str, ...]) -> list[Any]:
    # Empty lists may be left out; an answer with anything else in their place is not one of these.
    return listed(body, key, may_be_absent=isinstance(body, Mapping) and body.keys() <= set(known))


def _inner(body: Any, key: str) -> Any:
    inner = body.get(key) if isinstance(body, Mapping) else None
    if not isinstance(inner, Mapping):
        raise ResponseInvalid(f"the answer has no object {key!r}")
    return inner


def _id_of(item: Any) -> str:
    # Items without an id are refused when they are read.
    return str(item.get("id")) if isinstance(item, Mapping) else repr(item)


def _result(body: Any) -> Any:
    if not isinstance(body, Mapping) or body.get("status") != "success" or "answer" not in body:
        raise ResponseInvalid("the hosting API's answer has no status and answer")
    answer = body["answer"]
    if not isinstance(answer, Mapping) or "status" not in answer:
        return answer
    if answer["status"] != "success" or "result" not in answer:
        raise ResponseInvalid("the hosting API's answer has no result")
    return answer["result"]
