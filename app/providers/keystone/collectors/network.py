"""Addresses, routers, networks and subnets of Neutron.

Everything is asked for by project, because an administrator's token sees those of all projects, and everyone sees
networks that others share.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from app.core.domain.resources import Resource
from app.providers.answers import R, Record, read
from app.providers.keystone.collectors.compute import SERVER
from app.providers.keystone.fields import Moment, Words, known, parent, tagged
from app.providers.keystone.reader import Reader

FLOATING_IP, ROUTER = "network:floating-ip", "network:router"
NETWORK, SUBNET = "network:network", "network:subnet"
_OF_SERVERS = "compute:"


class _Owned(Record):
    id: str
    project_id: str | None = None
    tenant_id: str | None = None

    def belongs_to(self, project_id: str) -> bool:
        return (self.project_id or self.tenant_id or project_id) == project_id


class Port(_Owned):
    """A port, and whose it is: `compute:<zone>` for servers."""

    device_id: Words = ""
    device_owner: Words = ""

    @property
    def server_id(self) -> str | None:
        """The server that the port belongs to, None when it is another thing's."""
        return self.device_id or None if self.device_owner.startswith(_OF_SERVERS) else None


class _PortDetails(Record):
    device_id: Words = ""
    device_owner: Words = ""


class FloatingIp(_Owned):
    """A floating IP; `port_id` is null when nothing uses it. Newer Neutrons add `port_details`."""

    floating_ip_address: str
    fixed_ip_address: str | None = None
    port_id: str | None
    router_id: str | None = None
    status: Words = ""
    description: Words = ""
    created_at: Moment | None = None
    tags: tuple[str, ...] = ()
    port_details: _PortDetails | None = None


class _FixedIp(Record):
    ip_address: str


class _Gateway(Record):
    network_id: str | None = None
    external_fixed_ips: tuple[_FixedIp, ...] = ()


class Router(_Owned):
    """A router; its gateway is null when it leads nowhere."""

    name: Words
    status: Words = ""
    admin_state_up: bool | None = None
    availability_zones: tuple[str, ...] = ()
    external_gateway_info: _Gateway | None = None
    created_at: Moment | None = None
    tags: tuple[str, ...] = ()


class Network(_Owned):
    """A network."""

    name: Words
    status: Words = ""
    shared: bool = False
    mtu: int | None = None
    subnets: tuple[str, ...] = ()
    created_at: Moment | None = None
    tags: tuple[str, ...] = ()


class Subnet(_Owned):
    """A subnet of a network."""

    name: Words
    network_id: str
    cidr: str
    ip_version: int | None = None
    gateway_ip: str | None = None
    enable_dhcp: bool | None = None
    created_at: Moment | None = None
    tags: tuple[str, ...] = ()


class Ports:
    """Which server each port belongs to, read when first asked."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def server_of(self, ip: FloatingIp) -> str | None:
        """Return the server behind a floating IP, None when there is none."""
        if ip.port_id is None:
            return None
        if ip.port_details is not None:
            return Port(id=ip.port_id, **ip.port_details.model_dump()).server_id
        return self._servers.get(ip.port_id)

    @cached_property
    def _servers(self) -> dict[str, str | None]:
        return {port.id: port.server_id for port in _own(self._reader, "ports", Port)}


def collect_floating_ips(reader: Reader) -> Iterator[Resource]:
    """Yield the project's floating IPs."""
    ports = Ports(reader)
    for ip in _own(reader, "floatingips", FloatingIp):
        yield normalise_floating_ip(ip, ports.server_of(ip), reader)


def collect_routers(reader: Reader) -> Iterator[Resource]:
    """Yield the project's routers."""
    return (normalise_router(router, reader) for router in _own(reader, "routers", Router))


def collect_networks(reader: Reader) -> Iterator[Resource]:
    """Yield the project's own networks."""
    return (normalise_network(network, reader) for network in _own(reader, "networks", Network))


def collect_subnets(reader: Reader) -> Iterator[Resource]:
    """Yield the project's own subnets."""
    return (normalise_subnet(subnet, reader) for subnet in _own(reader, "subnets", Subnet))


def normalise_floating_ip(ip: FloatingIp, server_id: str | None, reader: Reader) -> Resource:
    """Return a floating IP as a resource, named by its address; its parent is the server that it leads to."""
    config = known(private_ip=ip.fixed_ip_address, port_id=ip.port_id, router_id=ip.router_id)
    config |= {"public_ips": [ip.floating_ip_address], "in_use": ip.port_id is not None}
    config |= known(description=ip.description) | parent(SERVER, server_id)
    return _resource(ip, ip.floating_ip_address, config, reader)


def normalise_router(router: Router, reader: Reader) -> Resource:
    """Return a router as a resource."""
    gateway = router.external_gateway_info
    addresses = gateway.external_fixed_ips if gateway else ()
    config = known(enabled=router.admin_state_up, external_network=gateway.network_id if gateway else None)
    config |= {"public_ips": sorted(ip.ip_address for ip in addresses), "zones": sorted(router.availability_zones)}
    return _resource(router, router.name, config, reader)


def normalise_network(network: Network, reader: Reader) -> Resource:
    """Return a network as a resource."""
    config = known(shared=network.shared, mtu=network.mtu) | {"subnets": sorted(network.subnets)}
    return _resource(network, network.name, config, reader)


def normalise_subnet(subnet: Subnet, reader: Reader) -> Resource:
    """Return a subnet as a resource; its parent is its network."""
    config = known(
        cidr=subnet.cidr, ip_version=subnet.ip_version, gateway_ip=subnet.gateway_ip, dhcp=subnet.enable_dhcp
    )
    return _resource(subnet, subnet.name, config | parent(NETWORK, subnet.network_id), reader)


def _own(reader: Reader, key: str, model: type[R]) -> Iterator[R]:
    what = f"an item of {key}"
    for item in reader.pages("network", f"/{key}", key, {"project_id": reader.project_id}):
        if read(_Owned, item, what).belongs_to(reader.project_id):
            yield read(model, item, what)


def _resource(
    item: FloatingIp | Router | Network | Subnet, name: str, config: dict[str, Any], reader: Reader
) -> Resource:
    return Resource(
        external_id=item.id,
        name=name,
        region=reader.region,
        status="" if isinstance(item, Subnet) else item.status,
        created_at=item.created_at,
        tags=tagged(item.tags),
        config=config | reader.place,
        cost=reader.cost,
    )
