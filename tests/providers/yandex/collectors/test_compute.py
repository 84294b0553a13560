"""Compute Cloud's records become resources."""

from datetime import UTC, datetime

import pytest

from app.core.domain.errors import ResponseInvalid
from tests.providers.yandex.cloud import Cloud

INSTANCES, DISKS = "/compute/v1/instances", "/compute/v1/disks"
FULL = {
    "id": "fhm00000000000000001",
    "folderId": "b1g0",
    "createdAt": "2026-01-01T00:00:00.123456789Z",
    "name": "web-1",
    "labels": {"env": "prod"},
    "zoneId": "ru-central1-a",
    "platformId": "standard-v3",
    "status": "RUNNING",
    "resources": {"memory": "4294967296", "cores": "2", "coreFraction": "50", "gpus": "1"},
    "metadata": {"user-data": "password: planted"},
    "bootDisk": {"mode": "READ_WRITE", "autoDelete": True, "diskId": "fhm0disk"},
    "secondaryDisks": [{"diskId": "fhm0d2"}, {"diskId": "fhm0d1"}],
    "filesystems": [{"filesystemId": "fhm0f"}],
    "networkInterfaces": [
        {
            "subnetId": "e9b0",
            "primaryV4Address": {
                "address": "10.0.0.5",
                "oneToOneNat": {"address": "192.0.2.7", "ipVersion": "IPV4"},
            },
            "primaryV6Address": {"address": "fd00::5"},
            "securityGroupIds": ["enp0"],
        }
    ],
    "fqdn": "web-1.ru-central1.internal",
    "schedulingPolicy": {"preemptible": True},
}


def test_a_vm_has_its_sizes_addresses_and_disks(cloud: Cloud) -> None:
    server = cloud.one("compute:instance", INSTANCES, **FULL)
    assert (server.external_id, server.name, server.region, server.status) == (
        "fhm00000000000000001",
        "web-1",
        "ru-central1-a",
        "RUNNING",
    )
    assert server.created_at == datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)
    assert server.tags == {"env": "prod"}
    assert server.cost is None
    assert server.config == {
        "type": "standard-v3",
        "vcpus": 2,
        "core_fraction": 50,
        "memory_mib": 4096,
        "gpus": 1,
        "preemptible": True,
        "fqdn": "web-1.ru-central1.internal",
        "private_ips": ["10.0.0.5", "fd00::5"],
        "public_ips": ["192.0.2.7"],
        "subnet_ids": ["e9b0"],
        "security_group_ids": ["enp0"],
        "boot_disk_id": "fhm0disk",
        "disk_ids": ["fhm0d1", "fhm0d2", "fhm0disk"],
        "filesystem_ids": ["fhm0f"],
    }


def test_a_vm_of_which_only_the_id_is_told_is_a_resource_too(cloud: Cloud) -> None:
    server = cloud.one("compute:instance", INSTANCES, id="fhm1")
    assert (server.name, server.config, server.created_at) == ("", {}, None)


def test_a_node_belongs_to_its_group(cloud: Cloud) -> None:
    labels = {"managed-kubernetes-cluster-id": "cat0", "managed-kubernetes-node-group-id": "cat1"}
    server = cloud.one("compute:instance", INSTANCES, id="fhm1", labels=labels)
    assert server.config["parent"] == {"type": "k8s:node-group", "id": "cat1"}


def test_a_disk_belongs_to_its_vm(cloud: Cloud) -> None:
    disk = cloud.one(
        "compute:disk",
        DISKS,
        id="fhm0disk",
        typeId="network-ssd",
        zoneId="ru-central1-d",
        size="21474836480",
        status="READY",
        sourceImageId="fd8",
        instanceIds=["fhm2", "fhm1"],
    )
    assert (disk.region, disk.status) == ("ru-central1-d", "READY")
    assert disk.config == {
        "type": "network-ssd",
        "size_gb": 20,
        "image": "fd8",
        "instance_ids": ["fhm1", "fhm2"],
        "parent": {"type": "compute:instance", "id": "fhm1"},
    }


