"""Full, minimal and odd records of the standard services become resources."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.core.domain.errors import ResponseInvalid
from app.core.domain.resources import UNKNOWN_COST, Resource
from app.providers.answers import read
from app.providers.keystone.collectors import compute, image, load_balancer, network, object_store, share, volume
from emulators.keystone import network_objects, objects
from emulators.keystone.directory import Project
from tests.providers.keystone.readers import PROJECT, a_reader

BORN = datetime(2026, 1, 1, 8, tzinfo=UTC)
OWNER = Project(PROJECT, "prod", "Default", ("ru-3",))
PLACE = {"project_id": PROJECT, "location": "ru-3"}
SIZE = {"name": "SL1.2-4096", "vcpus": 2, "ram": 4096, "disk": 10}


def _server(**more: Any) -> Resource:
    record = objects.server(OWNER, "s1", "сервер/1 а", BORN, zone="ru-3b", size=SIZE, **more)
    server = read(compute.Server, record, "a server")
    return compute.normalise_server(server, server.flavor, a_reader(cost=UNKNOWN_COST))


def test_a_server_tells_its_size_place_addresses_and_disks() -> None:
    floating = {"addr": "203.0.113.9", "version": 4, "OS-EXT-IPS:type": "floating"}
    fixed = {"addr": "192.168.0.4", "version": 4, "OS-EXT-IPS:type": "fixed"}
    disks = [{"id": "d2", "delete_on_termination": True}, {"id": "d1", "delete_on_termination": True}]
    found = _server(
        addresses={"net-b": [floating, fixed], "net-a": []},
        image={"id": "i1", "links": []},
        tags=["preemptible"],
        metadata={"team": "web", "password": "hunter2"},
        **{"os-extended-volumes:volumes_attached": disks},
    )
    assert found == Resource(
        external_id="s1",
        name="сервер/1 а",
        region="ru-3b",
        status="ACTIVE",
        created_at=BORN,
        tags={"preemptible": "", "team": "web"},
        config={
            "type": "SL1.2-4096",
            "vcpus": 2,
            "memory_mib": 4096,
            "disk_gb": 10,
            "image": "i1",
            "private_ips": ["192.168.0.4"],
            "public_ips": ["203.0.113.9"],
            "volumes": ["d1", "d2"],
            "networks": ["net-a", "net-b"],
            **PLACE,
        },
        cost=UNKNOWN_COST,
    )


def test_a_server_that_started_from_a_volume_has_no_image() -> None:
    assert "image" not in _server(image="").config


def test_a_server_that_is_being_built_has_no_zone_and_no_address_yet() -> None:
    found = _server(**{"OS-EXT-AZ:availability_zone": "", "status": "BUILD", "addresses": {}})
    assert (found.region, found.status) == ("ru-3", "BUILD")
    assert found.config["private_ips"] == []


def test_metadata_of_servers_is_left_out_where_it_may_hold_secrets() -> None:
    record = objects.server(OWNER, "s1", "web", BORN, zone="ru-3b", size=SIZE, metadata={"x": "y"}, tags=["a"])
    server = read(compute.Server, record, "a server")
    assert compute.normalise_server(server, server.flavor, a_reader(with_metadata=False)).tags == {"a": ""}


def test_what_changes_by_itself_does_not_change_a_server() -> None:
    later = {"updated": "2026-02-02T00:00:00Z", "progress": 70, "OS-EXT-STS:task_state": "x", "hostId": "other"}
    assert _server(**later).fingerprint() == _server().fingerprint()


def test_an_attached_volume_names_its_server() -> None:
    attached = [objects.attachment("s1", "v1", "/dev/vda")]
    record = objects.volume(OWNER, "v1", "data", BORN, size=20, zone="ru-3b", attachments=attached)
    found = volume.normalise_volume(read(volume.Volume, record, "a volume"), a_reader())
    assert found.status == "in-use"
    assert found.cost is None
    assert found.config == {
        "size_gb": 20,
        "type": "universal.ru-3b",
        "bootable": True,
        "encrypted": False,
        "device": "/dev/vda",
        "parent": {"type": "compute:server", "id": "s1"},
        **PLACE,
    }


def test_a_volume_on_several_servers_names_them_in_order() -> None:
    attached = [objects.attachment("s2", "v1"), objects.attachment("s1", "v1")]
    record = objects.volume(OWNER, "v1", "data", BORN, size=20, zone="ru-3b", attachments=attached)
    found = volume.normalise_volume(read(volume.Volume, record, "a volume"), a_reader())
    assert found.config["servers"] == ["s1", "s2"]
    assert found.config["parent"]["id"] == "s1"


def test_a_free_volume_has_no_parent() -> None:
    record = objects.volume(OWNER, "v1", "", BORN, size=20, zone="ru-3b")
    found = volume.normalise_volume(read(volume.Volume, record, "a volume"), a_reader())
    assert "parent" not in found.config
    assert (found.status, found.created_at) == ("available", BORN)


def test_snapshots_and_backups_name_their_volume() -> None:
    record = objects.snapshot(OWNER, "n1", "before", BORN, size=7, volume_id="v1")
    snapshot = volume.normalise_snapshot(read(volume.Snapshot, record, "a snapshot"), a_reader())
    record = objects.backup("b1", "nightly", BORN, size=9, volume_id="v1", zone="ru-3b")
    backup = volume.normalise_backup(read(volume.Backup, record, "a backup"), a_reader())
    assert snapshot.config == {"size_gb": 7, "parent": {"type": "volume:volume", "id": "v1"}, **PLACE}
    assert backup.config["incremental"] is False
    assert backup.config["parent"] == {"type": "volume:volume", "id": "v1"}
    assert backup.region == "ru-3b"


def test_an_image_is_sized_in_bytes_and_may_not_know_its_size_yet() -> None:
    record = objects.image(OWNER, "i1", "golden", BORN, size=123)
    whole = image.normalise_image(read(image.Image, record, "an image"), a_reader())
    queued = record | {"size": None, "status": "queued", "name": None, "tags": ["a"]}
    found = image.normalise_image(read(image.Image, queued, "an image"), a_reader())
    assert whole.config["size_bytes"] == 123
    assert (found.name, found.status, found.tags) == ("", "queued", {"a": ""})
    assert "size_bytes" not in found.config


def test_a_floating_ip_names_the_server_that_it_leads_to() -> None:
    record = network_objects.floating_ip(OWNER, "f1", BORN, address="203.0.113.7", port_id="p1")
    found = network.normalise_floating_ip(read(network.FloatingIp, record, "an address"), "s1", a_reader())
    assert found.name == "203.0.113.7"
    assert found.config["in_use"] is True
    assert found.config["public_ips"] == ["203.0.113.7"]
    assert found.config["parent"] == {"type": "compute:server", "id": "s1"}


def test_a_newer_neutron_tells_the_port_with_the_floating_ip() -> None:
    details = {"device_id": "s9", "device_owner": "compute:nova", "name": ""}
    record = network_objects.floating_ip(OWNER, "f1", BORN, address="203.0.113.7", port_id="p1") | {
        "port_details": details
    }
    ip = read(network.FloatingIp, record, "an address")
    assert network.Ports(a_reader()).server_of(ip) == "s9"
    lb = record | {"port_details": details | {"device_owner": "Octavia"}}
    assert network.Ports(a_reader()).server_of(read(network.FloatingIp, lb, "an address")) is None


def test_a_router_with_and_without_a_way_out() -> None:
    record = network_objects.router(OWNER, "r1", "out", BORN, address="203.0.113.1")
    out = network.normalise_router(read(network.Router, record, "a router"), a_reader())
    closed = read(network.Router, record | {"external_gateway_info": None}, "a router")
    assert out.config["public_ips"] == ["203.0.113.1"]
    assert network.normalise_router(closed, a_reader()).config["public_ips"] == []


def test_networks_and_subnets() -> None:
    record = network_objects.network(OWNER, "n1", "net", BORN, subnets=["b", "a"])
    net = network.normalise_network(read(network.Network, record, "a network"), a_reader())
    record = network_objects.subnet(OWNER, "u1", "", BORN, network_id="n1", cidr="10.0.0.0/24")
    subnet = network.normalise_subnet(read(network.Subnet, record, "a subnet"), a_reader())
    assert net.config["subnets"] == ["a", "b"]
    assert subnet.config["cidr"] == "10.0.0.0/24"
    assert subnet.config["parent"] == {"type": "network:network", "id": "n1"}


def test_a_load_balancer_leaves_out_how_its_members_do() -> None:
    record = network_objects.load_balancer(OWNER, "l1", "front", BORN, address="192.168.0.9")
    found, degraded = (
        load_balancer.normalise_load_balancer(read(load_balancer.LoadBalancer, r, "a load balancer"), a_reader())
        for r in (record, record | {"operating_status": "DEGRADED", "updated_at": "2026-02-02T00:00:00"})
    )
    assert found.status == "ACTIVE"
    assert found.config["private_ips"] == ["192.168.0.9"]
    assert found.fingerprint() == degraded.fingerprint()


def test_a_share() -> None:
    record = objects.share(OWNER, "h1", "files", BORN, size=50, zone="ru-3b")
    found = share.normalise_share(read(share.Share, record, "a share"), a_reader())
    assert found.config == {"size_gb": 50, "type": "universal.ru-3b", "protocol": "NFS", **PLACE}


def test_a_container_is_unique_by_project_region_and_name() -> None:
    given = object_store.Container(name="отчёты за год", count=3, bytes=10)
    found = object_store.normalise_container(given, a_reader())
    assert found.external_id == f"{PROJECT}/ru-3/отчёты за год"
    assert found.config == {"size_bytes": 10, **PLACE}


def test_hidden_containers_are_folded_into_the_one_they_serve() -> None:
    sizes = {"a": 1, "a_segments": 10, "b": 100, "orphan_segments": 1000}
    given = [object_store.Container(name=name, count=1, bytes=size) for name, size in sizes.items()]
    found = object_store.folded(given, lambda name: name.removesuffix("_segments"))
    assert {c.name: c.bytes for c in found} == {"a": 11, "b": 100, "orphan_segments": 1000}


@pytest.mark.parametrize("field", ["id", "status", "created", "flavor"])
def test_a_server_without_what_every_server_has_is_refused(field: str) -> None:
    record = objects.server(OWNER, "s1", "web", BORN, zone="ru-3b", size=SIZE)
    with pytest.raises(ResponseInvalid, match="a server is not as the cloud's API describes"):
        read(compute.Server, {k: v for k, v in record.items() if k != field}, "a server")
