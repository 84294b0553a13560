import base64
import json
import time

import httpx
import pytest

from app.core.domain.errors import AuthenticationFailed, ProviderUnavailable
from app.providers.beget.tokens import TokenAuth

URL = "http://beget.test/v1/vps/server/list"


class Logins:
    """Gives the tokens out in turn, or raises what stands in their place."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.times = 0

    def __call__(self) -> str:
        answer = self.answers[min(self.times, len(self.answers) - 1)]
        self.times += 1
        if isinstance(answer, Exception):
            raise answer
        return answer


def jwt(seconds: float) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": int(time.time() + seconds)}).encode()).rstrip(b"=").decode()
    return f"e30.{claims}.sig"


def call(auth: TokenAuth, *statuses: int) -> tuple[int, list[str]]:
    """Return the last status, and the tokens that were sent, when the cloud answers with these statuses."""
    flow = auth.auth_flow(httpx.Request("GET", URL))
    request, sent = next(flow), []
    for status in statuses:
        sent.append(request.headers["authorization"].removeprefix("Bearer "))
        try:
            request = flow.send(httpx.Response(status))
        except StopIteration:
            return status, sent
    raise AssertionError("another request was made")


def test_one_login_serves_many_calls() -> None:
    logins = Logins(jwt(3600))
    auth = TokenAuth(logins)
    for _ in range(3):
        call(auth, 200)
    assert logins.times == 1


def test_a_token_is_left_a_minute_before_it_ends() -> None:
    now = 0.0
    first = jwt(3600)
    auth = TokenAuth(Logins(first, "second"), clock=lambda: now)
    assert auth.token() == first
    now = 3500.0
    assert auth.token() == first
    now = 3541.0
    assert auth.token() == "second"


@pytest.mark.parametrize("token", ["opaque", "a.b.c", "e30.e30.sig", "e30.bnVsbA.sig", jwt(-100), jwt(30)])
def test_a_token_whose_end_is_of_no_use_is_kept_until_a_401(token: str) -> None:
    logins = Logins(token, "second")
    auth = TokenAuth(logins)
    assert call(auth, 200) == call(auth, 200) == (200, [token])
    assert call(auth, 401, 200) == (200, [token, "second"])


def test_a_401_is_answered_with_one_more_login() -> None:
    logins = Logins("first", "second", "third")
    auth = TokenAuth(logins)
    assert call(auth, 401, 200) == (200, ["first", "second"])
    assert call(auth, 401, 200) == (200, ["second", "third"])


def test_logins_do_not_go_on_when_fresh_tokens_are_refused() -> None:
    logins = Logins("first", "second", "third")
    auth = TokenAuth(logins)
    assert call(auth, 401, 401) == (401, ["first", "second"])
    assert call(auth, 401) == (401, ["second"])
    assert call(auth, 200) == (200, ["second"])
    assert call(auth, 401, 200) == (200, ["second", "third"])


def test_a_refused_login_is_not_tried_again() -> None:
    logins = Logins(AuthenticationFailed("no"))
    auth = TokenAuth(logins)
    for _ in range(3):
        with pytest.raises(AuthenticationFailed, match="no"):
            auth.token()
    assert logins.times == 1


def test_a_login_that_failed_for_a_passing_reason_is_tried_again() -> None:
    logins = Logins(ProviderUnavailable("down"), "token")
    auth = TokenAuth(logins)
    with pytest.raises(ProviderUnavailable):
        auth.token()
    assert auth.token() == "token"
