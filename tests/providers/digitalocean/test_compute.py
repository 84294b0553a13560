from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis
from app.providers.answers import read
from app.providers.digitalocean.collectors import compute
from emulators.digitalocean import things

DAY = date(2026, 11, 24)
BIRTH = "2026-01-10T08:00:00Z"


def droplet(**changed: Any) -> compute.Droplet:
    record = things.droplet(1, "web-1", "s-2vcpu-4gb", "fra1", BIRTH, ["env:prod"]) | changed
    return read(compute.Droplet, record, "a droplet")


def test_a_droplet_has_its_sizes_addresses_and_price():
    found = compute.droplet(droplet(), DAY)
    assert (found.external_id, found.name, found.region, found.status) == ("901", "web-1", "fra1", "active")
    assert found.created_at == datetime(2026, 1, 10, 8, tzinfo=UTC)
    assert found.tags == {"env": "prod"}
    assert found.config == {
        "type": "s-2vcpu-4gb",
        "vcpus": 2,
        "memory_mib": 4096,
        "disk_gb": 80,
        "image": "debian-13-x64",
        "private_ips": ["10.114.0.2"],
        "public_ips": ["198.18.0.2"],
        "features": ["monitoring", "private_networking"],
        "vpc": things.uid("vpc", 0),
    }
    assert found.cost == Cost(CostBasis.PRICE_LIST, Decimal("0.85704"), "USD")


def test_a_droplet_with_the_least_that_the_api_sends_is_read():
    record = {
        "id": 5,
        "name": "web №1 / «тест»",
        "memory": 512,
        "vcpus": 1,
        "disk": 10,
        "status": "off",
        "created_at": "2026-02-03T04:05:06Z",
        "region": {"slug": "ams3"},
        "size_slug": "s-1vcpu-512mb-10gb",
        "size": {"price_hourly": 0.00595, "price_monthly": 4.0},
    }
    found = compute.droplet(read(compute.Droplet, record, "a droplet"), DAY)
    assert (found.name, found.status, found.tags) == ("web №1 / «тест»", "off", {})
    assert found.config == {"type": "s-1vcpu-512mb-10gb", "vcpus": 1, "memory_mib": 512, "disk_gb": 10}


def test_a_worker_of_kubernetes_knows_its_cluster_and_keeps_its_price():
    found = compute.droplet(droplet(tags=["k8s", "k8s:worker", "k8s:cluster-id"]), DAY)
    assert found.config["parent"] == {"type": "kubernetes:cluster", "id": "cluster-id"}
    assert found.tags == {"k8s": "cluster-id,worker"}
    assert found.cost == compute.droplet(droplet(), DAY).cost


def test_the_order_of_tags_and_addresses_does_not_matter():
    one = droplet(tags=["b", "a:1", "a:2"], features=["x", "y"])
    other = droplet(tags=["a:2", "a:1", "b"], features=["y", "x"])
    assert compute.droplet(one, DAY).fingerprint() == compute.droplet(other, DAY).fingerprint()


@pytest.mark.parametrize(("kind", "id_"), [("droplet", "6001"), ("volume", things.uid("snapshot", 1))])
def test_a_snapshot_names_its_source_and_costs_six_cents_a_gigabyte(kind, id_):
    record = things.snapshot(1, "before update", 12.5, kind, "901", BIRTH)
    found = compute.snapshot(read(compute.Snapshot, record, "a snapshot"), DAY)
    assert (found.external_id, found.region, found.tags) == (id_, "fra1", {"keep": "30d"})
    assert found.config == {"size_gb": "12.5", "source": "901", "min_disk_gb": 25, "regions": ["fra1"]}
    assert found.cost == Cost(CostBasis.PRICE_LIST, Decimal("0.025"), "USD")


def test_a_snapshot_in_several_regions_is_in_none():
    record = things.snapshot(1, "x", 1, "droplet", "901", BIRTH) | {"regions": ["nyc3", "fra1"]}
    found = compute.snapshot(read(compute.Snapshot, record, "a snapshot"), DAY)
    assert (found.region, found.config["regions"]) == ("", ["fra1", "nyc3"])


def test_a_custom_image_is_priced_by_its_size_and_a_backup_is_not():
    custom, backup = (
        compute.image(read(compute.Image, things.image(7, kind, kind), "an image"), DAY)
        for kind in ("custom", "backup")
    )
    assert custom is not None
    assert backup is not None
    assert custom.cost == Cost(CostBasis.PRICE_LIST, Decimal("0.1416") / 30, "USD")
    assert backup.cost == UNKNOWN_COST
    assert backup.config["type"] == "backup"


def test_a_snapshot_among_the_images_is_left_to_the_list_of_snapshots():
    assert compute.image(read(compute.Image, things.image(7, "x", "snapshot"), "an image"), DAY) is None
