"""The resource types of Selectel: those of OpenStack, its managed services, and what belongs to the whole account."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from app.core.domain.resources import Cost, CostBasis, Resource
from app.providers.keystone.collectors import compute, network
from app.providers.keystone.kinds import STANDARD
from app.providers.keystone.places import Kind
from app.providers.keystone.reader import Reader
from app.providers.selectel.collectors import account_wide, bucket, database, dns, kubernetes, registry
from app.providers.selectel.plane import AccountPlane

_FREE = Cost(CostBasis.PRICE_LIST, Decimal(0), "RUB")


def _free(collect: Callable[[Reader], Iterator[Resource]]) -> Callable[[Reader], Iterator[Resource]]:
    """Collect what Selectel does not charge for: the bill never names it."""
    return lambda reader: (replace(resource, cost=_FREE) for resource in collect(reader))


_OWN: dict[str, Callable[[Reader], Iterator[Resource]]] = {
    compute.SERVER: kubernetes.collect_servers,
    network.NETWORK: _free(network.collect_networks),
    network.SUBNET: _free(network.collect_subnets),
}
REGIONAL = (
    *(replace(kind, collect=_OWN.get(kind.resource_type, kind.collect)) for kind in STANDARD),
    Kind(bucket.BUCKET, "object-store", bucket.collect_buckets),
    Kind(kubernetes.CLUSTER, kubernetes.SERVICE, kubernetes.collect_clusters),
    Kind(kubernetes.NODE_GROUP, kubernetes.SERVICE, kubernetes.collect_node_groups),
    Kind(database.DATASTORE, database.SERVICE, database.collect_datastores),
    Kind(registry.REGISTRY, registry.SERVICE, registry.collect_registries),
    Kind(dns.ZONE, dns.SERVICE, dns.collect_zones),
)
"""Types that are listed by project and region. The catalog tells which regions have which service."""

ACCOUNT_WIDE: dict[str, Callable[[AccountPlane], Iterator[Resource]]] = {
    account_wide.SUBNET: account_wide.collect_subnets,
    account_wide.LICENSE: account_wide.collect_licenses,
    account_wide.DEDICATED: account_wide.collect_dedicated_servers,
}
"""Types that one call lists for all projects and regions."""
