"""Load balancers, reserved addresses, private networks, gateways and domains."""

from collections.abc import Sequence
from datetime import date

from app.core.domain.resources import UNKNOWN_COST, Cost, Resource
from app.providers.answers import Record
from app.providers.digitalocean.fields import DROPLET, Count, Id, Moment, Region, compact, parent, slug, split_tags
from app.providers.digitalocean.price_table import IDLE_RESERVED_IP_MONTH, LOAD_BALANCER_UNIT_MONTH
from app.providers.digitalocean.pricing import FREE, INCLUDED, by_the_capped_month
from app.providers.digitalocean.source import Source

_OLD_SIZES = {"lb-small": 1, "lb-medium": 3, "lb-large": 6}
"""Units of the sizes that came before `size_unit`. Not verified."""


class LoadBalancer(Record):
    """An item of /v2/load_balancers."""

    id: Id
    name: str = ""
    status: str = ""
    created_at: Moment = None
    region: Region | None = None
    type: str = "REGIONAL"
    network: str | None = None
    size_unit: Count | None = None
    size: str | None = None
    ip: str | None = None
    ipv6: str | None = None
    tag: str | None = None
    droplet_ids: list[Id] | None = None
    vpc_uuid: str | None = None
    project_id: str | None = None


class _Holder(Record):
    id: Id


class ReservedIp(Record):
    """An item of /v2/reserved_ips; without a droplet it is idle, and costs."""

    ip: Id
    region: Region | None = None
    droplet: _Holder | None = None
    project_id: str | None = None


class ReservedIpv6(Record):
    """An item of /v2/reserved_ipv6."""

    ip: Id
    region_slug: str = ""
    reserved_at: Moment = None
    droplet: _Holder | None = None


class Vpc(Record):
    """An item of /v2/vpcs."""

    id: Id
    name: str
    region: str
    created_at: Moment = None
    ip_range: str | None = None
    default: bool | None = None


class _PublicGateway(Record):
    ipv4: str | None = None


class _Egresses(Record):
    public_gateways: list[_PublicGateway] | None = None


class _Attachment(Record):
    vpc_uuid: str


class NatGateway(Record):
    """An item of /v2/vpc_nat_gateways."""

    id: Id
    name: str
    region: str
    state: str
    created_at: Moment = None
    type: str | None = None
    size: int | None = None
    egresses: _Egresses | None = None
    vpcs: list[_Attachment] | None = None


class Domain(Record):
    """An item of /v2/domains. The zone file is not kept."""

    name: Id
    ttl: int | None = None


def load_balancer(record: LoadBalancer, day: date) -> Resource:
    """Return a load balancer; `units` are its nodes."""
    units = record.size_unit or _OLD_SIZES.get(record.size or "")
    addresses = [address for address in (record.ip, record.ipv6) if address]
    inside = record.network == "INTERNAL"
    return Resource(
        external_id=record.id,
        name=record.name,
        region=slug(record.region),
        status=record.status,
        created_at=record.created_at,
        tags=split_tags([record.tag] if record.tag else None),
        config=compact(
            type=record.type,
            units=units,
            private_ips=sorted(addresses) if inside else None,
            public_ips=None if inside else sorted(addresses),
            droplets=sorted(record.droplet_ids or ()),
            vpc=record.vpc_uuid,
            project=record.project_id,
        ),
        cost=_load_balancer_cost(record, units, day),
    )


def _load_balancer_cost(record: LoadBalancer, units: int | None, day: date) -> Cost:
    if record.type != "REGIONAL" or units is None:
        return UNKNOWN_COST
    return by_the_capped_month(LOAD_BALANCER_UNIT_MONTH * units, day, record.created_at)


def reserved_ip(record: ReservedIp, day: date) -> Resource:
    """Return a reserved IPv4 address: free while a droplet holds it."""
    idle = by_the_capped_month(IDLE_RESERVED_IP_MONTH, day, None)
    return Resource(
        external_id=record.ip,
        name=record.ip,
        region=slug(record.region),
        config=compact(
            public_ips=[record.ip], parent=parent(DROPLET, _held_by(record.droplet)), project=record.project_id
        ),
        cost=INCLUDED if record.droplet else idle,
    )


def reserved_ipv6(record: ReservedIpv6, _: date) -> Resource:
    """Return a reserved IPv6 address. What an idle one costs is not in the table."""
    return Resource(
        external_id=record.ip,
        name=record.ip,
        region=record.region_slug,
        created_at=record.reserved_at,
        config=compact(public_ips=[record.ip], parent=parent(DROPLET, _held_by(record.droplet))),
        cost=INCLUDED if record.droplet else UNKNOWN_COST,
    )


def _held_by(holder: _Holder | None) -> str | None:
    return holder.id if holder else None


def vpc(record: Vpc, _: date) -> Resource:
    """Return a private network, which is free."""
    return Resource(
        external_id=record.id,
        name=record.name,
        region=record.region,
        created_at=record.created_at,
        config=compact(ip_range=record.ip_range, default=record.default),
        cost=FREE,
    )


def nat_gateway(record: NatGateway, _: date) -> Resource:
    """Return a NAT gateway. Its price is not in the table."""
    gateways = record.egresses.public_gateways if record.egresses else None
    return Resource(
        external_id=record.id,
        name=record.name,
        region=record.region,
        status=record.state,
        created_at=record.created_at,
        config=compact(
            type=record.type,
            units=record.size,
            public_ips=sorted(gateway.ipv4 for gateway in gateways or () if gateway.ipv4),
            vpcs=_sorted_vpcs(record.vpcs or ()),
        ),
        cost=UNKNOWN_COST,
    )


def _sorted_vpcs(attachments: Sequence[_Attachment]) -> list[str]:
    return sorted(attachment.vpc_uuid for attachment in attachments)


def domain(record: Domain, _: date) -> Resource:
    """Return a domain, which is free."""
    return Resource(external_id=record.name, name=record.name, config=compact(ttl_s=record.ttl), cost=FREE)


LOAD_BALANCERS = Source(
    "load balancers", "load_balancer:read", "load_balancers.list", "load_balancers", LoadBalancer, lambda r: r.id
)
RESERVED_IPS = Source(
    "reserved IPs", "reserved_ip:read", "reserved_ips.list", "reserved_ips", ReservedIp, lambda r: r.ip
)
RESERVED_IPV6S = Source(
    "reserved IPv6 addresses", "reserved_ip:read", "reserved_ipv6.list", "reserved_ipv6s", ReservedIpv6, lambda r: r.ip
)
VPCS = Source("VPCs", "vpc:read", "vpcs.list", "vpcs", Vpc, lambda r: r.id)
NAT_GATEWAYS = Source(
    "NAT gateways", "vpc_nat_gateway:read", "vpcnatgateways.list", "vpc_nat_gateways", NatGateway, lambda r: r.id
)
DOMAINS = Source("domains", "domain:read", "domains.list", "domains", Domain, lambda r: r.name)
COLLECTORS = {
    "network:load-balancer": LOAD_BALANCERS.collector(load_balancer),
    "network:reserved-ip": RESERVED_IPS.collector(reserved_ip),
    "network:reserved-ipv6": RESERVED_IPV6S.collector(reserved_ipv6),
    "network:vpc": VPCS.collector(vpc),
    "network:nat-gateway": NAT_GATEWAYS.collector(nat_gateway),
    "network:domain": DOMAINS.collector(domain),
}
