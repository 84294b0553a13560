"""Managed Kubernetes: clusters, groups of nodes, and which servers are nodes.

The clusters' documents that hold access keys (kubeconfig) are never asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.core.domain.resources import Resource
from app.providers.answers import Record, read
from app.providers.keystone.collectors import compute
from app.providers.keystone.fields import Moment, Words, known, parent, split_addresses, tagged
from app.providers.keystone.reader import Reader
from app.providers.pagination import listed

SERVICE = "managed-kubernetes"
CLUSTER, NODE_GROUP = "mks:cluster", "mks:node-group"


class Cluster(Record):
    """A cluster."""

    id: str
    name: Words
    status: str
    created_at: Moment | None
    kube_version: Words = ""
    kube_api_ip: Words = ""
    network_id: Words = ""
    zonal: bool | None = None


class _Node(Record):
    id: str
    os_server_id: str | None = None


class NodeGroup(Record):
    """A group of equal nodes; `volume_gb` is the disk of each."""

    id: str
    cluster_id: str
    status: Words = ""
    flavor_id: Words = ""
    volume_gb: int | None = None
    volume_type: Words = ""
    availability_zone: Words = ""
    created_at: Moment | None = None
    enable_autoscale: bool | None = None
    preemptible: bool | None = None
    nodes: tuple[_Node, ...]
    labels: Mapping[str, str] | None = None


def collect_clusters(reader: Reader) -> Iterator[Resource]:
    """Yield the project's clusters."""
    return (normalise_cluster(cluster, reader) for cluster in _clusters(reader))


def collect_node_groups(reader: Reader) -> Iterator[Resource]:
    """Yield the groups of nodes of every cluster; one call per cluster."""
    return (normalise_node_group(group, reader) for group in _node_groups(reader))


def collect_servers(reader: Reader) -> Iterator[Resource]:
    """Yield the project's servers; those that are nodes name their cluster as their parent."""
    clusters: dict[str, str] | None = None
    for server in compute.collect_servers(reader):
        if clusters is None:
            clusters = _clusters_of_servers(reader)
        config = {**server.config, **parent(CLUSTER, clusters.get(server.external_id))}
        yield replace(server, config=config)


def normalise_cluster(cluster: Cluster, reader: Reader) -> Resource:
    """Return a cluster as a resource."""
    config = known(version=cluster.kube_version, network_id=cluster.network_id, zonal=cluster.zonal)
    config |= split_addresses([(cluster.kube_api_ip, False)] if cluster.kube_api_ip else [])
    return Resource(
        external_id=cluster.id,
        name=cluster.name,
        region=reader.region,
        status=cluster.status,
        created_at=cluster.created_at,
        config=config | reader.place,
        cost=reader.cost,
    )


def normalise_node_group(group: NodeGroup, reader: Reader) -> Resource:
    """Return a group of nodes as a resource; its parent is its cluster."""
    config: dict[str, Any] = known(
        type=group.flavor_id,
        disk_gb=group.volume_gb,
        disk_type=group.volume_type,
        nodes=len(group.nodes),
        autoscale=group.enable_autoscale,
        preemptible=group.preemptible,
    )
    return Resource(
        external_id=group.id,
        region=group.availability_zone or reader.region,
        status=group.status,
        created_at=group.created_at,
        tags=tagged((), group.labels),
        config=config | parent(CLUSTER, group.cluster_id) | reader.place,
        cost=reader.cost,
    )


def _clusters(reader: Reader) -> list[Cluster]:
    items = listed(reader.get_url(SERVICE, "/clusters"), "clusters")
    return [read(Cluster, item, "a cluster") for item in items]


def _node_groups(reader: Reader) -> Iterator[NodeGroup]:
    for cluster in _clusters(reader):
        body = reader.get_url(SERVICE, f"/clusters/{cluster.id}/nodegroups")
        yield from (read(NodeGroup, item, "a group of nodes") for item in listed(body, "nodegroups"))


def _clusters_of_servers(reader: Reader) -> dict[str, str]:
    # If clusters may not be listed the servers fail too: without parents they would look as if they had moved out.
    groups = _node_groups(reader) if reader.has(SERVICE) else ()
    return {node.os_server_id: group.cluster_id for group in groups for node in group.nodes if node.os_server_id}
