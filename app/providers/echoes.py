"""Keep out of an error's words what we sent ourselves: clouds like to repeat a request they do not understand."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx

MASK = "***"
_MIN_LENGTH = 6
_SIGNED = ("authorization", "x-auth-token", "x-token", "x-subject-token")
_PUBLIC = frozenset({"bearer", "basic", "password", "application/json"})


def without_echoes(words: str, request: httpx.Request) -> str:
    """Return the words without the tokens of the request's headers and the values of its body, in any usual form."""
    sent = {text for text in _secrets_of(request) if len(text) >= _MIN_LENGTH and text.lower() not in _PUBLIC}
    forms = {form for text in sent for form in (text, quote(text, safe=""), json.dumps(text)[1:-1])}
    if not forms:
        return words
    return re.sub("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)), MASK, words)


def _secrets_of(request: httpx.Request) -> Iterator[str]:
    for name in _SIGNED:
        yield from request.headers.get(name, "").split()
    content = request.content.decode(errors="replace")
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        yield from (value for _, value in parse_qsl(content))
    elif content:
        try:
            yield from _texts(json.loads(content))
        except ValueError:
            yield content


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        # A key's armour and lines are words of their own in an echo.
        yield from (line for line in value.splitlines() if line != value)
    elif isinstance(value, Mapping | list):
        inner: Iterable[Any] = value.values() if isinstance(value, Mapping) else value
        for item in inner:
            yield from _texts(item)
