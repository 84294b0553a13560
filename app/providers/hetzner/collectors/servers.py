"""Servers and the placement groups that spread them."""

from decimal import Decimal
from typing import Any

from app.core.domain.resources import Resource
from app.providers.answers import Record
from app.providers.hetzner.pricing import HourlyPrice, Tariff
from app.providers.hetzner.records import Named, Placed, Reference, compact, described, ids

_MIB_A_GB = 1024


class _ServerType(Record):
    name: str
    cores: int
    memory: Decimal
    disk: int
    architecture: str | None = None
    cpu_type: str | None = None
    prices: tuple[HourlyPrice, ...]


class _Address(Record):
    ip: str


class _PublicNet(Record):
    ipv4: _Address | None = None
    ipv6: _Address | None = None


class _PrivateNet(Record):
    ip: str
    alias_ips: tuple[str, ...] = ()


class _Image(Record):
    name: str | None = None
    description: str | None = None


class Server(Placed):
    """A server. `memory` of its type is in GB of 1,024 MiB, disks are in GB."""

    status: str
    server_type: _ServerType
    public_net: _PublicNet
    private_net: tuple[_PrivateNet, ...] = ()
    image: _Image | None = None
    backup_window: str | None = None
    primary_disk_size: int | None = None
    volumes: tuple[int, ...] = ()
    placement_group: Reference | None = None


def server(record: Server, tariff: Tariff) -> Resource:
    """Return a server. It costs the same when it is off; backups are a share of its price on top."""
    kind, has_backups = record.server_type, record.backup_window is not None
    return described(
        record,
        region=record.place,
        status=record.status,
        config=compact(
            type=kind.name,
            vcpus=kind.cores,
            memory_mib=int(kind.memory * _MIB_A_GB),
            disk_gb=kind.disk if record.primary_disk_size is None else record.primary_disk_size,
            architecture=kind.architecture,
            cpu_type=kind.cpu_type,
            image=record.image and (record.image.name or record.image.description),
            backups=has_backups,
            volume_ids=ids(record.volumes),
            delete_protection=record.protection.delete,
            **_addresses(record),
            **_group(record),
        ),
        cost=tariff.hourly(kind.prices, record.place, record.created, with_backups=has_backups),
    )


def _addresses(record: Server) -> dict[str, Any]:
    public = (record.public_net.ipv4, record.public_net.ipv6)
    return {
        "public_ips": sorted(address.ip for address in public if address is not None),
        "private_ips": sorted(ip for net in record.private_net for ip in (net.ip, *net.alias_ips)),
    }


def _group(record: Server) -> dict[str, Any]:
    return {"placement_group_id": str(record.placement_group.id)} if record.placement_group else {}


class PlacementGroup(Named):
    """A group whose servers run on different hosts."""

    type: str
    servers: tuple[int, ...]


def placement_group(record: PlacementGroup, tariff: Tariff) -> Resource:
    """Return a placement group."""
    return described(
        record,
        config=compact(type=record.type, server_ids=ids(record.servers)),
        cost=tariff.free(),
    )
