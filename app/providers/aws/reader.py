"""What a collector reads with: one location of one account, every page of a listing, and the tags beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from app.core.domain.errors import ResponseInvalid
from app.providers.aws.client import Clients, SigningKeys
from app.providers.aws.fields import tag_map

MAX_PAGES = 10_000
"""A listing with more pages than this goes round in circles."""
_GONE = ("ResourceNotFoundException",)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose account is read: its 12 digits, and the partition that ARNs begin with (`aws`, `aws-cn`, …)."""

    account_id: str
    partition: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one region with the keys of one account. Raises botocore's errors, and ResponseInvalid."""

    clients: Clients
    keys: SigningKeys | None
    identity: Identity
    region: str

    def elsewhere(self, region: str) -> "Reader":
        """Return a reader of another region of the same account."""
        return Reader(self.clients, self.keys, self.identity, region)

    def call(self, service: str, operation: str, **parameters: Any) -> Any:
        """Make one call and return its answer."""
        return getattr(self.clients.get(service, self.region, self.keys), operation)(**parameters)

    def describe(self, service: str, operation: str, **which: Any) -> Any | None:
        """Return the description of one thing, None when it was deleted since it was listed."""
        try:
            return self.call(service, operation, **which)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _GONE:
                return None
            raise

    def items(
        self, service: str, operation: str, key: str, *, page_size: int | None = None, **parameters: Any
    ) -> Iterator[Any]:
        """Yield what the list `key` holds, on all pages. Raises ResponseInvalid when an answer has no such list."""
        client = self.clients.get(service, self.region, self.keys)
        if not client.can_paginate(operation):
            yield from answered(self.call(service, operation, **parameters), key, operation)
            return
        pages = client.get_paginator(operation).paginate(PaginationConfig={"PageSize": page_size}, **parameters)
        for number, page in enumerate(pages):
            if number == MAX_PAGES:
                raise ResponseInvalid(f"{operation} does not come to an end: {MAX_PAGES} pages were read")
            yield from answered(page, key, operation)

    def tags(self, kind: str) -> "Tags":
        """Return the tags of a kind of resource, such as `lambda:function`; they are read when first asked for."""
        return Tags(self, kind)


class Tags:
    """The tags of one kind of resource in one region, for services whose listing does not tell them."""

    def __init__(self, reader: Reader, kind: str) -> None:
        self._reader, self._kind = reader, kind

    def of(self, arn: str) -> dict[str, str]:
        """Return the tags of one resource, empty when it has none."""
        return dict(self._by_arn.get(arn, {}))

    @cached_property
    def _by_arn(self) -> Mapping[str, dict[str, str]]:
        rows = self._reader.items(
            "resourcegroupstaggingapi", "get_resources", "ResourceTagMappingList", ResourceTypeFilters=[self._kind]
        )
        return {row["ResourceARN"]: tag_map(row["Tags"]) for row in rows}


def answered(answer: Mapping[str, Any], key: str, operation: str) -> Any:
    """Return a part of an answer. An answer without it is not an empty one: it raises ResponseInvalid."""
    value = answer.get(key)
    if value is None:
        raise ResponseInvalid(f"the answer to {operation} has no {key}")
    return value
