"""IAM tokens of the emulated cloud: given for a signed JWT or an OAuth token, and expiring."""

import secrets
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import jwt

from emulators.yandex.accounts import Account

AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens"
LONGEST_JWT_S = 3600


class Refused(Exception):
    """A proof that is not accepted; `status` is the HTTP status of the answer."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Tokens:
    """The tokens that are good; `life_s` is how long those last that are given out from now on."""

    def __init__(self, life_s: float) -> None:
        self.life_s = life_s
        self._good: dict[str, tuple[Account, float]] = {}
        self._lock = threading.Lock()

    def give(self, account: Account) -> dict[str, str]:
        """Return the answer that carries a new token; its end has nanoseconds, as in the real cloud."""
        token = f"t1.9eu{secrets.token_urlsafe(48)}"
        ends_at = time.time() + self.life_s
        with self._lock:
            self._good[token] = (account, ends_at)
        moment = datetime.fromtimestamp(ends_at, UTC)
        return {"iamToken": token, "expiresAt": f"{moment:%Y-%m-%dT%H:%M:%S.%f}789Z"}

    def owner(self, header: str) -> Account | None:
        """Return whose token an Authorization header carries, None for one that is unknown or over."""
        with self._lock:
            account, ends_at = self._good.get(header.removeprefix("Bearer "), (None, 0.0))
        return account if time.time() < ends_at else None

    def expire(self) -> None:
        """Let every token that was given out be over."""
        with self._lock:
            self._good.clear()


def prove(body: Any, accounts: Iterable[Account]) -> Account:
    """Return the account that a request for a token proves to be. Raises Refused."""
    if not isinstance(body, dict) or len(body.keys() & {"jwt", "yandexPassportOauthToken"}) != 1:
        raise Refused(400, "exactly one of jwt and yandexPassportOauthToken is needed")
    if "jwt" in body:
        return _owner_of_jwt(str(body["jwt"]), {account.key_id: account for account in accounts})
    for account in accounts:
        if account.oauth_token and account.oauth_token == body["yandexPassportOauthToken"]:
            return account
    raise Refused(401, "OAuth token is invalid or expired")


def _owner_of_jwt(text: str, by_key: dict[str, Account]) -> Account:
    try:
        header = jwt.get_unverified_header(text)
    except jwt.InvalidTokenError as error:
        raise Refused(400, "JWT is malformed") from error
    account = by_key.get(str(header.get("kid")))
    if account is None:
        raise Refused(401, "The key of the JWT is not known")
    try:
        claims = jwt.decode(
            text,
            account.public_key,
            algorithms=["PS256"],
            audience=AUDIENCE,
            issuer=account.service_account_id,
            options={"require": ["iss", "aud", "iat", "exp"]},
        )
    except jwt.InvalidTokenError as error:
        raise Refused(401, f"JWT is not accepted: {error}") from error
    if claims["exp"] - claims["iat"] > LONGEST_JWT_S:
        raise Refused(400, "JWT lives longer than an hour")
    return account
