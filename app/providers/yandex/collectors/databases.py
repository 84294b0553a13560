"""Managed databases: clusters with their hosts. Fields: yandex.cloud/docs/managed-postgresql/api-ref and its siblings.

Only hosts say sizes alike for all engines, so the hosts of each cluster are read as well. Health and the hosts' roles
are not kept, because they change by themselves.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.core.domain.resources import Resource
from app.providers.yandex.kinds import Kind, Reader
from app.providers.yandex.records import Item, Listed, Part, gb, unique

_MDB = "mdb"
_PRESET = re.compile(r"[a-z]+\d*-c(\d+)-m(\d+)")
"""s3-c2-m8: two vCPU and 8 GiB of memory on each host. Older presets (s2.micro) do not say their size."""


class _Resources(Part):
    resource_preset_id: str = ""
    disk_size: int = 0
    disk_type_id: str = ""


class Host(Listed):
    """A host; its name is its id."""

    name: str
    zone_id: str = ""
    resources: _Resources = _Resources()
    assign_public_ip: bool = False

    @property
    def key(self) -> str:
        """Its name."""
        return self.name


class _Config(Part):
    version: str = ""


class Cluster(Item):
    """A cluster."""

    environment: str = ""
    config: _Config = _Config()
    network_id: str = ""

    def with_hosts(self, engine: str, hosts: Sequence[Host]) -> Resource:
        """Return the resource; vCPU, memory and disk are of all hosts together."""
        sizes = [_PRESET.fullmatch(host.resources.resource_preset_id) for host in hosts]
        known = [(int(size[1]), int(size[2])) for size in sizes if size]
        whole = bool(hosts) and len(known) == len(hosts)
        zones = unique(host.zone_id for host in hosts)
        return self.resource(
            zones[0] if len(zones) == 1 else "",
            engine=engine,
            version=self.config.version,
            environment=self.environment,
            type=",".join(unique(host.resources.resource_preset_id for host in hosts)),
            nodes=len(hosts),
            vcpus=sum(vcpus for vcpus, _ in known) if whole else None,
            memory_mib=sum(memory for _, memory in known) * 1024 if whole else None,
            disk_gb=gb(sum(host.resources.disk_size for host in hosts)),
            disk_type=",".join(unique(host.resources.disk_type_id for host in hosts)),
            zones=zones,
            hosts=unique(host.name for host in hosts),
            public_hosts=unique(host.name for host in hosts if host.assign_public_ip),
            network_id=self.network_id,
        )


@dataclass(frozen=True, slots=True)
class Engine:
    """The clusters of one engine. `host_lists` are the last parts of the paths that list a cluster's hosts."""

    engine: str
    title: str
    host_lists: tuple[str, ...] = ("hosts",)

    @property
    def role(self) -> str:
        """The role that shows the clusters."""
        return f"managed-{self.engine}.viewer"

    def collect(self, reader: Reader) -> Iterator[Resource]:
        """Yield every cluster of the folder: one listing of clusters, and one of hosts for each."""
        path = f"/managed-{self.engine}/v1/clusters"
        what = f"an item of {self.title}"
        for cluster in reader.api.items(_MDB, path, "clusters", Cluster, what, folderId=reader.folder_id):
            hosts = self._hosts(reader, f"{path}/{quote(cluster.id, safe='')}")
            for host in hosts:
                reader.hosts.add(host.name, cluster.id, self.engine)
            yield cluster.with_hosts(self.engine, hosts)

    def _hosts(self, reader: Reader, path: str) -> list[Host]:
        # A listing that shifted is read again, and yields its hosts again.
        found: dict[str, Host] = {}
        for name in self.host_lists:
            for host in reader.api.items(_MDB, f"{path}/{name}", "hosts", Host, "a database host"):
                found[host.name] = host
        return list(found.values())


_ENGINES = (
    Engine("postgresql", "PostgreSQL clusters"),
    Engine("mysql", "MySQL clusters"),
    Engine("clickhouse", "ClickHouse clusters"),
    Engine("mongodb", "MongoDB clusters"),
    Engine("redis", "Valkey and Redis clusters"),
    Engine("kafka", "Kafka clusters"),
    Engine("opensearch", "OpenSearch clusters"),
    Engine("greenplum", "Greenplum clusters", ("master-hosts", "segment-hosts")),
)
KINDS: Mapping[str, Kind] = {f"mdb:{engine.engine}": engine for engine in _ENGINES}