@pytest.mark.parametrize(
    ("labels", "parent"),
    [
        ({"cluster-name": "cat00000000000000001"}, {"type": "k8s:cluster", "id": "cat00000000000000001"}),
        (
            {"managed-kubernetes-cluster-id": "cat00000000000000002", "cluster-name": "apps"},
            {"type": "k8s:cluster", "id": "cat00000000000000002"},
        ),
        ({"cluster-name": "apps"}, {"type": "compute:instance", "id": "fhm1"}),
    ],
)
def test_a_volume_of_kubernetes_belongs_to_the_cluster(
    cloud: Cloud, labels: dict[str, str], parent: dict[str, str]
) -> None:
    disk = cloud.one("compute:disk", DISKS, id="fhm0", name="k8s-csi-1", labels=labels, instanceIds=["fhm1"])
    assert disk.config["parent"] == parent


def test_a_disk_that_is_no_whole_number_of_gigabytes(cloud: Cloud) -> None:
    assert cloud.one("compute:disk", DISKS, id="fhm0", size="10741612544").config == {"size_gb": 10.004}


def test_snapshots_and_images_have_the_size_that_is_billed(cloud: Cloud) -> None:
    snapshot = cloud.one(
        "compute:snapshot",
        "/compute/v1/snapshots",
        id="fd80",
        storageSize="1503238553",
        diskSize="21474836480",
        sourceDiskId="fhm0",
        status="READY",
    )
    assert snapshot.config == {
        "size_bytes": 1503238553,
        "disk_gb": 20,
        "parent": {"type": "compute:disk", "id": "fhm0"},
    }
    image = cloud.one(
        "compute:image",
        "/compute/v1/images",
        id="fd81",
        family="golden",
        storageSize="5",
        minDiskSize="10737418240",
        pooled=True,
    )
    assert image.config == {"family": "golden", "size_bytes": 5, "disk_gb": 10, "pooled": True}


def test_a_file_storage(cloud: Cloud) -> None:
    files = cloud.one(
        "compute:filesystem",
        "/compute/v1/filesystems",
        id="fhm0",
        typeId="network-hdd",
        zoneId="ru-central1-a",
        size="107374182400",
    )
    assert (files.region, files.config) == ("ru-central1-a", {"type": "network-hdd", "size_gb": 100})


@pytest.mark.parametrize("name", ["web 1/ü", "Общество «Ромашка»", "a" * 300, "\x00null"])
def test_odd_names_are_kept_as_far_as_they_can_be_stored(cloud: Cloud, name: str) -> None:
    server = cloud.one("compute:instance", INSTANCES, id="fhm/1 ü", name=name)
    assert server.external_id == "fhm/1 ü"
    assert server.name[:4] == name.replace("\x00", "\ufffd")[:4]


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"id": None},
        {"id": "fhm1", "createdAt": "yesterday"},
        {"id": "fhm1", "createdAt": "2026-01-01T00:00:00"},
        {"id": "fhm1", "resources": {"memory": "much"}},
        {"id": "fhm1", "labels": ["env"]},
        {"id": "fhm1", "networkInterfaces": {"0": {}}},
    ],
)
def test_a_record_that_is_not_as_described_fails_the_listing(cloud: Cloud, wrong: dict[str, object]) -> None:
    cloud.put(INSTANCES, wrong)
    with pytest.raises(ResponseInvalid, match="an item of VMs is not as the cloud's API describes"):
        cloud.listed("compute:instance")


def test_ten_thousand_vms_in_one_folder(cloud: Cloud) -> None:
    cloud.put(INSTANCES, *(FULL | {"id": f"fhm{number:017}"} for number in range(10_000)))
    assert len({server.external_id for server in cloud.listed("compute:instance")}) == 10_000
    assert cloud.paths().count(INSTANCES) == 10
