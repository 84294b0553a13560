from datetime import date
from decimal import Decimal

import pytest

from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis, canonical_json
from app.providers.answers import read
from app.providers.digitalocean.collectors import apps, managed, registry
from emulators.digitalocean import managed_things, other_things, things

DAY = date(2026, 11, 24)
BIRTH = "2026-01-10T08:00:00Z"
FREE = Cost(CostBasis.PRICE_LIST, Decimal(0), "USD")
PRICES = {"apps-s-1vcpu-1gb": Decimal(12)}


def test_a_database_has_its_size_but_no_password_and_no_known_price():
    record = managed_things.database(0, "orders", "pg", "17", BIRTH)
    assert things.SECRET in str(record)
    found = managed.database(read(managed.Database, record, "a database"), DAY)
    assert found.config == {
        "engine": "pg",
        "version": "17",
        "type": "db-s-2vcpu-4gb",
        "nodes": 2,
        "storage_mib": 61440,
        "vpc": things.uid("vpc", 0),
        "project": things.uid("project", 0),
    }
    assert (found.status, found.region, found.tags, found.cost) == ("online", "fra1", {}, UNKNOWN_COST)
    assert things.SECRET not in repr(found) + canonical_json(found.config)


@pytest.mark.parametrize(("highly_available", "amount"), [(True, Decimal(40) / 28), (False, Decimal(0))])
def test_a_cluster_costs_its_control_plane_only(highly_available, amount):
    record = managed_things.cluster(0, "shop", [5900, 5901], BIRTH, highly_available=highly_available)
    found = managed.cluster(read(managed.Cluster, record, "a cluster"), DAY)
    assert found.status == "running"
    assert found.config["nodes"] == 2
    assert found.config["node_pools"] == [{"name": "default", "type": "s-2vcpu-4gb", "nodes": 2, "auto_scale": False}]
    assert found.cost == Cost(CostBasis.PRICE_LIST, amount, "USD")


def test_the_key_of_a_namespace_is_not_kept():
    record = other_things.namespace(0, "hooks", BIRTH)
    found = managed.namespace(read(managed.Namespace, record, "a namespace"), DAY)
    assert (found.name, found.region, found.cost) == ("hooks", "fra1", UNKNOWN_COST)
    assert things.SECRET not in repr(found)


def test_a_project_is_free():
    record = other_things.project(0, "shop", BIRTH, default=True)
    found = managed.project(read(managed.Project, record, "a project"), DAY)
    assert (found.config["environment"], found.cost) == ("Production", FREE)


def read_app(**parts: object) -> apps.App:
    record = managed_things.app(0, "landing", 2, BIRTH)
    return read(apps.App, record | {"spec": record["spec"] | parts}, "an app")


def test_an_app_costs_its_instances_and_keeps_no_environment():
    found = apps.app(read_app(), DAY, PRICES)
    assert (found.name, found.region, found.status) == ("landing", "fra", "ACTIVE")
    assert found.config["components"] == ["web: 2 x apps-s-1vcpu-1gb"]
    assert found.cost == Cost(CostBasis.PRICE_LIST, Decimal(24) / 28, "USD")
    assert things.SECRET not in repr(found)


@pytest.mark.parametrize(
    "parts",
    [
        {"jobs": [{"name": "migrate"}]},
        {"databases": [{"name": "dev"}]},
        {"workers": [{"name": "mail", "instance_size_slug": "unheard-of", "instance_count": 1}]},
        {"workers": [{"name": "mail", "instance_size_slug": "apps-s-1vcpu-1gb"}]},
    ],
    ids=["a job", "a database", "a size without a price", "autoscaling"],
)
def test_an_app_with_a_part_whose_price_is_not_known_has_no_known_price(parts):
    assert apps.app(read_app(**parts), DAY, PRICES).cost == UNKNOWN_COST


def test_an_app_of_static_sites_is_free():
    assert apps.app(read_app(services=None), DAY, PRICES).cost == FREE


def test_registries_share_the_price_of_the_plan():
    record = read(registry.Registry, other_things.registry("shop-images", BIRTH), "a registry")
    plan = read(registry.Plan, {"subscription": managed_things.plan("professional", 2000, BIRTH)}, "a plan")
    found = registry.registry(record, DAY, plan, share=2)
    assert (found.external_id, found.config) == ("shop-images", {"plan": "professional"})
    assert found.cost == Cost(CostBasis.PRICE_LIST, Decimal(10) / 30, "USD")
