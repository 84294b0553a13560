"""Droplets, their snapshots, and the team's own images with the backups."""

from collections.abc import Sequence
from datetime import date

from app.core.domain.resources import UNKNOWN_COST, Cost, Resource
from app.providers.answers import Record
from app.providers.digitalocean.fields import (
    DROPLET,
    KUBERNETES,
    Amount,
    Id,
    Moment,
    Region,
    compact,
    one_of,
    parent,
    slug,
    split_tags,
)
from app.providers.digitalocean.price_table import SNAPSHOT_GB_MONTH
from app.providers.digitalocean.pricing import by_the_hour, by_the_month
from app.providers.digitalocean.source import Source

_CLUSTER_TAG = "k8s:"
_WORKER_TAG = "k8s:worker"


class _Size(Record):
    price_hourly: Amount
    price_monthly: Amount


class _Address(Record):
    ip_address: str
    type: str


class _Networks(Record):
    v4: tuple[_Address, ...] = ()
    v6: tuple[_Address, ...] = ()


class _Image(Record):
    id: Id | None = None
    slug: str | None = None
    name: str | None = None


class Droplet(Record):
    """An item of /v2/droplets. Memory in MiB, disk in GB, prices in USD."""

    id: Id
    name: str
    status: str
    created_at: Moment
    region: Region
    size_slug: str
    size: _Size
    memory: int
    vcpus: int
    disk: int
    tags: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    image: _Image | None = None
    networks: _Networks = _Networks()
    vpc_uuid: str | None = None


class Snapshot(Record):
    """An item of /v2/snapshots; `size_gigabytes` is what is billed."""

    id: Id
    name: str
    created_at: Moment
    regions: list[str]
    resource_id: str
    size_gigabytes: Amount
    min_disk_size: int | None = None
    tags: list[str] | None = None


class Image(Record):
    """An item of /v2/images; `type` is snapshot, backup, custom, base or admin."""

    id: Id
    name: str = ""
    type: str
    status: str = ""
    created_at: Moment = None
    regions: tuple[str, ...] = ()
    size_gigabytes: Amount | None = None
    min_disk_size: int | None = None
    distribution: str | None = None
    tags: list[str] | None = None


def droplet(record: Droplet, day: date) -> Resource:
    """Return a droplet. A worker of managed Kubernetes has its cluster as parent, and its own cost."""
    addresses = [*record.networks.v4, *record.networks.v6]
    image = record.image or _Image()
    config = compact(
        type=record.size_slug,
        vcpus=record.vcpus,
        memory_mib=record.memory,
        disk_gb=record.disk,
        image=image.slug or image.name or image.id,
        private_ips=sorted(a.ip_address for a in addresses if a.type == "private"),
        public_ips=sorted(a.ip_address for a in addresses if a.type != "private"),
        features=sorted(record.features),
        vpc=record.vpc_uuid,
        parent=parent(KUBERNETES, _cluster(record.tags)),
    )
    return Resource(
        external_id=record.id,
        name=record.name,
        region=slug(record.region),
        status=record.status,
        created_at=record.created_at,
        tags=split_tags(record.tags),
        config=config,
        cost=by_the_hour(record.size.price_hourly, record.size.price_monthly, day, record.created_at),
    )


def _cluster(tags: Sequence[str]) -> str | None:
    ids = (tag.removeprefix(_CLUSTER_TAG) for tag in tags if tag.startswith(_CLUSTER_TAG) and tag != _WORKER_TAG)
    return next(ids, None)


def snapshot(record: Snapshot, day: date) -> Resource:
    """Return a snapshot of a droplet or volume; `source` is what it was taken of, which may be gone."""
    return Resource(
        external_id=record.id,
        name=record.name,
        region=one_of(record.regions),
        created_at=record.created_at,
        tags=split_tags(record.tags),
        config=compact(
            size_gb=str(record.size_gigabytes),
            source=record.resource_id,
            min_disk_gb=record.min_disk_size,
            regions=sorted(record.regions),
        ),
        cost=by_the_month(record.size_gigabytes * SNAPSHOT_GB_MONTH, day),
    )


def image(record: Image, day: date) -> Resource | None:
    """Return a custom image or a backup; None for a snapshot, which /v2/snapshots lists."""
    if record.type == "snapshot":
        return None
    return Resource(
        external_id=record.id,
        name=record.name,
        region=one_of(record.regions),
        status=record.status,
        created_at=record.created_at,
        tags=split_tags(record.tags),
        config=compact(
            type=record.type,
            size_gb=None if record.size_gigabytes is None else str(record.size_gigabytes),
            min_disk_gb=record.min_disk_size,
            distribution=record.distribution,
            regions=sorted(record.regions),
        ),
        cost=_image_cost(record, day),
    )


def _image_cost(record: Image, day: date) -> Cost:
    # A backup costs a share of its droplet's price, or by its size, as the droplet's plan says; that is not told here.
    if record.type != "custom" or record.size_gigabytes is None:
        return UNKNOWN_COST
    return by_the_month(record.size_gigabytes * SNAPSHOT_GB_MONTH, day)


DROPLETS = Source("droplets", "droplet:read", "droplets.list", "droplets", Droplet, lambda r: r.id)
SNAPSHOTS = Source(
    "snapshots of droplets",
    "snapshot:read",
    "snapshots.list",
    "snapshots",
    Snapshot,
    lambda r: r.id,
    {"resource_type": "droplet"},
)
IMAGES = Source("images", "image:read", "images.list", "images", Image, lambda r: r.id, {"private": True})
COLLECTORS = {
    DROPLET: DROPLETS.collector(droplet),
    "compute:snapshot": SNAPSHOTS.collector(snapshot),
    "compute:image": IMAGES.collector(image),
}
