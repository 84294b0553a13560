"""What an HTTP answer means: JSON that can be trusted, or one of the six errors."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from app.core.domain.errors import (
    AuthenticationFailed,
    NotOffered,
    PermissionDenied,
    ProviderUnavailable,
    RateLimited,
    ResponseInvalid,
    SyncError,
)
from app.providers.echoes import without_echoes

_MAX_WORDS = 300
_REFUSED = frozenset({402, 403, 405, 451})
_LATER = frozenset({408, 409, 421, 423, 425, 500, 502, 503, 504, 507, 508, 509, 520, 521, 522, 523, 524, 529, 598, 599})
_UNREADABLE: Mapping[type[Exception], str] = {
    RecursionError: "it is nested too deeply",
    InvalidOperation: "a number is beyond all bounds",
}
_JSON = re.compile(r"^(application|text)/([\w.-]+\+)?json\b", re.IGNORECASE)


class Record(BaseModel):
    """Base of what is read from an answer: unknown fields are ignored, numbers may come as text and ids as numbers."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True, populate_by_name=True)


R = TypeVar("R", bound=BaseModel)


def read(model: type[R], value: Any, what: str) -> R:
    """Return a part of an answer as a record. Raises ResponseInvalid that names the field which does not fit.

    `what` says what is read, for people: "a server".
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "it"
        words = printable_words(f"{where}: {first['msg']}")
        raise ResponseInvalid(f"{what} is not as the cloud's API describes: {words}") from None


def parse_json(content: bytes, content_type: str | None = None) -> Any:
    """Return a JSON text's value, numbers with a fraction as `Decimal`.

    Raises ResponseInvalid for anything that is not clean JSON: another content type, a byte order mark, NaN, a key
    that stands twice, text that ends early, nesting without end.
    """
    if content_type and not _JSON.match(content_type):
        raise ResponseInvalid(f"the answer is {content_type.partition(';')[0]!r} instead of JSON{_login_page(content)}")
    try:
        # Not bytes: json would skip a byte order mark.
        return json.loads(
            content.decode(), parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_no_duplicates
        )
    except (ValueError, RecursionError, InvalidOperation) as error:
        why = _UNREADABLE.get(type(error)) or printable_words(str(error))
        raise ResponseInvalid(f"the answer is not valid JSON: {why}") from None


def _login_page(content: bytes) -> str:
    return ", it looks like a web page" if content.lstrip()[:1] == b"<" else ""


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def error_of(response: httpx.Response, said: str | None = None) -> SyncError | None:
    """Return the error that an answer means, None for a good one (2xx). `said` are the cloud's own words if the
    answer's body does not hold them in a usual place. What the request itself said is taken out of them."""
    status = response.status_code
    if response.is_success:
        return None
    words = without_echoes(said or words_of(response.content) or response.reason_phrase, response.request)
    words = printable_words(words) or "no reason given"
    text = f"HTTP {status}: {words}"
    if status == 401:
        return AuthenticationFailed(f"the cloud refused the credential ({text})")
    # OpenStack's services may answer 413 (overLimit) with the pause they want.
    if status == 429 or (status == 413 and "retry-after" in response.headers):
        return RateLimited(f"too many calls ({text})", retry_after(response.headers))
    if status in _REFUSED:
        return PermissionDenied(f"not allowed ({text})")
    if status in (404, 410):
        return NotOffered(f"not there, or not visible to this credential ({text})")
    if response.is_redirect:
        return ResponseInvalid(f"the cloud redirected to {_host_of(response)}; redirects are not followed")
    if status in _LATER:
        return ProviderUnavailable(f"the cloud failed ({text})")
    return ResponseInvalid(f"the cloud did not accept the call ({text})")


def _host_of(response: httpx.Response) -> str:
    try:
        return printable_words(httpx.URL(response.headers.get("location", "")).host) or "nowhere"
    except (httpx.InvalidURL, ValueError):
        return "an invalid address"


def words_of(content: bytes) -> str | None:
    """Return the message in an error's body: the usual places of the clouds' JSON, else nothing."""
    try:
        body = json.loads(content[:65536])
    except (ValueError, RecursionError):
        return None
    return _words_in(body, depth=3)


def _words_in(value: Any, depth: int) -> str | None:
    if not isinstance(value, Mapping) or not depth:
        return None
    for key in ("message", "error_text", "detail", "error_description", "title", "error"):
        if isinstance(value.get(key), str) and value[key].strip():
            return str(value[key])
    # Keystone and Nova wrap it in one more object, whose name is the kind of the error.
    return next(filter(None, (_words_in(inner, depth - 1) for inner in value.values())), None)


def printable_words(text: str) -> str:
    """Return foreign text as one short printable line."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * _MAX_WORDS]).split())
    return line if len(line) <= _MAX_WORDS else line[: _MAX_WORDS - 1] + "…"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the pause that the cloud asks for in seconds, never negative; None when it says nothing usable.

    `Retry-After` is seconds or a date, `RateLimit-Reset` a Unix time or seconds. Dates are read against the answer's
    own `Date`, because the cloud's clock may differ from ours.
    """
    now = _date(headers.get("date")) or datetime.now(UTC)
    wish = headers.get("retry-after", "").strip()
    seconds = _number(wish)
    if seconds is not None:
        return max(0.0, seconds)
    moment = _date(wish)
    if moment is not None:
        return max(0.0, (moment - now).total_seconds())
    reset = _number(headers.get("ratelimit-reset", headers.get("x-ratelimit-reset", "")))
    if reset is None:
        return None
    return max(0.0, reset - now.timestamp() if reset > 1e9 else reset)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d{1,15}(\.\d+)?", text) else None


def _date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
