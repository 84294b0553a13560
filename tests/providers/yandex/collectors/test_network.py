"""Addresses, networks and load balancers become resources."""

from tests.providers.yandex.cloud import Cloud


def test_an_address_says_whether_it_is_used(cloud: Cloud) -> None:
    path = "/vpc/v1/addresses"
    cloud.put(
        path,
        {
            "id": "e9b1",
            "externalIpv4Address": {"address": "203.0.113.10", "zoneId": "ru-central1-a"},
            "reserved": True,
            "type": "EXTERNAL",
        },
        {
            "id": "e9b2",
            "internalIpv4Address": {"address": "10.0.0.9", "subnetId": "e9b0"},
            "used": True,
            "type": "INTERNAL",
        },
    )
    outer, inner = cloud.listed("vpc:address")
    assert (outer.status, outer.region) == ("UNUSED", "ru-central1-a")
    assert outer.config == {"type": "EXTERNAL", "reserved": True, "public_ips": ["203.0.113.10"]}
    assert (inner.status, inner.region) == ("USED", "")
    assert inner.config == {
        "type": "INTERNAL",
        "reserved": False,
        "private_ips": ["10.0.0.9"],
        "subnet_id": "e9b0",
    }


def test_a_subnet_belongs_to_its_network(cloud: Cloud) -> None:
    subnet = cloud.one(
        "vpc:subnet",
        "/vpc/v1/subnets",
        id="e9b0",
        networkId="enp0",
        zoneId="ru-central1-b",
        v4CidrBlocks=["10.1.0.0/24", "10.0.0.0/24"],
    )
    assert (subnet.region, subnet.config) == (
        "ru-central1-b",
        {"cidrs": ["10.0.0.0/24", "10.1.0.0/24"], "parent": {"type": "vpc:network", "id": "enp0"}},
    )


def test_networks_and_gateways_are_listed(cloud: Cloud) -> None:
    assert cloud.one("vpc:network", "/vpc/v1/networks", id="enp0", name="default").name == "default"
    gateway = cloud.one("vpc:gateway", "/vpc/v1/gateways", id="enp1", sharedEgressGateway={})
    assert gateway.config == {}


def test_a_network_balancer_has_public_or_private_addresses(cloud: Cloud) -> None:
    listeners = [{"address": "192.0.2.2", "port": "443"}, {"address": "192.0.2.2", "port": "80"}]
    path = "/load-balancer/v1/networkLoadBalancers"
    cloud.put(
        path,
        {"id": "enp1", "regionId": "ru-central1", "status": "ACTIVE", "type": "EXTERNAL", "listeners": listeners},
        {"id": "enp2", "type": "INTERNAL", "listeners": listeners},
        {"id": "enp3"},
    )
    outer, inner, bare = cloud.listed("load-balancer:network-load-balancer")
    assert (outer.region, outer.status) == ("ru-central1", "ACTIVE")
    assert outer.config == {"type": "EXTERNAL", "ports": [80, 443], "public_ips": ["192.0.2.2"]}
    assert inner.config == {"type": "INTERNAL", "ports": [80, 443], "private_ips": ["192.0.2.2"]}
    assert bare.config == {}


def test_an_application_balancer_has_the_addresses_of_its_listeners(cloud: Cloud) -> None:
    addresses = [
        {"externalIpv4Address": {"address": "192.0.2.3"}},
        {"externalIpv6Address": {"address": "2001:db8::3"}},
        {"internalIpv4Address": {"address": "10.0.0.3"}},
    ]
    balancer = cloud.one(
        "alb:load-balancer",
        "/apploadbalancer/v1/loadBalancers",
        id="ds70",
        regionId="ru-central1",
        status="ACTIVE",
        networkId="enp0",
        listeners=[{"name": "a", "endpoints": [{"addresses": addresses, "ports": ["443"]}], "tls": {}}, {"name": "b"}],
        allocationPolicy={"locations": [{"zoneId": "ru-central1-d"}, {"zoneId": "ru-central1-a"}]},
    )
    assert balancer.config == {
        "network_id": "enp0",
        "zones": ["ru-central1-a", "ru-central1-d"],
        "public_ips": ["192.0.2.3", "2001:db8::3"],
        "private_ips": ["10.0.0.3"],
    }
