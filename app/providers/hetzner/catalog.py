"""Which resource types are read, from where, and by what."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from app.core.domain.resources import Resource
from app.providers.hetzner.client import HetznerClient
from app.providers.hetzner.collectors.addresses import FloatingIp, PrimaryIp, floating_ip, primary_ip
from app.providers.hetzner.collectors.names import Certificate, SshKey, Zone, certificate, ssh_key, zone
from app.providers.hetzner.collectors.networks import Firewall, LoadBalancer, Network, firewall, load_balancer, network
from app.providers.hetzner.collectors.servers import PlacementGroup, Server, placement_group, server
from app.providers.hetzner.collectors.storage import Image, StorageBox, Volume, backup, snapshot, storage_box, volume
from app.providers.hetzner.pricing import Tariff
from app.providers.hetzner.records import LOAD_BALANCER, SERVER, Named

N = TypeVar("N", bound=Named)


@dataclass(frozen=True, slots=True)
class Listing(Generic[N]):
    """One listing of the API: `path` ends in the name of its list, `what` says what an item is."""

    path: str
    what: str
    model: type[N]
    normalise: Callable[[N, Tariff], Resource]
    query: Mapping[str, str] = field(default_factory=dict)

    def resources(self, client: HetznerClient, tariff: Tariff) -> Iterator[Resource]:
        """Yield every resource of the listing."""
        for record in client.items(self.path, self.model, self.what, self.query):
            yield self.normalise(record, tariff)


LISTINGS: Mapping[str, Listing[Any]] = {
    SERVER: Listing("/servers", "a server", Server, server),
    "compute:volume": Listing("/volumes", "a volume", Volume, volume),
    "compute:snapshot": Listing("/images", "a snapshot", Image, snapshot, {"type": "snapshot"}),
    "compute:backup": Listing("/images", "a backup", Image, backup, {"type": "backup"}),
    "compute:placement-group": Listing("/placement_groups", "a placement group", PlacementGroup, placement_group),
    "compute:ssh-key": Listing("/ssh_keys", "an SSH key", SshKey, ssh_key),
    "network:primary-ip": Listing("/primary_ips", "a primary IP", PrimaryIp, primary_ip),
    "network:floating-ip": Listing("/floating_ips", "a floating IP", FloatingIp, floating_ip),
    LOAD_BALANCER: Listing("/load_balancers", "a load balancer", LoadBalancer, load_balancer),
    "network:network": Listing("/networks", "a network", Network, network),
    "network:firewall": Listing("/firewalls", "a firewall", Firewall, firewall),
    "network:certificate": Listing("/certificates", "a certificate", Certificate, certificate),
    "dns:zone": Listing("/zones", "a DNS zone", Zone, zone),
    "storage:storage-box": Listing("/storage_boxes", "a storage box", StorageBox, storage_box),
}
"""Every listing covers all locations of the project."""
