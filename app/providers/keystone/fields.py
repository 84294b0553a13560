"""Small pieces that the collectors share."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

_SECRET_NAME = re.compile(r"pass|pwd|secret|token|private|credential|hash|user.?data|ssh", re.IGNORECASE)
_CRYPTED = re.compile(r"\$[0-9a-z]{1,2}\$", re.IGNORECASE)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_aware)]
"""A time; services that leave the zone out mean UTC."""
Words = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
"""A text that may be null."""


def tagged(tags: Iterable[str], metadata: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Return tags (words without a value) and metadata as one map, without what looks like a secret."""
    kept = {name: value or "" for name, value in (metadata or {}).items() if not _is_secret(name, value or "")}
    return dict.fromkeys(tags, "") | kept


def _is_secret(name: str, value: str) -> bool:
    return bool(_SECRET_NAME.search(name) or _CRYPTED.match(value))


def split_addresses(addresses: Iterable[tuple[str, bool]]) -> dict[str, list[str]]:
    """Return `private_ips` and `public_ips` of (address, is it a floating one) pairs, sorted."""
    public: set[str] = set()
    private: set[str] = set()
    for address, floating in addresses:
        (public if floating or _is_global(address) else private).add(address)
    return {"private_ips": sorted(private), "public_ips": sorted(public)}


def _is_global(address: str) -> bool:
    try:
        return ip_address(address).is_global
    except ValueError:
        return False


def parent(resource_type: str, external_id: str | None) -> dict[str, Any]:
    """Return the entry that names what a resource belongs to; nothing when it stands alone."""
    return {"parent": {"type": resource_type, "id": external_id}} if external_id else {}


def known(**values: Any) -> dict[str, Any]:
    """Return the values that are told: no None, no empty text."""
    return {name: value for name, value in values.items() if value is not None and value != ""}
