"""Volumes, their snapshots, NFS shares, and the keys of Spaces."""

from datetime import date
from decimal import Decimal

from app.core.domain.resources import UNKNOWN_COST, Resource
from app.providers.answers import Record
from app.providers.digitalocean.collectors.compute import Snapshot, snapshot
from app.providers.digitalocean.fields import DROPLET, Count, Id, Moment, Region, compact, parent, slug, split_tags
from app.providers.digitalocean.price_table import VOLUME_GIB_MONTH
from app.providers.digitalocean.pricing import FREE, by_the_capped_month
from app.providers.digitalocean.source import Source


class Volume(Record):
    """An item of /v2/volumes. It is attached to one droplet at most."""

    id: Id
    name: str
    created_at: Moment = None
    region: Region
    size_gigabytes: Count
    droplet_ids: list[Id] | None = None
    filesystem_type: str | None = None
    tags: list[str] | None = None


class Share(Record):
    """An item of /v2/nfs."""

    id: Id
    name: str
    created_at: Moment
    region: str
    size_gib: Count
    status: str
    vpc_ids: list[str] | None = None


class _Grant(Record):
    bucket: str
    permission: str


class SpacesKey(Record):
    """An item of /v2/spaces/keys. The secret part is never listed."""

    access_key: Id
    name: str = ""
    created_at: Moment = None
    grants: list[_Grant] | None = None


def volume(record: Volume, day: date) -> Resource:
    """Return a volume; its parent is the droplet that it is attached to."""
    droplets = sorted(record.droplet_ids or ())
    return Resource(
        external_id=record.id,
        name=record.name,
        region=slug(record.region),
        created_at=record.created_at,
        tags=split_tags(record.tags),
        config=compact(
            size_gb=record.size_gigabytes,
            filesystem=record.filesystem_type,
            parent=parent(DROPLET, droplets[0] if droplets else None),
        ),
        cost=by_the_capped_month(Decimal(record.size_gigabytes) * VOLUME_GIB_MONTH, day, record.created_at),
    )


def share(record: Share, _: date) -> Resource:
    """Return an NFS share. Its price is not in the table."""
    return Resource(
        external_id=record.id,
        name=record.name,
        region=record.region,
        status=record.status,
        created_at=record.created_at,
        config=compact(size_gb=record.size_gib, vpcs=sorted(record.vpc_ids or ())),
        cost=UNKNOWN_COST,
    )


def spaces_key(record: SpacesKey, _: date) -> Resource:
    """Return a key of Spaces and the buckets that it opens. Keys are free; buckets are not listed by the API."""
    grants = sorted(f"{grant.bucket or '*'}: {grant.permission or 'none'}" for grant in record.grants or ())
    return Resource(
        external_id=record.access_key,
        name=record.name,
        created_at=record.created_at,
        config=compact(grants=grants),
        cost=FREE,
    )


VOLUMES = Source("volumes", "block_storage:read", "volumes.list", "volumes", Volume, lambda r: r.id)
VOLUME_SNAPSHOTS = Source(
    "snapshots of volumes",
    "block_storage_snapshot:read",
    "snapshots.list",
    "snapshots",
    Snapshot,
    lambda r: r.id,
    {"resource_type": "volume"},
)
SHARES = Source("NFS shares", "nfs:read", "nfs.list", "shares", Share, lambda r: r.id, is_paged=False)
SPACES_KEYS = Source("keys of Spaces", "spaces_key:read", "spaces_key.list", "keys", SpacesKey, lambda r: r.access_key)
COLLECTORS = {
    "volumes:volume": VOLUMES.collector(volume),
    "volumes:snapshot": VOLUME_SNAPSHOTS.collector(snapshot),
    "nfs:share": SHARES.collector(share),
    "spaces:key": SPACES_KEYS.collector(spaces_key),
}
