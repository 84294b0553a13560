"""Every type of resource that is read, and its collector. Each list has all regions at once."""

from collections.abc import Mapping

from app.providers.digitalocean.collectors import apps, compute, managed, network, registry, storage
from app.providers.digitalocean.source import Collector

COLLECTORS: Mapping[str, Collector] = {
    **compute.COLLECTORS,
    **storage.COLLECTORS,
    **network.COLLECTORS,
    **managed.COLLECTORS,
    **apps.COLLECTORS,
    **registry.COLLECTORS,
}
