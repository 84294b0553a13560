"""IAM tokens: made of the credential, renewed before they expire and once after a 401.

Source: yandex.cloud/docs/iam/operations/iam-token/create-for-sa. A JWT is signed with PS256 and nothing else.
"""

import time
from collections.abc import Generator
from datetime import UTC, datetime, timedelta

import httpx
import jwt
from pydantic import AwareDatetime, Field

from app.core.domain.errors import AuthenticationFailed
from app.providers.answers import error_of, parse_json, printable_words, read, words_of
from app.providers.transport import HttpTransport
from app.providers.yandex.credentials import ServiceAccountKey, YandexCredentials, load_key
from app.providers.yandex.endpoints import TOKENS_URL
from app.providers.yandex.records import Part

_RENEW_BEFORE = timedelta(minutes=5)
_JWT_LIFE_S = 3600
_REFUSED = (400, 401)


class _Answer(Part):
    iam_token: str = Field(min_length=1)
    expires_at: AwareDatetime


class Tokens(httpx.Auth):
    """The IAM token of one account. Signs requests; keeps the token until it is close to its end.

    open    sends a request without a token and gives back 400 and 401 as they are
    url     where tokens are made
    """

    def __init__(self, credentials: YandexCredentials, open_: HttpTransport, url: str) -> None:
        self._credentials, self._open, self._url = credentials, open_, url
        given = credentials.iam_token
        self._token = given.get_secret_value() if given else None
        self._expires_at = datetime.max.replace(tzinfo=UTC)

    @property
    def can_renew(self) -> bool:
        """False for a ready IAM token: nothing is there to make another one of."""
        return self._credentials.iam_token is None

    def current(self) -> str:
        """Return a token that is valid now. Raises AuthenticationFailed when the cloud gives none."""
        if self._token is None or datetime.now(UTC) >= self._expires_at - _RENEW_BEFORE:
            self._token = self._make()
        return self._token

    def drop(self) -> None:
        """Forget a token that the cloud did not accept. Raises AuthenticationFailed when no other can be made."""
        if not self.can_renew:
            raise AuthenticationFailed(
                "the IAM token is wrong or has expired (it lasts 12 hours at most); put in a new one, or better a "
                "service account key, from which tokens are made when needed"
            )
        self._token = None

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign a request, and once more with a new token after a 401."""
        request.headers["authorization"] = f"Bearer {self.current()}"
        response = yield request
        if response.status_code == 401:
            self.drop()
            request.headers["authorization"] = f"Bearer {self.current()}"
            yield request

    def _make(self) -> str:
        # Asking for a token twice does no harm.
        request = httpx.Request("POST", self._url, json=self._proof(), extensions={"repeatable": True})
        response = self._open.handle_request(request)
        if response.status_code in _REFUSED:
            words = printable_words(words_of(response.content) or "") or "no reason given"
            raise AuthenticationFailed(f"Yandex Cloud did not accept {self._what}: {words}")
        error = error_of(response)
        if error is not None:
            raise error
        answer = read(_Answer, parse_json(response.content, response.headers.get("content-type")), "an IAM token")
        self._expires_at = answer.expires_at
        return answer.iam_token

    def _proof(self) -> dict[str, str]:
        if self._credentials.service_account_key is not None:
            return {"jwt": signed(self._credentials.service_account_key, int(time.time()))}
        token = self._credentials.oauth_token
        return {"yandexPassportOauthToken": token.get_secret_value() if token else ""}

    @property
    def _what(self) -> str:
        key = self._credentials.service_account_key
        if key is None:
            return "the OAuth token; put in a new one, or better a service account key"
        return f"the key {key.id} of the service account {key.service_account_id} (deleted, or not its own key?)"


def signed(key: ServiceAccountKey, now: int) -> str:
    """Return a JWT that proves to own the key; `now` is in Unix seconds."""
    claims = {"iss": key.service_account_id, "aud": TOKENS_URL, "iat": now, "exp": now + _JWT_LIFE_S}
    private = load_key(key.private_key.get_secret_value())
    return jwt.encode(claims, private, algorithm="PS256", headers={"kid": key.id})
