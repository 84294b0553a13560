"""Volumes, snapshots and backups of Cinder. Sizes are in GiB, under the name that all clouds share."""

from collections.abc import Iterator, Mapping

from app.core.domain.resources import Resource
from app.providers.answers import Record, read
from app.providers.keystone.collectors.compute import SERVER
from app.providers.keystone.fields import Moment, Words, known, parent, tagged
from app.providers.keystone.reader import Reader

VOLUME, SNAPSHOT, BACKUP = "volume:volume", "volume:snapshot", "volume:backup"


class _Attachment(Record):
    server_id: str | None = None
    device: str | None = None


class Volume(Record):
    """A volume as `volumes/detail` tells it; `bootable` is a text."""

    id: str
    name: Words
    status: str
    size: int
    created_at: Moment | None
    volume_type: Words = ""
    availability_zone: Words = ""
    bootable: Words = ""
    encrypted: bool = False
    snapshot_id: str | None = None
    metadata: Mapping[str, str] = {}
    attachments: tuple[_Attachment, ...]


class Snapshot(Record):
    """A snapshot of a volume."""

    id: str
    name: Words
    status: str
    size: int
    volume_id: str | None
    created_at: Moment | None
    metadata: Mapping[str, str] = {}


class Backup(Record):
    """A backup of a volume."""

    id: str
    name: Words
    status: str
    size: int
    volume_id: str | None
    created_at: Moment | None
    availability_zone: Words = ""
    is_incremental: bool = False
    metadata: Mapping[str, str] | None = None


def collect_volumes(reader: Reader) -> Iterator[Resource]:
    """Yield the project's volumes."""
    for item in reader.pages("block-storage", "/volumes/detail", "volumes"):
        yield normalise_volume(read(Volume, item, "a volume"), reader)


def collect_snapshots(reader: Reader) -> Iterator[Resource]:
    """Yield the project's snapshots of volumes."""
    for item in reader.pages("block-storage", "/snapshots/detail", "snapshots"):
        yield normalise_snapshot(read(Snapshot, item, "a snapshot"), reader)


def collect_backups(reader: Reader) -> Iterator[Resource]:
    """Yield the project's backups of volumes."""
    for item in reader.pages("block-storage", "/backups/detail", "backups"):
        yield normalise_backup(read(Backup, item, "a backup"), reader)


def normalise_volume(volume: Volume, reader: Reader) -> Resource:
    """Return a volume as a resource; its parent is the server that it is attached to, the first of several."""
    attached = sorted((a.server_id, a.device or "") for a in volume.attachments if a.server_id)
    server_id, device = attached[0] if attached else (None, None)
    config = known(
        size_gb=volume.size,
        type=volume.volume_type,
        bootable=volume.bootable.lower() == "true",
        encrypted=volume.encrypted,
        device=device,
        source_snapshot=volume.snapshot_id,
    )
    if len(attached) > 1:
        config["servers"] = [server for server, _ in attached]
    return Resource(
        external_id=volume.id,
        name=volume.name,
        region=volume.availability_zone or reader.region,
        status=volume.status,
        created_at=volume.created_at,
        tags=tagged((), volume.metadata),
        config=config | parent(SERVER, server_id) | reader.place,
        cost=reader.cost,
    )


def normalise_snapshot(snapshot: Snapshot, reader: Reader) -> Resource:
    """Return a snapshot as a resource; its parent is its volume."""
    return Resource(
        external_id=snapshot.id,
        name=snapshot.name,
        region=reader.region,
        status=snapshot.status,
        created_at=snapshot.created_at,
        tags=tagged((), snapshot.metadata),
        config={"size_gb": snapshot.size} | parent(VOLUME, snapshot.volume_id) | reader.place,
        cost=reader.cost,
    )


def normalise_backup(backup: Backup, reader: Reader) -> Resource:
    """Return a backup as a resource; its parent is its volume, which may be gone."""
    config = {"size_gb": backup.size, "incremental": backup.is_incremental}
    return Resource(
        external_id=backup.id,
        name=backup.name,
        region=backup.availability_zone or reader.region,
        status=backup.status,
        created_at=backup.created_at,
        tags=tagged((), backup.metadata),
        config=config | parent(VOLUME, backup.volume_id) | reader.place,
        cost=reader.cost,
    )
