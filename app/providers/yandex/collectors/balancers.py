"""Network and application load balancers.

Fields: yandex.cloud/docs/network-load-balancer/api-ref and yandex.cloud/docs/application-load-balancer/api-ref.
"""

from collections.abc import Mapping

from app.core.domain.resources import Resource
from app.providers.yandex.kinds import Described, Kind, Listing
from app.providers.yandex.records import Item, Part, unique


class _NetworkListener(Part):
    address: str = ""
    port: int = 0


class NetworkBalancer(Item, Described):
    """A network load balancer."""

    region_id: str = ""
    type: str = ""
    listeners: tuple[_NetworkListener, ...] = ()

    def as_resource(self) -> Resource:
        """Return the resource."""
        addresses = unique(listener.address for listener in self.listeners)
        is_internal = self.type == "INTERNAL"
        ports = sorted({listener.port for listener in self.listeners if listener.port})
        return self.resource(
            self.region_id,
            type=self.type,
            ports=ports,
            private_ips=addresses if is_internal else [],
            public_ips=[] if is_internal else addresses,
        )


class _Ip(Part):
    address: str = ""


class _Address(Part):
    external_ipv4_address: _Ip = _Ip()
    external_ipv6_address: _Ip = _Ip()
    internal_ipv4_address: _Ip = _Ip()


class _Endpoint(Part):
    addresses: tuple[_Address, ...] = ()


class _Listener(Part):
    endpoints: tuple[_Endpoint, ...] = ()


class _Location(Part):
    zone_id: str = ""


class _Allocation(Part):
    locations: tuple[_Location, ...] = ()


class ApplicationBalancer(Item, Described):
    """An application load balancer."""

    region_id: str = ""
    network_id: str = ""
    listeners: tuple[_Listener, ...] = ()
    allocation_policy: _Allocation = _Allocation()

    def as_resource(self) -> Resource:
        """Return the resource."""
        found = [a for listener in self.listeners for endpoint in listener.endpoints for a in endpoint.addresses]
        return self.resource(
            self.region_id,
            network_id=self.network_id,
            zones=unique(location.zone_id for location in self.allocation_policy.locations),
            public_ips=unique(ip.address for a in found for ip in (a.external_ipv4_address, a.external_ipv6_address)),
            private_ips=unique(a.internal_ipv4_address.address for a in found),
        )


KINDS: Mapping[str, Kind] = {
    "load-balancer:network-load-balancer": Listing(
        "network load balancers",
        "load-balancer.viewer",
        "load-balancer",
        "/load-balancer/v1/networkLoadBalancers",
        "networkLoadBalancers",
        NetworkBalancer,
    ),
    "alb:load-balancer": Listing(
        "application load balancers",
        "alb.viewer",
        "alb",
        "/apploadbalancer/v1/loadBalancers",
        "loadBalancers",
        ApplicationBalancer,
    ),
}
