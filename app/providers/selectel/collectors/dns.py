"""DNS zones, in pages by offset; the same for all regions."""

from collections.abc import Iterator
from typing import Any

from app.core.domain.resources import Resource
from app.providers.answers import Record, read
from app.providers.keystone.fields import Moment
from app.providers.keystone.reader import PAGE_SIZE, Reader
from app.providers.pagination import Page, listed, walk

SERVICE = "dnsv2"
ZONE = "dns:zone"


class Zone(Record):
    """A zone; its name ends in a dot."""

    id: str
    name: str
    project_id: str | None = None
    created_at: Moment | None = None
    disabled: bool = False


class _Next(Record):
    next_offset: int


def collect_zones(reader: Reader) -> Iterator[Resource]:
    """Yield the project's zones."""

    def fetch(offset: int) -> Page[Any]:
        body = reader.get_url(SERVICE, "/zones", {"limit": PAGE_SIZE, "offset": offset})
        zones = [read(Zone, item, "a zone") for item in listed(body, "result")]
        return Page(zones, read(_Next, body, "the list of zones").next_offset or None)

    zones = walk(fetch, lambda zone: zone.id, 0)
    return (normalise_zone(zone, reader) for zone in zones if zone.project_id in (None, reader.project_id))


def normalise_zone(zone: Zone, reader: Reader) -> Resource:
    """Return a zone as a resource; it has no region."""
    return Resource(
        external_id=zone.id,
        name=zone.name,
        status="disabled" if zone.disabled else "active",
        created_at=zone.created_at,
        config={"project_id": reader.project_id},
        cost=reader.cost,
    )
