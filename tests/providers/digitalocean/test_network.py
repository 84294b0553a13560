from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis, Resource
from app.providers.answers import read
from app.providers.digitalocean.collectors import network
from emulators.digitalocean import other_things, things

DAY = date(2026, 11, 24)
BIRTH = "2026-01-10T08:00:00Z"
FREE = Cost(CostBasis.PRICE_LIST, Decimal(0), "USD")


def load_balancer(**changed: Any) -> Resource:
    record = things.load_balancer(0, "front", 2, [903, 901], BIRTH) | changed
    return network.load_balancer(read(network.LoadBalancer, record, "a load balancer"), DAY)


def test_a_load_balancer_costs_twelve_dollars_a_unit():
    found = load_balancer()
    assert (found.status, found.region, found.tags) == ("active", "fra1", {"env": "prod"})
    assert found.config == {
        "type": "REGIONAL",
        "units": 2,
        "public_ips": ["203.0.113.1"],
        "droplets": ["901", "903"],
        "vpc": things.uid("vpc", 0),
        "project": things.uid("project", 0),
    }
    assert found.cost == Cost(CostBasis.PRICE_LIST, Decimal(24) / 28, "USD")


def test_an_old_load_balancer_has_the_units_of_its_size():
    assert load_balancer(size_unit=None, size="lb-medium").config["units"] == 3


def test_an_internal_load_balancer_has_a_private_address():
    config = load_balancer(network="INTERNAL").config
    assert (config["private_ips"], "public_ips" in config) == (["203.0.113.1"], False)


@pytest.mark.parametrize("changed", [{"type": "GLOBAL", "region": None}, {"size_unit": None, "size": ""}])
def test_a_load_balancer_of_another_kind_has_no_known_price(changed):
    assert load_balancer(**changed).cost == UNKNOWN_COST


def test_a_reserved_address_costs_only_while_it_is_idle():
    holder = things.droplet(1, "web-1", "c-4", "fra1", BIRTH)
    used, idle = (
        network.reserved_ip(read(network.ReservedIp, things.reserved_ip(0, droplet), "an address"), DAY)
        for droplet in (holder, None)
    )
    assert used.config["parent"] == {"type": "compute:droplet", "id": "901"}
    assert used.cost == Cost(CostBasis.INCLUDED_IN_PARENT, Decimal(0), "USD")
    assert (idle.external_id, "parent" in idle.config) == ("192.0.2.1", False)
    assert idle.cost == Cost(CostBasis.PRICE_LIST, Decimal(5) / 28, "USD")


def test_a_reserved_ipv6_address_is_included_in_its_droplet():
    holder = things.droplet(1, "web-1", "c-4", "fra1", BIRTH)
    used, idle = (
        network.reserved_ipv6(
            read(network.ReservedIpv6, other_things.reserved_ipv6(1, droplet, BIRTH), "an address"), DAY
        )
        for droplet in (holder, None)
    )
    assert (used.external_id, used.region) == ("2001:db8:44:1::1", "fra1")
    assert used.cost == Cost(CostBasis.INCLUDED_IN_PARENT, Decimal(0), "USD")
    assert idle.cost == UNKNOWN_COST


def test_networks_and_domains_are_free_and_the_zone_is_not_kept():
    vpc = network.vpc(read(network.Vpc, other_things.vpc(0, BIRTH), "a vpc"), DAY)
    domain = network.domain(read(network.Domain, other_things.domain("shop.example"), "a domain"), DAY)
    assert (vpc.config, vpc.cost) == ({"ip_range": "10.114.0.0/20", "default": True}, FREE)
    assert (domain.external_id, domain.config, domain.cost) == ("shop.example", {"ttl_s": 1800}, FREE)


def test_a_nat_gateway_tells_its_addresses_and_networks():
    found = network.nat_gateway(read(network.NatGateway, other_things.nat_gateway(0, BIRTH), "a gateway"), DAY)
    assert found.config == {
        "type": "PUBLIC",
        "units": 1,
        "public_ips": ["203.0.113.200"],
        "vpcs": [things.uid("vpc", 0)],
    }
    assert (found.status, found.cost) == ("ACTIVE", UNKNOWN_COST)
