"""What Beget's failures mean. Both APIs report them in answers of HTTP 200.

Cloud API: {"error": "CODE"} or {"error": {"code": …, "message": …}}.
Hosting API: {"status": "error", "error_code": …, "error_text": …}, or the same inside `answer`, in a list `errors`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from app.core.domain.errors import (
    AuthenticationFailed,
    PermissionDenied,
    ProviderUnavailable,
    RateLimited,
    ResponseInvalid,
    SyncError,
)
from app.providers.answers import error_of, parse_json, printable_words

_MAX_FAILURE_BYTES = 8192
_TWO_FACTORS = (
    "the login has a second factor, so nothing can be read without a person: switch the second factor off for this "
    "login, or connect another login without one"
)
_WRONG = "Beget does not know this login and password"
_THROTTLED = "Beget has blocked the login for a while after too many attempts; wait an hour before the next"
_MAINTENANCE = "the Beget account is under maintenance; try again later"

_Meanings = dict[str, tuple[type[SyncError], str]]
_CLOUD: _Meanings = {
    "EMPTY_LOGIN": (AuthenticationFailed, "the login is empty"),
    "EMPTY_PASSWORD": (AuthenticationFailed, "the password is empty"),
    "INCORRECT_CREDENTIALS": (AuthenticationFailed, _WRONG),
    "INCORRECT_CODE": (AuthenticationFailed, _TWO_FACTORS),
    "ACCOUNT_DELETED": (AuthenticationFailed, "the Beget account is deleted"),
    "TOKEN_REVOKED": (AuthenticationFailed, "Beget has revoked the token"),
    "PAYLOAD_CHANGED": (AuthenticationFailed, "Beget refused the token, because our address has changed"),
    "CODE_REQUIRED": (PermissionDenied, _TWO_FACTORS),
    "CODE_REQUIRED_EMAIL": (PermissionDenied, _TWO_FACTORS),
    "CODE_REQUIRED_SMS": (PermissionDenied, _TWO_FACTORS),
    "IP_BLOCKED": (
        PermissionDenied,
        "Beget refuses our address for this login: add it to the list of allowed addresses in the control panel, "
        "or switch the list off",
    ),
    "CODE_SENT_LIMIT": (RateLimited, _THROTTLED),
    "CODE_INPUT_LIMIT": (RateLimited, _THROTTLED),
    "INTERNAL_ERROR": (ProviderUnavailable, "Beget has failed"),
    "ACCOUNT_ON_MAINTANCE": (ProviderUnavailable, _MAINTENANCE),
}
"""The spelling of MAINTANCE is the API's."""
_HOSTING: _Meanings = {
    "INCORRECT_REQUEST": (ResponseInvalid, "the hosting API did not understand the call"),
    "NO_SUCH_METHOD": (ResponseInvalid, "the hosting API does not know this call"),
    "INVALID_DATA": (ResponseInvalid, "the hosting API did not accept the call"),
    "LIMIT_ERROR": (RateLimited, "too many calls of the hosting API"),
    "METHOD_FAILED": (ProviderUnavailable, "the hosting API has failed"),
}
_WORTH_REPEATING = frozenset({"INTERNAL_ERROR", "LIMIT_ERROR", "METHOD_FAILED"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A failure as an answer tells it; `is_request` is True when it is about the call and not the method."""

    code: str
    words: str = ""
    is_request: bool = True

    def __str__(self) -> str:
        return printable_words(f"{self.code}: {self.words}" if self.words else self.code)


def cloud_refusal(body: Any) -> Refusal | None:
    """Return the failure that an answer of the Cloud API tells, None when it tells none."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if isinstance(error, Mapping) and error:
        return Refusal(str(error.get("code") or "no code"), str(error.get("message") or ""))
    return Refusal(str(error)) if error else None


def hosting_refusal(body: Any) -> Refusal | None:
    """Return the failure that an answer of the hosting API tells in either envelope, None when it tells none."""
    if not isinstance(body, Mapping):
        return None
    if body.get("status") == "error":
        return _told(body, is_request=True)
    answer = body.get("answer")
    if not isinstance(answer, Mapping) or answer.get("status") != "error":
        return None
    errors = answer.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else answer
    return _told(first, is_request=False)


def _told(error: Any, *, is_request: bool) -> Refusal:
    told = error if isinstance(error, Mapping) else {}
    return Refusal(str(told.get("error_code") or "no code"), str(told.get("error_text") or ""), is_request)


def login_error(refusal: Refusal) -> SyncError:
    """Return the error of a login. An unknown code counts as a wrong credential, so that it is never repeated."""
    kind, words = _CLOUD.get(refusal.code, (AuthenticationFailed, "Beget refused the login"))
    return kind(f"{words} ({refusal})")


def cloud_error(refusal: Refusal) -> SyncError:
    """Return the error of a call of the Cloud API."""
    kind, words = _CLOUD.get(refusal.code, (ResponseInvalid, "Beget did not accept the call"))
    return kind(f"{words} ({refusal})")


def hosting_error(refusal: Refusal, section: str, *, own_password: bool) -> SyncError:
    """Return the error of a call of the hosting API's section.

    own_password   the credential has a password for this API, so the account's was not tried in its place
    """
    if refusal.code in _HOSTING:
        kind, words = _HOSTING[refusal.code]
        return kind(f"{words} ({refusal})")
    if refusal.code == "AUTH_ERROR":
        return AuthenticationFailed(f"{_way_in(section, own_password)} ({refusal})")
    if refusal.is_request:
        return PermissionDenied(
            f"the hosting API refused its section {section!r}; {_where_to_allow(section)} ({refusal})"
        )
    return ResponseInvalid(f"the hosting API did not accept the call ({refusal})")


def _way_in(section: str, own_password: bool) -> str:
    password = "api_password" if own_password else "the account's password, as api_password is not given"
    return (
        f"the hosting API does not let this login in with {password}: {_where_to_allow(section)}, and give the "
        "password that is set there as api_password; or set hosting to false to read only the cloud services"
    )


def _where_to_allow(section: str) -> str:
    return f"switch API access on in Beget's control panel under Settings, API, and allow the section {section!r}"


def meaning(response: httpx.Response) -> SyncError | None:
    """Return the error of a status, or of a good answer that tells a failure which may pass in a moment.

    Other failures in good answers are told apart by whoever reads the answer.
    """
    error = error_of(response)
    if error is not None or len(response.content) > _MAX_FAILURE_BYTES:
        return error
    try:
        body = parse_json(response.content)
    except ResponseInvalid:
        return None
    refusal = hosting_refusal(body) or cloud_refusal(body)
    if refusal is None or refusal.code not in _WORTH_REPEATING:
        return None
    kind, words = (_HOSTING | _CLOUD)[refusal.code]
    return kind(f"{words} ({refusal})")
