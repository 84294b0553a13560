import json
from typing import Any

import httpx
import pytest

from app.core.domain.errors import (
    AuthenticationFailed,
    PermissionDenied,
    ProviderUnavailable,
    RateLimited,
    ResponseInvalid,
    SyncError,
)
from app.providers.beget.refusals import (
    Refusal,
    cloud_error,
    cloud_refusal,
    hosting_error,
    hosting_refusal,
    login_error,
    meaning,
)

LOGIN = {
    "INTERNAL_ERROR": (ProviderUnavailable, "Beget has failed"),
    "EMPTY_LOGIN": (AuthenticationFailed, "login is empty"),
    "EMPTY_PASSWORD": (AuthenticationFailed, "password is empty"),
    "INCORRECT_CREDENTIALS": (AuthenticationFailed, "does not know this login and password"),
    "IP_BLOCKED": (PermissionDenied, "add it to the list of allowed addresses"),
    "CODE_REQUIRED": (PermissionDenied, "switch the second factor off"),
    "CODE_REQUIRED_EMAIL": (PermissionDenied, "switch the second factor off"),
    "CODE_REQUIRED_SMS": (PermissionDenied, "switch the second factor off"),
    "INCORRECT_CODE": (AuthenticationFailed, "second factor"),
    "CODE_SENT_LIMIT": (RateLimited, "too many attempts; wait"),
    "CODE_INPUT_LIMIT": (RateLimited, "too many attempts; wait"),
    "ACCOUNT_ON_MAINTANCE": (ProviderUnavailable, "under maintenance; try again later"),
    "ACCOUNT_DELETED": (AuthenticationFailed, "account is deleted"),
    "SOMETHING_NEW": (AuthenticationFailed, "refused the login"),
}


@pytest.mark.parametrize("code", LOGIN)
def test_every_error_of_the_login_says_what_to_do(code: str) -> None:
    refusal = cloud_refusal({"token": "", "error": code})
    assert refusal is not None
    error = login_error(refusal)
    kind, words = LOGIN[code]
    assert type(error) is kind
    assert words in error.message
    assert f"({code})" in error.message


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ({"error": "TOKEN_REVOKED"}, AuthenticationFailed, "revoked"),
        ({"error": "PAYLOAD_CHANGED"}, AuthenticationFailed, "our address has changed"),
        ({"error": {"code": "BAD_REGION", "message": "no such region"}}, ResponseInvalid, "BAD_REGION: no such region"),
        ({"error": {"message": "what"}}, ResponseInvalid, "no code: what"),
    ],
)
def test_failures_of_the_cloud_api(body: Any, kind: type[SyncError], words: str) -> None:
    refusal = cloud_refusal(body)
    assert refusal is not None
    error = cloud_error(refusal)
    assert type(error) is kind
    assert words in error.message


@pytest.mark.parametrize("body", [{}, {"error": ""}, {"error": None}, {"error": {}}, {"vps": []}, [], None])
def test_an_answer_without_an_error_is_good(body: Any) -> None:
    assert cloud_refusal(body) is None
    assert hosting_refusal(body) is None


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (
            {"status": "error", "error_code": "AUTH_ERROR", "error_text": "no"},
            Refusal("AUTH_ERROR", "no", is_request=True),
        ),
        ({"status": "error", "error_code": 7}, Refusal("7", "", is_request=True)),
        (
            {"status": "success", "answer": {"status": "error", "errors": [{"error_code": "INVALID_DATA"}]}},
            Refusal("INVALID_DATA", "", is_request=False),
        ),
        (
            {"status": "success", "answer": {"status": "error", "error_code": 1, "error_text": "x"}},
            Refusal("1", "x", is_request=False),
        ),
        (
            {"status": "success", "answer": {"status": "error", "errors": ["x"]}},
            Refusal("no code", "", is_request=False),
        ),
    ],
)
def test_the_hosting_api_has_two_envelopes(body: Any, refusal: Refusal) -> None:
    assert hosting_refusal(body) == refusal


@pytest.mark.parametrize(
    ("refusal", "kind", "words"),
    [
        (Refusal("AUTH_ERROR"), AuthenticationFailed, "Settings, API, and allow the section 'mail'"),
        (Refusal("INCORRECT_REQUEST"), ResponseInvalid, "did not understand"),
        (Refusal("NO_SUCH_METHOD"), ResponseInvalid, "does not know"),
        (Refusal("INVALID_DATA", is_request=False), ResponseInvalid, "did not accept"),
        (Refusal("LIMIT_ERROR", is_request=False), RateLimited, "too many calls"),
        (Refusal("METHOD_FAILED", is_request=False), ProviderUnavailable, "has failed"),
        (Refusal("42", "нет доступа"), PermissionDenied, "allow the section 'mail' (42: нет доступа)"),
        (Refusal("42", "odd", is_request=False), ResponseInvalid, "42: odd"),
    ],
)
def test_failures_of_the_hosting_api(refusal: Refusal, kind: type[SyncError], words: str) -> None:
    error = hosting_error(refusal, "mail", own_password=True)
    assert type(error) is kind
    assert words in error.message


def test_a_login_refused_by_the_hosting_api_says_which_password_was_tried() -> None:
    refusal = Refusal("AUTH_ERROR")
    assert "with api_password:" in hosting_error(refusal, "ftp", own_password=True).message
    assert "api_password is not given" in hosting_error(refusal, "ftp", own_password=False).message


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error": "INTERNAL_ERROR"}, ProviderUnavailable),
        ({"status": "success", "answer": {"status": "error", "errors": [{"error_code": "LIMIT_ERROR"}]}}, RateLimited),
        (
            {"status": "success", "answer": {"status": "error", "errors": [{"error_code": "METHOD_FAILED"}]}},
            ProviderUnavailable,
        ),
        # A code that was sent too often, or an account under maintenance, does not pass in a moment.
        ({"error": "CODE_SENT_LIMIT"}, None),
        ({"error": "ACCOUNT_ON_MAINTANCE"}, None),
        ({"error": "INCORRECT_CREDENTIALS"}, None),
        ({"vps": []}, None),
        ([], None),
    ],
)
def test_only_what_may_pass_in_a_moment_is_worth_a_retry(body: Any, kind: type[SyncError] | None) -> None:
    error = meaning(httpx.Response(200, json=body))
    assert type(error) is (kind or type(None))


def test_a_status_keeps_its_meaning() -> None:
    request = httpx.Request("GET", "http://beget.test/v1/cloud")
    assert type(meaning(httpx.Response(403, request=request))) is PermissionDenied
    assert meaning(httpx.Response(200, content=b"<html>")) is None
    assert meaning(httpx.Response(200, content=json.dumps({"error": "INTERNAL_ERROR" + " " * 9000}).encode())) is None
