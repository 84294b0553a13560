"""Addresses and private networks. None has a price in the API; a server's main address is part of the server's."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.core.domain.resources import UNKNOWN_COST, Cost, Resource
from app.providers.answers import read
from app.providers.beget.collectors.servers import TYPE as SERVER
from app.providers.beget.fields import Count, Id, Lenient, compact
from app.providers.beget.pricing import INCLUDED
from app.providers.beget.reader import Reader


class _Address(Lenient):
    ip: Id
    region: str = ""
    vps_id: str = ""


class _Network(Lenient):
    id: Id
    subnet: str = ""
    mask: Count = 0
    region: str = ""


@dataclass(frozen=True, slots=True)
class _Networks:
    main: list[Any] = field(default_factory=list)
    additional: list[Any] = field(default_factory=list)
    private: list[Any] = field(default_factory=list)


def addresses(reader: Reader) -> Iterator[Resource]:
    """Yield the public addresses, those without a server too."""
    found = reader.kept(_networks)
    for kind, items in (("main", found.main), ("additional", found.additional)):
        for item in items:
            yield _address(read(_Address, item, "an address"), kind)


def private_networks(reader: Reader) -> Iterator[Resource]:
    """Yield the private networks."""
    for item in reader.kept(_networks).private:
        network = read(_Network, item, "a private network")
        block = f"{network.subnet}/{network.mask}" if network.subnet else ""
        yield Resource(
            external_id=network.id,
            name=block,
            region=network.region,
            config=compact(cidr=block),
            cost=UNKNOWN_COST,
        )


def _networks(reader: Reader) -> _Networks:
    return _Networks(*reader.client.whole("/v1/vps/network", "ip", "additional_ip", "private_network"))


def _address(address: _Address, kind: str) -> Resource:
    attached = bool(address.vps_id)
    return Resource(
        external_id=address.ip,
        name=address.ip,
        region=address.region,
        status="attached" if attached else "unattached",
        config=compact(
            kind=kind, public_ips=[address.ip], parent={"type": SERVER, "id": address.vps_id} if attached else None
        ),
        cost=_cost(kind, attached),
    )


def _cost(kind: str, attached: bool) -> Cost:
    return INCLUDED if kind == "main" and attached else UNKNOWN_COST
