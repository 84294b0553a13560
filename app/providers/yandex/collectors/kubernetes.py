"""Managed Kubernetes: clusters and node groups. Fields: yandex.cloud/docs/managed-kubernetes/api-ref.

Health is not kept, because it changes by itself; the master's certificates are not read.
"""

from collections.abc import Mapping

from app.core.domain.resources import Resource
from app.providers.yandex.kinds import Described, Kind, Listing
from app.providers.yandex.records import Item, Part, gb, mib, parent, unique

_SERVICE, _ROLE, _PATH = "managed-kubernetes", "k8s.viewer", "/managed-kubernetes/v1"


class _Place(Part):
    zone_id: str = ""
    region_id: str = ""
    internal_v4_address: str = ""
    external_v4_address: str = ""


class _Resources(Part):
    cores: int = 0
    core_fraction: int = 0
    memory: int = 0
    gpus: int = 0


class _Master(Part):
    zonal_master: _Place | None = None
    regional_master: _Place | None = None
    locations: tuple[_Place, ...] = ()
    version: str = ""
    resources: _Resources = _Resources()


class Cluster(Item, Described):
    """A cluster; its size is that of its master, nodes are VMs of node groups."""

    network_id: str = ""
    master: _Master = _Master()
    release_channel: str = ""

    def as_resource(self) -> Resource:
        """Return the resource."""
        master = self.master
        place = master.regional_master or master.zonal_master or _Place()
        zones = unique([place.zone_id, *(location.zone_id for location in master.locations)])
        return self.resource(
            place.region_id or place.zone_id or next(iter(zones), ""),
            version=master.version,
            type="regional" if master.regional_master else "zonal" if master.zonal_master else None,
            zones=zones,
            vcpus=master.resources.cores or None,
            memory_mib=mib(master.resources.memory),
            network_id=self.network_id,
            release_channel=self.release_channel,
            public_ips=unique([place.external_v4_address]),
            private_ips=unique([place.internal_v4_address]),
        )


class _Fixed(Part):
    size: int = 0


class _Auto(Part):
    min_size: int = 0
    max_size: int = 0


class _Scale(Part):
    fixed_scale: _Fixed | None = None
    auto_scale: _Auto | None = None


class _Disk(Part):
    disk_type_id: str = ""
    disk_size: int = 0


class _Scheduling(Part):
    preemptible: bool = False


class _Template(Part):
    platform_id: str = ""
    resources_spec: _Resources = _Resources()
    boot_disk_spec: _Disk = _Disk()
    scheduling_policy: _Scheduling = _Scheduling()


class _Allocation(Part):
    locations: tuple[_Place, ...] = ()


class _Version(Part):
    current_version: str = ""


class NodeGroup(Item, Described):
    """A group of nodes of one cluster; sizes are of one node."""

    cluster_id: str = ""
    instance_group_id: str = ""
    node_template: _Template = _Template()
    scale_policy: _Scale = _Scale()
    allocation_policy: _Allocation = _Allocation()
    version_info: _Version = _Version()

    def as_resource(self) -> Resource:
        """Return the resource. How many nodes an autoscaled group has at the moment is not kept."""
        template, scale = self.node_template, self.scale_policy
        zones = unique(location.zone_id for location in self.allocation_policy.locations)
        return self.resource(
            next(iter(zones), ""),
            version=self.version_info.current_version,
            type=template.platform_id,
            vcpus=template.resources_spec.cores or None,
            core_fraction=template.resources_spec.core_fraction or None,
            memory_mib=mib(template.resources_spec.memory),
            gpus=template.resources_spec.gpus or None,
            disk_gb=gb(template.boot_disk_spec.disk_size),
            disk_type=template.boot_disk_spec.disk_type_id,
            preemptible=template.scheduling_policy.preemptible or None,
            nodes=scale.fixed_scale.size if scale.fixed_scale else None,
            nodes_min=scale.auto_scale.min_size if scale.auto_scale else None,
            nodes_max=scale.auto_scale.max_size if scale.auto_scale else None,
            zones=zones,
            instance_group_id=self.instance_group_id,
            parent=parent("k8s:cluster", self.cluster_id),
        )


KINDS: Mapping[str, Kind] = {
    "k8s:cluster": Listing("Kubernetes clusters", _ROLE, _SERVICE, f"{_PATH}/clusters", "clusters", Cluster),
    "k8s:node-group": Listing(
        "Kubernetes node groups", _ROLE, _SERVICE, f"{_PATH}/nodeGroups", "nodeGroups", NodeGroup
    ),
}
