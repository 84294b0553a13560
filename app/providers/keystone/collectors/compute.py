"""Servers of Nova. Before microversion 2.47 a server names its flavor only, so flavors are read too."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from app.core.domain.errors import PermissionDenied
from app.core.domain.resources import Resource
from app.providers.answers import Record, read
from app.providers.keystone.fields import Moment, Words, known, split_addresses, tagged
from app.providers.keystone.reader import Reader

SERVER = "compute:server"
_GONE = frozenset({"DELETED", "SOFT_DELETED"})


class Flavor(Record):
    """A size: memory in MiB, root disk in GiB (0 for servers that start from a volume)."""

    id: str | None = None
    name: str | None = None
    original_name: str | None = None
    vcpus: int | None = None
    ram: int | None = None
    disk: int | None = None


class _Address(Record):
    addr: str
    kind: str = Field("fixed", alias="OS-EXT-IPS:type")


class _Image(Record):
    id: str


class _Attached(Record):
    id: str


class _Fault(Record):
    message: Words = ""


class Server(Record):
    """A server as `servers/detail` tells it; `image` is an empty text when it started from a volume."""

    id: str
    name: Words
    status: str
    created: Moment
    flavor: Flavor
    image: _Image | str | None = None
    addresses: Mapping[str, tuple[_Address, ...]] = {}
    zone: Words = Field("", alias="OS-EXT-AZ:availability_zone")
    volumes: tuple[_Attached, ...] = Field((), alias="os-extended-volumes:volumes_attached")
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, str] = {}
    locked: bool | None = None


def collect_servers(reader: Reader) -> Iterator[Resource]:
    """Yield the project's servers."""
    flavors = Flavors(reader)
    for item in reader.pages("compute", "/servers/detail", "servers"):
        server = read(Server, item, "a server")
        if server.status not in _GONE:
            yield normalise_server(server, flavors.whole(server.flavor), reader)


def normalise_server(server: Server, flavor: Flavor, reader: Reader) -> Resource:
    """Return a server as a resource."""
    addresses = [(a.addr, a.kind == "floating") for found in server.addresses.values() for a in found]
    config: dict[str, Any] = known(
        type=flavor.original_name or flavor.name or flavor.id,
        vcpus=flavor.vcpus,
        memory_mib=flavor.ram,
        disk_gb=flavor.disk,
        image=server.image.id if isinstance(server.image, _Image) else None,
    )
    config |= split_addresses(addresses)
    config["volumes"] = sorted(volume.id for volume in server.volumes)
    config["networks"] = sorted(server.addresses)
    return Resource(
        external_id=server.id,
        name=server.name,
        region=server.zone or reader.region,
        status=server.status,
        created_at=server.created,
        tags=tagged(server.tags, server.metadata if reader.with_metadata else None),
        config=config | reader.place,
        cost=reader.cost,
    )


class Flavors:
    """The flavors of one region, read when the first server asks for one that is not embedded."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[str, Flavor] | None = None

    def whole(self, flavor: Flavor) -> Flavor:
        """Return a flavor with its sizes; as it is when the cloud does not tell them any more."""
        if flavor.vcpus is not None or flavor.id is None:
            return flavor
        if self._known is None:
            self._known = self._listed()
        if flavor.id not in self._known:
            self._known[flavor.id] = self._single(flavor)
        return self._known[flavor.id]

    def _listed(self) -> dict[str, Flavor]:
        items = self._reader.pages("compute", "/flavors/detail", "flavors")
        found = (read(Flavor, item, "a flavor") for item in items)
        return {flavor.id: flavor for flavor in found if flavor.id}

    def _single(self, flavor: Flavor) -> Flavor:
        # A deleted or private flavor is not listed, and may still be read.
        try:
            body = self._reader.get("compute", f"/flavors/{flavor.id}")
        except PermissionDenied:
            return flavor
        return read(_OneFlavor, body, "a flavor").flavor


class _OneFlavor(Record):
    flavor: Flavor
