"""What the REST API's JSON has in common: camelCase, int64 as text, and nothing that is empty, zero or false."""

from collections.abc import Iterable
from typing import Any

from pydantic import AwareDatetime, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.core.domain.resources import Resource
from app.providers.answers import Record

_MIB = 2**20
_GIB = 2**30


class Part(Record):
    """A part of an answer."""

    model_config = ConfigDict(alias_generator=to_camel)


class Listed(Part):
    """A record of a listing."""

    @property
    def key(self) -> str:
        """What tells it apart from the others of its listing."""
        raise NotImplementedError


class Item(Listed):
    """What nearly every resource has."""

    id: str = Field(min_length=1)
    name: str = ""
    created_at: AwareDatetime | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    status: str = ""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id

    def resource(self, region: str = "", *, status: str | None = None, **config: Any) -> Resource:
        """Return the resource that this is; config entries that say nothing are left out."""
        return Resource(
            external_id=self.id,
            name=self.name,
            region=region,
            status=self.status if status is None else status,
            created_at=self.created_at,
            tags=self.labels,
            config=compact(**config),
        )


def compact(**config: Any) -> dict[str, Any]:
    """Return the entries that say something: no None, no empty text or list."""
    return {name: value for name, value in config.items() if value not in (None, "", [], {})}


def unique(values: Iterable[str | None]) -> list[str]:
    """Return the values that are there, each once, sorted."""
    return sorted({value for value in values if value})


def mib(size: int) -> int | None:
    """Return bytes as MiB; None for none."""
    return size // _MIB or None


def gb(size: int) -> int | float | None:
    """Return bytes as the cloud's "GB", which are GiB; whole numbers as they nearly always are. None for none."""
    whole, rest = divmod(size, _GIB)
    return round(size / _GIB, 3) if rest else whole or None


def parent(resource_type: str, id_: str | None) -> dict[str, str] | None:
    """Return the pointer to the resource that this one belongs to."""
    return {"type": resource_type, "id": id_} if id_ else None
