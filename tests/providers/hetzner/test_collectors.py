"""Every resource type as the emulated cloud lists it, in full and with as little as its API allows."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.core.domain.errors import ResponseInvalid
from app.core.domain.resources import Cost, CostBasis, Resource
from emulators.hetzner import objects, prices
from tests.providers.hetzner.hetzner_cloud import Cloud

_CREATED = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
_SERVER_42 = {"type": "compute:server", "id": "42"}


def _cost(amount: str) -> Cost:
    return Cost(CostBasis.PRICE_LIST, Decimal(amount), "EUR")


def _resource(external_id: str, name: str, cost: Cost, **fields: Any) -> Resource:
    return Resource(external_id, name, created_at=_CREATED, cost=cost, **fields)


def test_a_server(hetzner: Cloud) -> None:
    group = objects.placement_group(5)
    item = objects.server(
        42, labels={"env": "prod"}, volumes=[32, 31], placement_group=group, backup_window="22-02", primary_disk_size=20
    )
    assert hetzner.seen("compute:server", "servers", item) == _resource(
        "42",
        "web-1",
        _cost("0.1728"),
        region="fsn1",
        status="running",
        tags={"env": "prod"},
        config={
            "type": "cx22",
            "vcpus": 2,
            "memory_mib": 4096,
            "disk_gb": 20,
            "architecture": "x86",
            "cpu_type": "shared",
            "image": "ubuntu-24.04",
            "backups": True,
            "volume_ids": ["31", "32"],
            "delete_protection": False,
            "public_ips": ["198.51.100.7", "2001:db8::/64"],
            "private_ips": ["10.0.0.2", "10.0.0.9"],
            "placement_group_id": "5",
        },
    )


def test_a_server_of_the_private_network_only(hetzner: Cloud) -> None:
    nets = {"ipv4": None, "ipv6": None, "floating_ips": [], "firewalls": []}
    item = objects.server(42, public_net=nets, private_net=[], image=None, volumes=[])
    config = hetzner.seen("compute:server", "servers", item).config
    assert not {"public_ips", "private_ips", "image", "volume_ids", "placement_group_id"} & set(config)


def test_a_server_costs_the_same_when_it_is_off(hetzner: Cloud) -> None:
    seen = hetzner.seen("compute:server", "servers", objects.server(42, status="off"))
    assert (seen.status, seen.cost) == ("off", _cost("0.144"))


def test_what_is_read_each_minute_does_not_change_a_server(hetzner: Cloud) -> None:
    first, second = (
        hetzner.seen("compute:server", "servers", objects.server(42, outgoing_traffic=traffic, locked=bool(traffic)))
        for traffic in (0, 1)
    )
    assert first.fingerprint() == second.fingerprint()


@pytest.mark.parametrize(
    ("resource_type", "list_", "make"),
    [
        ("compute:server", "servers", objects.server),
        ("compute:volume", "volumes", objects.volume),
        ("network:primary-ip", "primary_ips", objects.primary_ip),
        ("network:load-balancer", "load_balancers", objects.load_balancer),
    ],
)
def test_an_old_answer_tells_the_location_with_the_datacenter(
    hetzner: Cloud, resource_type: str, list_: str, make: Any
) -> None:
    item = make(42)
    item["datacenter"] = {"id": 4, "name": "nbg1-dc3", "location": prices.LOCATIONS["nbg1"]}
    del item["location"]
    assert hetzner.seen(resource_type, list_, item).region == "nbg1"


def test_a_volume_knows_its_server(hetzner: Cloud) -> None:
    assert hetzner.seen("compute:volume", "volumes", objects.volume(31, server=42)) == _resource(
        "31",
        "data",
        _cost("0.1466666667"),
        region="fsn1",
        status="available",
        config={"size_gb": 100, "format": "ext4", "parent": _SERVER_42, "delete_protection": False},
    )


def test_a_volume_that_nothing_uses_has_no_parent(hetzner: Cloud) -> None:
    assert "parent" not in hetzner.seen("compute:volume", "volumes", objects.volume(31)).config


def test_a_snapshot_is_called_by_its_description(hetzner: Cloud) -> None:
    assert hetzner.seen("compute:snapshot", "images", objects.image(7)) == _resource(
        "7",
        "before the upgrade",
        _cost("0.0008433333"),
        status="available",
        config={
            "size_gb": 2.3,
            "disk_gb": 40.0,
            "image": "ubuntu 24.04",
            "architecture": "x86",
            "delete_protection": False,
            "source": _SERVER_42,
        },
    )


def test_a_snapshot_in_the_making_has_no_size_and_an_unknown_cost(hetzner: Cloud) -> None:
    item = objects.image(7, status="creating", image_size=None, created_from=None, os_version=None)
    seen = hetzner.seen("compute:snapshot", "images", item)
    assert (seen.status, seen.cost and seen.cost.basis) == ("creating", CostBasis.UNKNOWN)
    assert not {"size_gb", "source"} & set(seen.config)


def test_a_backup_is_paid_with_its_server(hetzner: Cloud) -> None:
    seen = hetzner.seen("compute:backup", "images", objects.image(8, type="backup", bound_to=42))
    assert seen.cost == Cost(CostBasis.INCLUDED_IN_PARENT, Decimal(0), "EUR")
    assert seen.config["parent"] == _SERVER_42


def test_images_of_each_kind_have_their_own_listing_and_system_images_none(hetzner: Cloud) -> None:
    system = objects.image(9, "ubuntu-24.04", type="system")
    hetzner.project.items["images"] = [objects.image(7), objects.image(8, type="backup"), system]
    assert [image.external_id for image in hetzner.listed("compute:snapshot")] == ["7"]
    assert [image.external_id for image in hetzner.listed("compute:backup")] == ["8"]


def test_a_primary_address_in_use(hetzner: Cloud) -> None:
    assert hetzner.seen("network:primary-ip", "primary_ips", objects.primary_ip(77, assignee_id=42)) == _resource(
        "77",
        "ip-1",
        _cost("0.0192"),
        region="fsn1",
        status="assigned",
        config={
            "type": "ipv4",
            "public_ips": ["198.51.100.7"],
            "parent": _SERVER_42,
            "auto_delete": True,
            "delete_protection": False,
        },
    )


def test_a_primary_address_that_nothing_uses_costs_the_same(hetzner: Cloud) -> None:
    seen = hetzner.seen("network:primary-ip", "primary_ips", objects.primary_ip(77))
    assert (seen.status, seen.cost, "parent" in seen.config) == ("unassigned", _cost("0.0192"), False)


def test_a_floating_address(hetzner: Cloud) -> None:
    assert hetzner.seen("network:floating-ip", "floating_ips", objects.floating_ip(9, server=42)) == _resource(
        "9",
        "entry",
        _cost("0.1"),
        region="fsn1",
        status="assigned",
        config={
            "type": "ipv4",
            "public_ips": ["203.0.113.5"],
            "parent": _SERVER_42,
            "description": "front door",
            "delete_protection": False,
        },
    )


def test_a_load_balancer(hetzner: Cloud) -> None:
    item = objects.load_balancer(11, servers=(43, 42))
    item["targets"] += [
        {"type": "ip", "ip": {"ip": "192.0.2.9"}},
        {"type": "label_selector", "label_selector": {"selector": "env=prod"}, "use_private_ip": False, "targets": []},
    ]
    assert hetzner.seen("network:load-balancer", "load_balancers", item) == _resource(
        "11",
        "lb-1",
        _cost("0.2112"),
        region="fsn1",
        config={
            "type": "lb11",
            "max_targets": 25,
            "max_services": 5,
            "algorithm": "round_robin",
            "public_ips": ["192.0.2.3", "2001:db8:1::1"],
            "private_ips": ["10.0.0.3"],
            "server_ids": ["42", "43"],
            "services": ["https:443"],
            "delete_protection": False,
        },
    )


def test_a_load_balancer_whose_public_side_is_off_has_no_public_address(hetzner: Cloud) -> None:
    item = objects.load_balancer(11)
    item["public_net"]["enabled"] = False
    assert "public_ips" not in hetzner.seen("network:load-balancer", "load_balancers", item).config


def test_a_storage_box_costs_by_its_type(hetzner: Cloud) -> None:
    assert hetzner.seen("storage:storage-box", "storage_boxes", objects.storage_box(42)) == _resource(
        "42",
        "archive",
        _cost("0.1224"),
        region="fsn1",
        status="active",
        config={"type": "bx11", "size_bytes": 1024**4, "host": "u42.your-storagebox.de", "delete_protection": False},
    )


def test_a_storage_box_in_the_making_has_no_host(hetzner: Cloud) -> None:
    item = objects.storage_box(42, status="initializing", server=None, username=None, system=None)
    assert "host" not in hetzner.seen("storage:storage-box", "storage_boxes", item).config


@pytest.mark.parametrize(
    ("resource_type", "list_", "item", "expected"),
    [
        (
            "network:network",
            "networks",
            objects.network(4711, servers=(43, 42)),
            {
                "name": "internal",
                "region": "eu-central",
                "config": {
                    "ip_range": "10.0.0.0/16",
                    "subnets": ["10.0.0.0/24"],
                    "server_ids": ["42", "43"],
                    "delete_protection": False,
                },
            },
        ),
        (
            "network:firewall",
            "firewalls",
            objects.firewall(4711, servers=(42,)),
            {"name": "web", "config": {"rules": 1, "server_ids": ["42"]}},
        ),
        (
            "compute:placement-group",
            "placement_groups",
            objects.placement_group(4711, servers=(42,)),
            {"name": "apart", "config": {"type": "spread", "server_ids": ["42"]}},
        ),
        (
            "compute:ssh-key",
            "ssh_keys",
            objects.ssh_key(4711),
            {"name": "laptop", "config": {"fingerprint": "b7:2f:30:a0:2f:6c:58:6c:21:04:58:61:ba:06:3b:2f"}},
        ),
        (
            "network:certificate",
            "certificates",
            objects.certificate(4711),
            {
                "name": "shop",
                "status": "completed",
                "config": {
                    "type": "managed",
                    "domain_names": ["example.com", "shop.example.com"],
                    "fingerprint": "03:c7:55:9b:2a:d1:04:17:09:f6:d0:7f:18:34:63:d4",
                    "not_valid_before": "2026-02-03T00:00:00+00:00",
                    "not_valid_after": "2026-05-04T00:00:00+00:00",
                    "renewal": "scheduled",
                },
            },
        ),
        (
            "dns:zone",
            "zones",
            objects.zone(4711),
            {
                "name": "example.com",
                "status": "ok",
                "config": {
                    "mode": "primary",
                    "ttl_s": 3600,
                    "records": 12,
                    "registrar": "other",
                    "delete_protection": False,
                },
            },
        ),
    ],
)
def test_what_is_free(
    hetzner: Cloud, resource_type: str, list_: str, item: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert hetzner.seen(resource_type, list_, item) == _resource("4711", cost=_cost("0"), **expected)


def test_an_uploaded_certificate_has_no_status(hetzner: Cloud) -> None:
    item = objects.certificate(4711, type="uploaded", status=None)
    seen = hetzner.seen("network:certificate", "certificates", item)
    assert (seen.status, "renewal" in seen.config) == ("", False)


@pytest.mark.parametrize("name", ["a b/c", "Сервер №1", "名前", "'; drop table --", "x" * 300])
def test_names_and_labels_are_kept_as_they_are(hetzner: Cloud, name: str) -> None:
    seen = hetzner.seen("compute:volume", "volumes", objects.volume(31, name, labels={name: name}))
    assert seen.name[:250] == name[:250]
    assert seen.tags == {name: name}


def test_the_largest_id_is_kept_to_the_last_digit(hetzner: Cloud) -> None:
    assert hetzner.seen("compute:volume", "volumes", objects.volume(2**63 - 1)).external_id == "9223372036854775807"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"id": None}, "id"),
        ({"id": "abc"}, "id"),
        ({"labels": None}, "labels"),
        ({"created": "yesterday"}, "created"),
        ({"created": "2026-02-03T04:05:06"}, "created"),
        ({"server_type": {"name": "cx22"}}, "server_type.cores"),
        ({"status": 5.5, "public_net": []}, "public_net"),
    ],
)
def test_a_server_that_is_not_as_described_names_the_field(hetzner: Cloud, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(ResponseInvalid, match=f"a server is not as the cloud's API describes: {field}: "):
        hetzner.seen("compute:server", "servers", objects.server(42) | changed)
