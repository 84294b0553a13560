"""Take a credential's secrets out of text that was made elsewhere: a cloud's answer, a plugin's error, a traceback."""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args
from urllib.parse import quote, quote_plus

from pydantic import BaseModel, SecretBytes, SecretStr

MIN_LENGTH = 6
"""Shorter secrets are left: they would be found in words that have nothing to do with them."""
MASK = "***"
_ARMOUR = "-----"
_SECRET_KEY = re.compile("private|secret|passw|token", re.IGNORECASE)


class ScrubbedTraceback(Exception):
    """Carries a traceback that is text already, so that a log can show it like any other."""


class Redactor:
    """Masks the secrets of one connection's credential in texts. It knows none until it has learnt them."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def learn(self, credentials: BaseModel) -> None:
        """Remember every secret field's value, nested ones included."""
        self._remember(_secrets_of(credentials))

    def learn_unchecked(self, schema: type[BaseModel], credentials: Mapping[str, Any]) -> None:
        """Remember what stands in the secret fields of a credential that may not fit its schema."""
        for name, field in schema.model_fields.items():
            if _is_secret(field.annotation):
                self._remember(text for key in (name, field.alias) for text in _texts(credentials.get(key or name)))

    def scrub(self, text: str) -> str:
        """Return the text with every form of every secret replaced by `***`."""
        if not self._secrets:
            return text
        if self._pattern is None:
            forms = {form for secret in self._secrets for part in _parts(secret) for form in _forms(part)}
            self._pattern = re.compile("|".join(_as_pattern(form) for form in sorted(forms, key=len, reverse=True)))
        return self._pattern.sub(MASK, text)

    def _remember(self, secrets: Iterable[str]) -> None:
        self._secrets.update(secret for secret in secrets if len(secret) >= MIN_LENGTH)
        self._pattern = None


def _secrets_of(value: Any) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, SecretBytes):
        yield value.get_secret_value().decode(errors="replace")
    elif isinstance(value, BaseModel):
        yield from _secrets_of([getattr(value, name) for name in type(value).model_fields])
    elif isinstance(value, Mapping):
        yield from _secrets_of(list(value.values()))
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _secrets_of(item)


def _is_secret(annotation: Any) -> bool:
    """Tell whether a field's type is a secret, or holds one somewhere."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return any(_is_secret(field.annotation) for field in annotation.model_fields.values())
    return annotation in (SecretStr, SecretBytes) or any(map(_is_secret, get_args(annotation)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _parts(secret: str) -> Iterator[str]:
    """Yield a secret and what of it is secret by itself: the lines of a key, the secret values of a JSON document."""
    yield secret
    for part in (secret, *re.split(r"\\n|\n", secret)):
        if len(part.strip()) >= MIN_LENGTH and not (part is not secret and part.startswith(_ARMOUR)):
            yield part.strip()
    for value in _secrets_of_json(secret):
        yield from _parts(value)


def _secrets_of_json(text: str) -> Iterator[str]:
    if not text.lstrip().startswith("{"):
        return
    try:
        document = json.loads(text)
    except ValueError:
        return
    for key, value in document.items():
        if isinstance(value, str) and len(value) >= MIN_LENGTH and _SECRET_KEY.search(key):
            yield value


def _as_pattern(form: str) -> str:
    # The digits of an escape in a URL come in both cases.
    return re.sub("%([0-9A-F]{2})", r"%(?i:\1)", re.escape(form))


def _forms(secret: str) -> Iterator[str]:
    """Yield how a secret may be written: as it is, in a URL, in JSON, in a Python repr, in base64."""
    yield secret
    yield from (quote(secret), quote(secret, safe=""), quote_plus(secret))
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    yield from _base64(secret.encode(errors="replace"))


def _base64(secret: bytes) -> Iterator[str]:
    """Yield the base64 that a secret becomes, also behind other text (`user:secret`) of any length."""
    for shift in range(3):
        code = base64.b64encode(b"\0" * shift + secret).decode()
        # Only digits that no neighbour has a part in.
        inner = code[-(-shift * 8 // 6) : (shift + len(secret)) * 8 // 6]
        yield inner
        yield inner.translate(str.maketrans("+/", "-_"))
