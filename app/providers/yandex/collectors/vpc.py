"""Virtual Private Cloud: addresses, networks, subnets and gateways. Fields: yandex.cloud/docs/vpc/api-ref."""

from collections.abc import Mapping

from app.core.domain.resources import Resource
from app.providers.yandex.kinds import Described, Kind, Listing
from app.providers.yandex.records import Item, Part, parent, unique


class _External(Part):
    address: str = ""
    zone_id: str = ""


class _Internal(Part):
    address: str = ""
    subnet_id: str = ""


class Address(Item, Described):
    """A reserved address, or one that belongs to a load balancer and the like. The cloud has no word for its state."""

    external_ipv4_address: _External = _External()
    internal_ipv4_address: _Internal = _Internal()
    reserved: bool = False
    used: bool = False
    type: str = ""

    def as_resource(self) -> Resource:
        """Return the resource."""
        return self.resource(
            self.external_ipv4_address.zone_id,
            status="USED" if self.used else "UNUSED",
            type=self.type,
            reserved=self.reserved,
            public_ips=unique([self.external_ipv4_address.address]),
            private_ips=unique([self.internal_ipv4_address.address]),
            subnet_id=self.internal_ipv4_address.subnet_id,
        )


class Network(Item, Described):
    """A network."""

    def as_resource(self) -> Resource:
        """Return the resource."""
        return self.resource()


class Subnet(Item, Described):
    """A subnet of one zone."""

    network_id: str = ""
    zone_id: str = ""
    v4_cidr_blocks: tuple[str, ...] = ()
    v6_cidr_blocks: tuple[str, ...] = ()

    def as_resource(self) -> Resource:
        """Return the resource."""
        return self.resource(
            self.zone_id,
            cidrs=unique([*self.v4_cidr_blocks, *self.v6_cidr_blocks]),
            parent=parent("vpc:network", self.network_id),
        )


class Gateway(Item, Described):
    """A NAT gateway."""

    def as_resource(self) -> Resource:
        """Return the resource."""
        return self.resource()


def _listing(name: str, model: type[Described]) -> Listing:
    return Listing(name, "vpc.viewer", "vpc", f"/vpc/v1/{name}", name, model)


KINDS: Mapping[str, Kind] = {
    "vpc:address": _listing("addresses", Address),
    "vpc:network": _listing("networks", Network),
    "vpc:subnet": _listing("subnets", Subnet),
    "vpc:gateway": _listing("gateways", Gateway),
}
