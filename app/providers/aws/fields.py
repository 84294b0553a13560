"""Bring the fields of AWS's answers into the form that all clouds share."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

T = TypeVar("T")


def tag_map(rows: Iterable[Mapping[str, str]] | None, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Turn `[{"Key": …, "Value": …}]` into a mapping; a resource without tags has no such list at all."""
    return {row[key]: row.get(value) or "" for row in rows or ()}


def utc(moment: datetime | None) -> datetime | None:
    """Return a time as UTC. botocore's times are aware."""
    return None if moment is None else moment.astimezone(UTC)


def compact(**values: Any) -> dict[str, Any]:
    """Keep what is known: None, empty text and empty lists are left out, 0 and False are not."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def pick(rows: Iterable[Mapping[str, Any]] | None, key: str) -> list[Any]:
    """Return one field of every row that has it, sorted: AWS gives such lists in no stable order."""
    return sorted(row[key] for row in rows or () if row.get(key) is not None)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of at most `size` items, for calls that take so many at once."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
