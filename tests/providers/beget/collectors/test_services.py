from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest

from app.core.domain.errors import ResponseInvalid
from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis, canonical_json
from app.core.domain.scopes import Scope
from tests.providers.beget.beget_cloud import beget_cloud, collect, open_account
from tests.providers.beget.conftest import Cloud

DATABASE: dict[str, Any] = {
    "id": "b1",
    "slug": "nice-db",
    "display_name": "orders",
    "type": "POSTGRESQL15",
    "status": "RUNNING",
    "status_details": "_",
    "region": "ru1",
    "created_at": "2025-02-01T08:00:00Z",
    "project_id": "p-1",
    "configuration_id": "c9",
    "price_day": 20.5,
    "price_month": 615.0,
    "postgresql15": {
        "host": "db.example.test",
        "port": 5432,
        "disk_used": "900",
        "configuration": {
            "cpu_count": 1,
            "memory": 1024,
            "disk_size": 10240,
            "version": "15",
            "display_version": "15.4",
        },
        "address_info": {"public": [{"ip": "192.0.2.20"}], "private": []},
    },
}


def rub(amount: str) -> Cost:
    return Cost(CostBasis.PRICE_LIST, Decimal(amount), "RUB")


def test_a_database_is_read(cloud: Cloud) -> None:
    cloud.holds.services = [DATABASE]
    database = cloud.only("cloud:postgresql")
    assert (database.external_id, database.name, database.region) == ("b1", "orders", "ru1")
    assert database.config == {
        "type": "POSTGRESQL15",
        "engine": "postgresql",
        "version": "15.4",
        "vcpus": 1,
        "memory_mib": 1024,
        "disk_gb": 10,
        "configuration_id": "c9",
        "host": "db.example.test",
        "port": 5432,
        "public_ips": ["192.0.2.20"],
        "project_id": "p-1",
    }
    assert database.cost == rub("20.5")


@pytest.mark.parametrize(
    ("type_", "resource_type"),
    [
        ("MYSQL5", "cloud:mysql"),
        ("MYSQL84", "cloud:mysql"),
        ("POSTGRESQL164", "cloud:postgresql"),
        ("POSTGRESQL99", "cloud:postgresql"),
        ("S_3", "cloud:s3"),
        ("CDN", "cloud:cdn"),
        ("KUBERNETES", "cloud:other"),
        ("", "cloud:other"),
    ],
)
def test_every_type_has_a_place_new_ones_too(cloud: Cloud, type_: str, resource_type: str) -> None:
    cloud.holds.services = [{"id": "x", "type": type_}]
    assert cloud.only(resource_type).config == ({"type": type_} if type_ else {}) | (
        {"engine": resource_type.removeprefix("cloud:")} if "SQL" in type_ else {}
    )


def test_no_secret_of_storage_is_kept() -> None:
    with beget_cloud() as (emulator, credentials), closing(open_account(emulator, credentials)) as account:
        [storage] = collect(account, "cloud:s3").values()
    assert storage.config == {
        "type": "S_3",
        "configuration_id": "c9",
        "fqdn": "s3.example.test",
        "project_id": storage.config["project_id"],
    }
    for secret in ("ACCESS-KEY", "SECRET-KEY", "PASSWORD"):
        assert secret not in canonical_json(storage.config) + repr(storage)


def test_an_error_about_storage_shows_no_secret(cloud: Cloud) -> None:
    cloud.holds.services = [{"id": "s", "type": "S_3", "s3": {"fqdn": ["x"], "secret_key": "HIDDEN"}}]
    with pytest.raises(ResponseInvalid, match=r"the cloud service s is not as .*: fqdn") as caught:
        cloud.listing("cloud:s3")
    assert "HIDDEN" not in caught.value.message


def test_a_suspended_service_costs_nothing(cloud: Cloud) -> None:
    suspended = {"status": "SUSPENDED", "status_details": "SUSPENDED_INSUFFICIENT_FUNDS"}
    cloud.holds.services = [DATABASE | suspended]
    database = cloud.only("cloud:postgresql")
    assert database.cost == rub("0")
    assert database.config["status_details"] == "SUSPENDED_INSUFFICIENT_FUNDS"


def test_a_monthly_price_is_split_over_that_month_and_none_is_unknown(cloud: Cloud) -> None:
    cloud.holds.services = [{"id": "1", "type": "CDN", "price_month": 56.0}, {"id": "2", "type": "CDN"}]
    assert [service.cost for service in cloud.listing("cloud:cdn")] == [rub("2"), UNKNOWN_COST]


def test_all_families_share_one_listing(cloud: Cloud) -> None:
    account = cloud.open()
    for resource_type in ("cloud:mysql", "cloud:postgresql", "cloud:s3", "cloud:cdn", "cloud:other"):
        list(account.collect(Scope(resource_type)))
    assert cloud.paths().count("/v1/cloud") == 1


def test_projects_are_read_and_cost_nothing_themselves(cloud: Cloud) -> None:
    cloud.holds.projects = [{"id": "p/1", "name": "магазин", "is_default": True, "created_at": "2025-01-01T00:00:00Z"}]
    project = cloud.only("cloud:project")
    assert (project.external_id, project.name, project.config) == ("p/1", "магазин", {"is_default": True})
    assert project.cost == rub("0")
