"""Parts of answers that several kinds of resources have."""

from collections.abc import Iterable
from typing import Any

from pydantic import AwareDatetime

from app.core.domain.resources import Cost, Resource
from app.providers.answers import Record

SERVER, LOAD_BALANCER = "compute:server", "network:load-balancer"


class Reference(Record):
    """Something that is only pointed to."""

    id: int


class Location(Record):
    """A place such as `fsn1`."""

    name: str


class _Datacenter(Record):
    location: Location


class Protection(Record):
    """What must not happen by accident."""

    delete: bool = False


class Named(Record):
    """What every resource has."""

    id: int
    labels: dict[str, str]
    created: AwareDatetime
    name: str | None = None
    protection: Protection = Protection()


class Placed(Named):
    """A resource in a location. Old answers name the datacenter instead, which Hetzner takes away."""

    location: Location | None = None
    datacenter: _Datacenter | None = None

    @property
    def place(self) -> str:
        """The location's name, "" when the answer has none."""
        location = self.location or (self.datacenter and self.datacenter.location)
        return location.name if location else ""


def described(
    record: Named,
    *,
    config: dict[str, Any],
    cost: Cost | None,
    name: str | None = None,
    region: str = "",
    status: str = "",
) -> Resource:
    """Return a resource with what every record tells."""
    return Resource(
        external_id=str(record.id),
        name=name or record.name or "",
        region=region,
        status=status,
        created_at=record.created,
        tags=record.labels,
        config=config,
        cost=cost,
    )


def parent(resource_type: str, id_: int | None) -> dict[str, str] | None:
    """Return the reference to what a resource is attached to, None when it is attached to nothing."""
    return None if id_ is None else {"type": resource_type, "id": str(id_)}


def ids(numbers: Iterable[int]) -> list[str]:
    """Return ids as text in a stable order."""
    return [str(number) for number in sorted(numbers)]


def compact(**values: Any) -> dict[str, Any]:
    """Keep what is known: None, empty text and empty lists are left out, 0 and False are not."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
