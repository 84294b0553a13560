"""Managed databases. Their users and passwords are never asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.domain.resources import Resource
from app.providers.answers import Record, read
from app.providers.keystone.fields import Moment, Words, known, split_addresses
from app.providers.keystone.reader import Reader
from app.providers.pagination import listed

SERVICE = "managed-database"
DATASTORE = "dbaas:datastore"


class _Flavor(Record):
    vcpus: int | None = None
    ram: int | None = None
    disk: int | None = None


class _Instance(Record):
    ip: str | None = None
    floating_ip: str | None = None
    availability_zone: Words = ""


class Datastore(Record):
    """A cluster of a database; memory in MiB and disk in GiB of each of its instances."""

    id: str
    name: Words
    status: str
    type_id: str
    created_at: Moment | None
    flavor_id: Words = ""
    flavor: _Flavor | None = None
    node_count: int | None = None
    enabled: bool | None = None
    instances: tuple[_Instance, ...] = ()


class DatastoreType(Record):
    """An engine in a version."""

    id: str
    engine: str
    version: str


def collect_datastores(reader: Reader) -> Iterator[Resource]:
    """Yield the project's databases."""
    items = listed(reader.get_url(SERVICE, "/datastores"), "datastores")
    types = _types(reader) if items else {}
    return (normalise_datastore(read(Datastore, item, "a database"), types, reader) for item in items)


def normalise_datastore(store: Datastore, types: Mapping[str, DatastoreType], reader: Reader) -> Resource:
    """Return a database as a resource; the engine is left out when the cloud does not know the type any more."""
    type_, flavor = types.get(store.type_id), store.flavor or _Flavor()
    config: dict[str, Any] = known(
        type=store.flavor_id,
        engine=type_.engine if type_ else None,
        version=type_.version if type_ else None,
        vcpus=flavor.vcpus,
        memory_mib=flavor.ram,
        disk_gb=flavor.disk,
        nodes=store.node_count,
        enabled=store.enabled,
    )
    addresses = [(i.ip, False) for i in store.instances if i.ip]
    addresses += [(i.floating_ip, True) for i in store.instances if i.floating_ip]
    zones = sorted({i.availability_zone for i in store.instances if i.availability_zone})
    return Resource(
        external_id=store.id,
        name=store.name,
        region=zones[0] if len(zones) == 1 else reader.region,
        status=store.status,
        created_at=store.created_at,
        config=config | split_addresses(addresses) | {"zones": zones} | reader.place,
        cost=reader.cost,
    )


def _types(reader: Reader) -> dict[str, DatastoreType]:
    items = listed(reader.get_url(SERVICE, "/datastore-types"), "datastore-types")
    return {type_.id: type_ for type_ in (read(DatastoreType, item, "a type of database") for item in items)}
