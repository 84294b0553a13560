"""What a cloud's listing says about one thing, in the form all clouds share."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.core.domain.money import plain, quantize

MAX_ID, MAX_NAME, MAX_WORD = 512, 255, 64
"""Characters that the columns hold: external ids, names, and words such as a region or status."""

_ESCAPED_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


class CostBasis(StrEnum):
    """Where a daily cost comes from."""

    BILLING = "billing"
    """the cloud's bill names this resource"""
    BILLING_SPREAD = "billing_spread"
    """the bill names only the service; the amount is spread evenly over the service's resources"""
    PRICE_LIST = "price_list"
    """computed from the cloud's published prices"""
    INCLUDED_IN_PARENT = "included_in_parent"
    """paid for by the resource that contains it"""
    UNKNOWN = "unknown"
    """nobody has said; not the same as zero"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one day. `amount` is None exactly when the basis is `unknown`; `currency` is ISO 4217."""

    basis: CostBasis
    amount: Decimal | None = None
    currency: str | None = None

    def __post_init__(self) -> None:
        if self.amount is not None:
            object.__setattr__(self, "amount", quantize(self.amount))
        if (self.amount is None) != (self.basis is CostBasis.UNKNOWN) or (self.amount is None) != (
            self.currency is None
        ):
            raise ValueError("a cost has an amount and a currency, or its basis is unknown")


UNKNOWN_COST = Cost(CostBasis.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Resource:
    """One billable or inventoried thing, as its cloud's listing describes it.

    external_id  the provider's own id, unique within (connection, resource type)
    region       where it runs, the cloud's own code; "" when it has none
    status       the cloud's own word for its state
    created_at   aware, kept in UTC; None when the cloud does not say
    config       sizes, addresses, parents: JSON values whose names carry their unit (`memory_mib`, `disk_gb`)
    cost         None when the listing says nothing about cost, so that what is stored stays as it is

    Text is made storable: NUL and lone surrogates are replaced, over-long words are cut, over-long ids keep a
    prefix and end in a hash of the whole. Raises ValueError for no id and for a time without a zone.
    """

    external_id: str
    name: str = ""
    region: str = ""
    status: str = ""
    created_at: datetime | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    cost: Cost | None = None

    def __post_init__(self) -> None:
        if not self.external_id:
            raise ValueError("a resource has an id")
        keep = object.__setattr__
        keep(self, "external_id", stored_id(self.external_id))
        keep(self, "name", fit(storable(self.name), MAX_NAME))
        keep(self, "region", fit(storable(self.region), MAX_WORD))
        keep(self, "status", fit(storable(self.status), MAX_WORD))
        if self.created_at is not None:
            if self.created_at.tzinfo is None:
                raise ValueError(f"a time without a zone: {self.created_at!r}")
            keep(self, "created_at", self.created_at.astimezone(UTC))

    def fingerprint(self) -> str:
        """Return 32 hex digits that differ when anything a version records differs."""
        created = self.created_at and self.created_at.isoformat()
        state = [self.name, self.region, self.status, created, self.tags, self.config, _cost_state(self.cost)]
        return hashlib.blake2b(canonical_json(state).encode(), digest_size=16).hexdigest()


def canonical_json(value: Any) -> str:
    """Write a JSON value so that equal values give equal text. Raises TypeError for what JSON does not know."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return _ESCAPED_NUL.sub("\\1\ufffd", storable(text))


def _cost_state(cost: Cost | None) -> list[str | None] | None:
    if cost is None:
        return None
    return [cost.basis, cost.currency, None if cost.amount is None else plain(cost.amount)]


def storable(text: str) -> str:
    """Replace what a database cannot hold in a text column: NUL and lone surrogates become U+FFFD."""
    clean = text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return clean.replace("\x00", "\ufffd")


def fit(text: str, limit: int) -> str:
    """Cut text to `limit` characters; what is cut ends in an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def stored_id(external_id: str) -> str:
    """Return a provider's id in the form that is kept."""
    return fit_uniquely(storable(external_id), MAX_ID)


def fit_uniquely(text: str, limit: int) -> str:
    """Cut text to `limit` characters (66 or more); what is cut ends in a hash of the whole."""
    if len(text) <= limit:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{text[: limit - len(digest) - 1]}#{digest}"
