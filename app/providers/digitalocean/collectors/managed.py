"""Managed databases, managed Kubernetes, functions and projects."""

from datetime import date
from operator import itemgetter
from typing import Any

from app.core.domain.resources import UNKNOWN_COST, Resource
from app.providers.answers import Record
from app.providers.digitalocean.fields import KUBERNETES, Id, Moment, compact, split_tags
from app.providers.digitalocean.price_table import HA_CONTROL_PLANE_MONTH
from app.providers.digitalocean.pricing import FREE, by_the_capped_month
from app.providers.digitalocean.source import Source


class Database(Record):
    """An item of /v2/databases. The answer has passwords too: only what stands here is read of it."""

    id: Id
    name: str
    engine: str
    version: str | None = None
    status: str = ""
    region: str
    created_at: Moment = None
    size: str
    num_nodes: int
    storage_size_mib: int | None = None
    private_network_uuid: str | None = None
    project_id: str | None = None
    tags: list[str] | None = None


class _Pool(Record):
    name: str = ""
    size: str = ""
    count: int = 0
    auto_scale: bool | None = None


class _State(Record):
    state: str = ""


class Cluster(Record):
    """An item of /v2/kubernetes/clusters."""

    id: Id
    name: str
    region: str
    version: str
    created_at: Moment = None
    status: _State | None = None
    ha: bool = False
    node_pools: list[_Pool]
    vpc_uuid: str | None = None
    tags: list[str] | None = None


class Namespace(Record):
    """An item of /v2/functions/namespaces. Its key is a secret and is not read."""

    namespace: Id
    label: str = ""
    region: str = ""
    created_at: Moment = None


class Project(Record):
    """An item of /v2/projects."""

    id: Id
    name: str
    created_at: Moment = None
    environment: str | None = None
    purpose: str | None = None
    is_default: bool | None = None


def database(record: Database, _: date) -> Resource:
    """Return a database cluster. The API has no price of it, the bill has."""
    return Resource(
        external_id=record.id,
        name=record.name,
        region=record.region,
        status=record.status,
        created_at=record.created_at,
        tags=split_tags(record.tags),
        config=compact(
            engine=record.engine,
            version=record.version,
            type=record.size,
            nodes=record.num_nodes,
            storage_mib=record.storage_size_mib,
            vpc=record.private_network_uuid,
            project=record.project_id,
        ),
        cost=UNKNOWN_COST,
    )


def cluster(record: Cluster, day: date) -> Resource:
    """Return a Kubernetes cluster: its cost is the control plane's, the workers are droplets with their own."""
    pools = sorted((_pool(pool) for pool in record.node_pools), key=itemgetter("name", "type"))
    control_plane = by_the_capped_month(HA_CONTROL_PLANE_MONTH, day, record.created_at)
    return Resource(
        external_id=record.id,
        name=record.name,
        region=record.region,
        status=record.status.state if record.status else "",
        created_at=record.created_at,
        tags=split_tags(record.tags),
        config=compact(
            version=record.version,
            highly_available=record.ha,
            nodes=sum(pool.count for pool in record.node_pools),
            node_pools=pools,
            vpc=record.vpc_uuid,
        ),
        cost=control_plane if record.ha else FREE,
    )


def _pool(pool: _Pool) -> dict[str, Any]:
    return {"name": pool.name, "type": pool.size, "nodes": pool.count, "auto_scale": bool(pool.auto_scale)}


def namespace(record: Namespace, _: date) -> Resource:
    """Return a namespace of functions, billed by use."""
    return Resource(
        external_id=record.namespace,
        name=record.label,
        region=record.region,
        created_at=record.created_at,
        cost=UNKNOWN_COST,
    )


def project(record: Project, _: date) -> Resource:
    """Return a project, which groups resources and is free."""
    return Resource(
        external_id=record.id,
        name=record.name,
        created_at=record.created_at,
        config=compact(environment=record.environment, purpose=record.purpose, default=record.is_default),
        cost=FREE,
    )


DATABASES = Source(
    "databases", "database:read", "databases.list_clusters", "databases", Database, lambda r: r.id, is_paged=False
)
CLUSTERS = Source(
    "Kubernetes clusters", "kubernetes:read", "kubernetes.list_clusters", "kubernetes_clusters", Cluster, lambda r: r.id
)
NAMESPACES = Source(
    "namespaces of functions",
    "function:read",
    "functions.list_namespaces",
    "namespaces",
    Namespace,
    lambda r: r.namespace,
    is_paged=False,
)
PROJECTS = Source("projects", "project:read", "projects.list", "projects", Project, lambda r: r.id)
COLLECTORS = {
    "databases:cluster": DATABASES.collector(database),
    KUBERNETES: CLUSTERS.collector(cluster),
    "functions:namespace": NAMESPACES.collector(namespace),
    "projects:project": PROJECTS.collector(project),
}
