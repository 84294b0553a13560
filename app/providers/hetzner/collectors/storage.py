"""Volumes, snapshots, backups and storage boxes."""

from decimal import Decimal

from app.core.domain.resources import Cost, Resource
from app.providers.answers import Record
from app.providers.hetzner.pricing import HourlyPrice, Tariff
from app.providers.hetzner.records import SERVER, Named, Placed, Reference, compact, described, parent


class Volume(Placed):
    """A disk beside the server's own; `size` is in GB, `server` None when it is attached to nothing."""

    status: str
    size: int
    server: int | None = None
    format: str | None = None


def volume(record: Volume, tariff: Tariff) -> Resource:
    """Return a volume."""
    return described(
        record,
        region=record.place,
        status=record.status,
        config=compact(
            size_gb=record.size,
            format=record.format,
            parent=parent(SERVER, record.server),
            delete_protection=record.protection.delete,
        ),
        cost=tariff.volume(Decimal(record.size)),
    )


class Image(Named):
    """A snapshot or a backup. `image_size` is what is stored, in GB; `disk_size` the disk it was made of."""

    status: str
    description: str | None = None
    image_size: Decimal | None = None
    disk_size: Decimal | None = None
    created_from: Reference | None = None
    bound_to: int | None = None
    os_flavor: str | None = None
    os_version: str | None = None
    architecture: str | None = None


def snapshot(record: Image, tariff: Tariff) -> Resource:
    """Return a snapshot, which costs by its stored size and outlives its server."""
    source = record.created_from
    return _image(record, tariff.snapshot(record.image_size), source=parent(SERVER, source.id if source else None))


def backup(record: Image, tariff: Tariff) -> Resource:
    """Return a backup, which is paid with its server."""
    return _image(record, tariff.included(), parent=parent(SERVER, record.bound_to))


def _image(record: Image, cost: Cost | None, **belongs: dict[str, str] | None) -> Resource:
    return described(
        record,
        # The cloud gives names to its own images only.
        name=record.name or record.description,
        status=record.status,
        config=compact(
            # From JSON, where it was a float already.
            size_gb=None if record.image_size is None else float(record.image_size),
            disk_gb=None if record.disk_size is None else float(record.disk_size),
            image=f"{record.os_flavor or ''} {record.os_version or ''}".strip(),
            architecture=record.architecture,
            delete_protection=record.protection.delete,
            **belongs,
        ),
        cost=cost,
    )


class _BoxType(Record):
    name: str
    size: int
    prices: tuple[HourlyPrice, ...]


class StorageBox(Placed):
    """File storage outside the projects' servers; its type's `size` is in bytes."""

    status: str
    storage_box_type: _BoxType
    server: str | None = None


def storage_box(record: StorageBox, tariff: Tariff) -> Resource:
    """Return a storage box."""
    return described(
        record,
        region=record.place,
        status=record.status,
        config=compact(
            type=record.storage_box_type.name,
            size_bytes=record.storage_box_type.size,
            host=record.server,
            delete_protection=record.protection.delete,
        ),
        cost=tariff.hourly(record.storage_box_type.prices, record.place, record.created),
    )
