"""Load balancers, private networks and firewalls."""

from collections.abc import Iterable

from app.core.domain.resources import Resource
from app.providers.answers import Record
from app.providers.hetzner.pricing import HourlyPrice, Tariff
from app.providers.hetzner.records import Named, Placed, Reference, compact, described, ids


class _BalancerType(Record):
    name: str
    max_targets: int | None = None
    max_services: int | None = None
    prices: tuple[HourlyPrice, ...]


class _Address(Record):
    ip: str | None = None


class _PublicNet(Record):
    enabled: bool
    ipv4: _Address | None = None
    ipv6: _Address | None = None


class _PrivateNet(Record):
    ip: str | None = None


class _Target(Record):
    server: Reference | None = None


class _Service(Record):
    protocol: str
    listen_port: int


class _Algorithm(Record):
    type: str


class LoadBalancer(Placed):
    """A load balancer; only its targets have a health, it has no state of its own."""

    load_balancer_type: _BalancerType
    public_net: _PublicNet
    private_net: tuple[_PrivateNet, ...] = ()
    targets: tuple[_Target, ...] = ()
    services: tuple[_Service, ...] = ()
    algorithm: _Algorithm | None = None


def load_balancer(record: LoadBalancer, tariff: Tariff) -> Resource:
    """Return a load balancer. Traffic above what its price includes is not in the cost."""
    public = (record.public_net.ipv4, record.public_net.ipv6) if record.public_net.enabled else ()
    return described(
        record,
        region=record.place,
        config=compact(
            type=record.load_balancer_type.name,
            max_targets=record.load_balancer_type.max_targets,
            max_services=record.load_balancer_type.max_services,
            algorithm=record.algorithm and record.algorithm.type,
            public_ips=_known(address.ip for address in public if address is not None),
            private_ips=_known(net.ip for net in record.private_net),
            server_ids=ids(target.server.id for target in record.targets if target.server),
            services=sorted(f"{service.protocol}:{service.listen_port}" for service in record.services),
            delete_protection=record.protection.delete,
        ),
        cost=tariff.hourly(record.load_balancer_type.prices, record.place, record.created),
    )


def _known(addresses: Iterable[str | None]) -> list[str]:
    return sorted(filter(None, addresses))


class _Subnet(Record):
    ip_range: str | None = None
    network_zone: str = ""


class Network(Named):
    """A private network of one network zone or, without subnets, of none."""

    ip_range: str
    subnets: tuple[_Subnet, ...]
    servers: tuple[int, ...] = ()


def network(record: Network, tariff: Tariff) -> Resource:
    """Return a private network."""
    return described(
        record,
        region=min((subnet.network_zone for subnet in record.subnets), default=""),
        config=compact(
            ip_range=record.ip_range,
            subnets=_known(subnet.ip_range for subnet in record.subnets),
            server_ids=ids(record.servers),
            delete_protection=record.protection.delete,
        ),
        cost=tariff.free(),
    )


class _AppliedTo(Record):
    server: Reference | None = None


class Firewall(Named):
    """A firewall; of its rules only the number is kept."""

    rules: tuple[Record, ...]
    applied_to: tuple[_AppliedTo, ...]


def firewall(record: Firewall, tariff: Tariff) -> Resource:
    """Return a firewall."""
    return described(
        record,
        config=compact(
            rules=len(record.rules),
            server_ids=ids(target.server.id for target in record.applied_to if target.server),
        ),
        cost=tariff.free(),
    )
