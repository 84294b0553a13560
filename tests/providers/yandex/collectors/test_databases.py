"""Database clusters become resources, with the sizes of their hosts."""

from typing import Any

import pytest

from app.core.domain.errors import PermissionDenied, ResponseInvalid
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from emulators.yandex.paths import ENGINES
from tests.providers.yandex.cloud import Cloud


def host(name: str, preset: str = "s3-c2-m8", zone: str = "ru-central1-a", **fields: Any) -> dict[str, Any]:
    resources = {"resourcePresetId": preset, "diskSize": "21474836480", "diskTypeId": "network-ssd"}
    return {"name": name, "clusterId": "c9q0", "zoneId": zone, "resources": resources, **fields}


def cluster(cloud: Cloud, *hosts: dict[str, Any], engine: str = "postgresql", **fields: Any) -> Resource:
    path = f"/managed-{engine}/v1/clusters"
    for name in ("master-hosts", "segment-hosts") if engine == "greenplum" else ("hosts",):
        cloud.account.hosts[f"{path}/c9q0/{name}"] = [
            {**item, "name": f"{name}-{item['name']}"} if engine == "greenplum" else item for item in hosts
        ]
    return cloud.one(f"mdb:{engine}", path, id="c9q0", **fields)


def test_a_cluster_has_the_sizes_of_all_its_hosts(cloud: Cloud) -> None:
    found = cluster(
        cloud,
        host("rc1b.mdb.net", "s3-c4-m16", "ru-central1-b"),
        host("rc1a.mdb.net", assignPublicIp=True, role="MASTER", health="ALIVE"),
        name="orders",
        status="RUNNING",
        health="DEGRADED",
        environment="PRODUCTION",
        labels={"team": "data"},
        config={"version": "16", "resources": {"resourcePresetId": "s3-c2-m8"}},
        networkId="enp0",
    )
    assert (found.name, found.status, found.region, found.tags) == ("orders", "RUNNING", "", {"team": "data"})
    assert found.config == {
        "engine": "postgresql",
        "version": "16",
        "environment": "PRODUCTION",
        "type": "s3-c2-m8,s3-c4-m16",
        "nodes": 2,
        "vcpus": 6,
        "memory_mib": 24576,
        "disk_gb": 40,
        "disk_type": "network-ssd",
        "zones": ["ru-central1-a", "ru-central1-b"],
        "hosts": ["rc1a.mdb.net", "rc1b.mdb.net"],
        "public_hosts": ["rc1a.mdb.net"],
        "network_id": "enp0",
    }


def test_sizes_that_a_preset_does_not_tell_are_left_out(cloud: Cloud) -> None:
    found = cluster(cloud, host("a"), host("b", "b2.medium"))
    assert found.config["nodes"] == 2
    assert not {"vcpus", "memory_mib"} & found.config.keys()
    assert found.region == "ru-central1-a"


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_is_listed(cloud: Cloud, engine: str) -> None:
    found = cluster(cloud, host("a"), engine=engine)
    nodes = 2 if engine == "greenplum" else 1
    assert found.config["engine"] == engine
    assert (found.config["nodes"], found.config["vcpus"]) == (nodes, 2 * nodes)


def test_a_cluster_without_hosts(cloud: Cloud) -> None:
    assert cluster(cloud).config == {"engine": "postgresql", "nodes": 0}


def test_one_cluster_costs_one_more_call(cloud: Cloud) -> None:
    cluster(cloud, host("a"))
    assert cloud.paths()[1:] == ["/managed-postgresql/v1/clusters", "/managed-postgresql/v1/clusters/c9q0/hosts"]


def test_hosts_that_may_not_be_read_fail_the_scope_and_are_told_in_the_bill(cloud: Cloud) -> None:
    cloud.put("/managed-mysql/v1/clusters", {"id": "c9q0"})
    cloud.emulator.deny(cloud.credentials, "/hosts")
    account = cloud.open()
    with pytest.raises(PermissionDenied, match=r'MySQL clusters .* "managed-mysql.viewer"'):
        list(account.collect(Scope("mdb:mysql", cloud.folder)))
    bill = account.bill()
    assert bill is not None
    assert bill.note == "MySQL clusters were not all listed: their cost is in the total only"


def test_a_host_without_a_name_is_refused(cloud: Cloud) -> None:
    with pytest.raises(ResponseInvalid, match="a database host"):
        cluster(cloud, {"clusterId": "c9q0"})
