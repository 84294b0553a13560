"""Compute Cloud: VMs, disks, snapshots, images and file storages.

Fields: yandex.cloud/docs/compute/api-ref. Every listing is of one folder and covers all zones.
"""

import re
from collections.abc import Mapping

from app.core.domain.resources import Resource
from app.providers.yandex.kinds import Described, Kind, Listing
from app.providers.yandex.records import Item, Part, gb, mib, parent, unique

INSTANCE, DISK = "compute:instance", "compute:disk"
_NODE_GROUP_LABEL = "managed-kubernetes-node-group-id"
_CLUSTER_LABELS = ("managed-kubernetes-cluster-id", "cluster-name")
"""The CSI driver's disks carry the cluster's id, older ones in `cluster-name`, where a name may stand as well."""
_ID = re.compile(r"[a-z][a-z0-9]{19}")


class _Resources(Part):
    memory: int = 0
    cores: int = 0
    core_fraction: int = 0
    gpus: int = 0


class _Nat(Part):
    address: str = ""


class _Address(Part):
    address: str = ""
    one_to_one_nat: _Nat = _Nat()


class _Interface(Part):
    subnet_id: str = ""
    primary_v4_address: _Address = _Address()
    primary_v6_address: _Address = _Address()
    security_group_ids: tuple[str, ...] = ()


class _Attached(Part):
    disk_id: str = ""
    filesystem_id: str = ""


class _Scheduling(Part):
    preemptible: bool = False


class Instance(Item, Described):
    """A VM. Its metadata is not read: it holds keys and passwords."""

    zone_id: str = ""
    platform_id: str = ""
    resources: _Resources = _Resources()
    boot_disk: _Attached = _Attached()
    secondary_disks: tuple[_Attached, ...] = ()
    filesystems: tuple[_Attached, ...] = ()
    network_interfaces: tuple[_Interface, ...] = ()
    fqdn: str = ""
    scheduling_policy: _Scheduling = _Scheduling()

    def as_resource(self) -> Resource:
        """Return the resource. Public addresses include those that last only as long as the VM runs."""
        addresses = [a for i in self.network_interfaces for a in (i.primary_v4_address, i.primary_v6_address)]
        return self.resource(
            self.zone_id,
            type=self.platform_id,
            vcpus=self.resources.cores or None,
            core_fraction=self.resources.core_fraction or None,
            memory_mib=mib(self.resources.memory),
            gpus=self.resources.gpus or None,
            preemptible=self.scheduling_policy.preemptible or None,
            fqdn=self.fqdn,
            private_ips=unique(address.address for address in addresses),
            public_ips=unique(address.one_to_one_nat.address for address in addresses),
            subnet_ids=unique(interface.subnet_id for interface in self.network_interfaces),
            security_group_ids=unique(id_ for i in self.network_interfaces for id_ in i.security_group_ids),
            boot_disk_id=self.boot_disk.disk_id,
            disk_ids=unique(disk.disk_id for disk in (self.boot_disk, *self.secondary_disks)),
            filesystem_ids=unique(attached.filesystem_id for attached in self.filesystems),
            parent=parent("k8s:node-group", self.labels.get(_NODE_GROUP_LABEL)),
        )


class Disk(Item, Described):
    """A disk. One of a Kubernetes volume belongs to the cluster, any other to the VM that it is attached to."""

    type_id: str = ""
    zone_id: str = ""
    size: int = 0
    source_image_id: str = ""
    source_snapshot_id: str = ""
    instance_ids: tuple[str, ...] = ()

    def as_resource(self) -> Resource:
        """Return the resource."""
        cluster = next(filter(None, map(self.labels.get, _CLUSTER_LABELS)), "")
        server = min(self.instance_ids, default=None)
        return self.resource(
            self.zone_id,
            type=self.type_id,
            size_gb=gb(self.size),
            image=self.source_image_id,
            snapshot_id=self.source_snapshot_id,
            instance_ids=unique(self.instance_ids),
            parent=parent("k8s:cluster", cluster) if _ID.fullmatch(cluster) else parent(INSTANCE, server),
        )


class Snapshot(Item, Described):
    """A snapshot of a disk; what is billed is the storage size."""

    storage_size: int = 0
    disk_size: int = 0
    source_disk_id: str = ""

    def as_resource(self) -> Resource:
        """Return the resource."""
        return self.resource(
            size_bytes=self.storage_size or None,
            disk_gb=gb(self.disk_size),
            parent=parent(DISK, self.source_disk_id),
        )


class Image(Item, Described):
    """An image of the folder's own; what is billed is the storage size."""

    family: str = ""
    storage_size: int = 0
    min_disk_size: int = 0
    pooled: bool = False

    def as_resource(self) -> Resource:
        """Return the resource."""
        return self.resource(
            family=self.family,
            size_bytes=self.storage_size or None,
            disk_gb=gb(self.min_disk_size),
            pooled=self.pooled or None,
        )


class Filesystem(Item, Described):
    """A file storage; VMs name those that they use."""

    type_id: str = ""
    zone_id: str = ""
    size: int = 0

    def as_resource(self) -> Resource:
        """Return the resource."""
        return self.resource(self.zone_id, type=self.type_id, size_gb=gb(self.size))


def _listing(title: str, name: str, model: type[Described]) -> Listing:
    return Listing(title, "compute.viewer", "compute", f"/compute/v1/{name}", name, model)


KINDS: Mapping[str, Kind] = {
    INSTANCE: _listing("VMs", "instances", Instance),
    DISK: _listing("disks", "disks", Disk),
    "compute:snapshot": _listing("snapshots", "snapshots", Snapshot),
    "compute:image": _listing("images", "images", Image),
    "compute:filesystem": _listing("file storages", "filesystems", Filesystem),
}
