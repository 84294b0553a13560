"""Full, minimal and odd records of Selectel's own services become resources."""

from datetime import UTC, datetime

import pytest

from app.core.domain.errors import ResponseInvalid
from app.providers.answers import read
from app.providers.selectel.collectors import bucket, database, dns, kubernetes, registry
from emulators.keystone.directory import Project
from emulators.selectel import objects
from tests.providers.keystone.readers import PROJECT, a_reader

BORN = datetime(2026, 1, 1, 8, tzinfo=UTC)
OWNER = Project(PROJECT, "prod", "123456", ("ru-3",))
PLACE = {"project_id": PROJECT, "location": "ru-3"}


def test_a_cluster_tells_its_version_and_no_key() -> None:
    record = objects.cluster(OWNER, "k1", "кластер", BORN, region="ru-3")
    found = kubernetes.normalise_cluster(read(kubernetes.Cluster, record, "a cluster"), a_reader())
    assert (found.external_id, found.name, found.status, found.created_at) == ("k1", "кластер", "ACTIVE", BORN)
    assert found.config["version"] == "1.31.4"
    assert not any("pki" in name for name in found.config)


def test_a_group_of_nodes_names_its_cluster_and_hides_user_data() -> None:
    record = objects.node_group("k1", "g1", BORN, zone="ru-3b", servers=["s1", "s2"])
    found = kubernetes.normalise_node_group(read(kubernetes.NodeGroup, record, "a group"), a_reader())
    assert found.config == {
        "type": "1013",
        "disk_gb": 30,
        "disk_type": "fast.ru-3b",
        "nodes": 2,
        "autoscale": False,
        "preemptible": False,
        "parent": {"type": "mks:cluster", "id": "k1"},
        **PLACE,
    }
    assert (found.region, found.tags) == ("ru-3b", {"team": "web"})


def test_a_database_tells_its_engine_size_and_addresses() -> None:
    record = objects.datastore(OWNER, "d1", "orders", BORN, zone="ru-3b")
    types = {t["id"]: read(database.DatastoreType, t, "a type") for t in objects.datastore_types()}
    found = database.normalise_datastore(read(database.Datastore, record, "a database"), types, a_reader())
    assert found.region == "ru-3b"
    assert found.config["engine"] == "postgresql"
    assert found.config["version"] == "17"
    assert (found.config["vcpus"], found.config["memory_mib"], found.config["disk_gb"]) == (2, 4096, 32)
    assert found.config["nodes"] == 2
    assert found.config["private_ips"] == ["192.168.0.20", "192.168.0.21"]
    assert found.config["public_ips"] == ["203.0.113.50"]


def test_a_database_that_is_being_made_knows_little() -> None:
    record = {"id": "d1", "name": "new", "status": "PENDING_CREATE", "type_id": "gone", "created_at": None}
    found = database.normalise_datastore(read(database.Datastore, record, "a database"), {}, a_reader())
    assert found.status == "PENDING_CREATE"
    assert "engine" not in found.config


def test_a_registry_keeps_quiet_about_what_changes_by_itself() -> None:
    record = objects.registry("r1", "apps", BORN)
    found, fuller = (
        registry.normalise_registry(read(registry.Registry, r, "a registry"), a_reader())
        for r in (record, record | {"used": 7.5, "size": 999})
    )
    assert found.config == {"size_limit": 21474836480, "project_id": PROJECT}
    assert found.fingerprint() == fuller.fingerprint()


@pytest.mark.parametrize(("disabled", "status"), [(True, "disabled"), (False, "active")])
def test_a_zone(disabled: bool, status: str) -> None:
    record = objects.zone(OWNER, "z1", "пример.рф.", BORN) | {"disabled": disabled}
    found = dns.normalise_zone(read(dns.Zone, record, "a zone"), a_reader())
    assert (found.name, found.status) == ("пример.рф.", status)


@pytest.mark.parametrize("end", ["_s3multipartuploads", "_segments", ".file-segments"])
def test_hidden_containers_belong_to_their_bucket(end: str) -> None:
    assert bucket.home(f"photos{end}") == "photos"
    assert bucket.home("photos") == "photos"


def test_a_group_without_its_nodes_is_refused() -> None:
    record = objects.node_group("k1", "g1", BORN, zone="ru-3b", servers=[]) | {"nodes": None}
    with pytest.raises(ResponseInvalid, match="nodes"):
        read(kubernetes.NodeGroup, record, "a group of nodes")
