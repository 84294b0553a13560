"""The token of the Cloud API: got with the login, kept until a minute before it ends, renewed once after a 401."""

import base64
import json
import math
import time
from collections.abc import Callable, Generator

import httpx

from app.core.domain.errors import RateLimited, TerminalError

_MARGIN_S = 60.0


class TokenAuth(httpx.Auth):
    """Signs requests with a token.

    log_in   asks Beget for a token. A login that was refused is not tried again by this account.
    clock    seconds that only go forward
    """

    def __init__(self, log_in: Callable[[], str], clock: Callable[[], float] = time.monotonic) -> None:
        self._log_in = log_in
        self._clock = clock
        self._token: str | None = None
        self._ends = 0.0
        self._refused: TerminalError | RateLimited | None = None
        self._renewal_helps = True

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a request with the token; after a 401, once more with a fresh one."""
        request.headers["authorization"] = f"Bearer {self.token()}"
        response = yield request
        # A fresh token that is refused too is no reason to log in at every further call.
        if response.status_code == 401 and self._renewal_helps:
            self._token = None
            self._renewal_helps = False
            request.headers["authorization"] = f"Bearer {self.token()}"
            response = yield request
        self._renewal_helps = self._renewal_helps or response.status_code != 401

    @property
    def present(self) -> str | None:
        """The token in use, None before the first login."""
        return self._token

    def token(self) -> str:
        """Return a token that is good for a while. Raises what the login raises."""
        if self._refused is not None:
            raise self._refused.with_traceback(None)
        if self._token is None or self._clock() >= self._ends:
            try:
                self._token = self._log_in()
            except (TerminalError, RateLimited) as error:
                self._refused = error
                raise
            self._ends = self._clock() + _lifetime_s(self._token)
        return self._token


def _lifetime_s(token: str) -> float:
    """Seconds to keep a token. One that does not tell its end, or has a minute at most, is kept until a 401."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        left = float(claims["exp"]) - time.time() - _MARGIN_S
    except (IndexError, KeyError, TypeError, ValueError, RecursionError):
        return math.inf
    return left if left > 0 else math.inf
