from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.core.domain.errors import ResponseInvalid
from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis
from app.providers.beget.collectors.servers import Server, normalise
from tests.providers.beget.conftest import Cloud

FULL: dict[str, Any] = {
    "id": "3f0c/ü 1",
    "slug": "quick-fox",
    "display_name": "веб-1",
    "hostname": "web-1",
    "status": "RUNNING",
    "region": "ru1",
    "ip_address": "192.0.2.10",
    "additional_ip_address": ["192.0.2.12", "192.0.2.11"],
    "date_create": "2025-03-01T10:00:00Z",
    "project_id": "p-1",
    "disk_used": "5120",
    "disk_left": "10240",
    "configuration": {
        "id": "cfg-1",
        "name": "Start",
        "group": "normal_cpu",
        "cpu_count": 2,
        "memory": 2048,
        "disk_size": "15360",
        "price_day": 7.25,
        "price_month": 210.0,
        "region": "ru1",
    },
    "software": {
        "name": "ubuntu",
        "display_name": "Ubuntu",
        "version": "24.04",
        "license": [
            {"id": 1, "display_name": "panel", "billing": {"monthly": {"price_month": 280.0}}},
            {"id": 2, "display_name": "antivirus", "billing": {"daily": {"price_day": 1.5, "price_month": 45.0}}},
        ],
    },
    "private_network": [{"ip": ["10.0.0.3", "10.0.0.2"], "network": {"id": "n1"}}],
}
FEBRUARY, MARCH = date(2026, 2, 10), date(2026, 3, 10)


def cost_of(day: date = FEBRUARY, plan: dict[str, Any] | None = None, **fields: Any) -> Cost | None:
    server = FULL | {"software": {}} | fields
    if plan is not None:
        server["configuration"] = plan
    return normalise(Server.model_validate(server), day).cost


def rub(amount: str) -> Cost:
    return Cost(CostBasis.PRICE_LIST, Decimal(amount), "RUB")


def test_a_full_record_is_read(cloud: Cloud) -> None:
    cloud.holds.servers = [FULL]
    server = cloud.only("vps:server")
    assert server.external_id == "3f0c/ü 1"
    assert (server.name, server.region, server.status) == ("веб-1", "ru1", "RUNNING")
    assert server.created_at == datetime(2025, 3, 1, 10, tzinfo=UTC)
    assert server.config == {
        "type": "Start",
        "group": "normal_cpu",
        "vcpus": 2,
        "memory_mib": 2048,
        "disk_gb": 15,
        "image": "Ubuntu 24.04",
        "licenses": ["antivirus", "panel"],
        "hostname": "web-1",
        "public_ips": ["192.0.2.10", "192.0.2.11", "192.0.2.12"],
        "private_ips": ["10.0.0.2", "10.0.0.3"],
        "private_networks": ["n1"],
        "project_id": "p-1",
    }
    # 7.25 for the plan, 280 in a month of 28 days for the panel, 1.5 for the antivirus.
    assert server.cost == rub("18.75")


def test_a_minimal_record_is_read(cloud: Cloud) -> None:
    cloud.holds.servers = [{"id": "1"}]
    server = cloud.only("vps:server")
    assert (server.external_id, server.name, server.created_at, server.config) == ("1", "", None, {})
    assert server.cost == UNKNOWN_COST


def test_what_is_null_counts_as_left_out(cloud: Cloud) -> None:
    cloud.holds.servers = [{"id": 7, "status": None, "configuration": None, "software": {"license": None}}]
    assert cloud.only("vps:server").external_id == "7"


def test_used_disk_does_not_make_a_new_version(cloud: Cloud) -> None:
    def fingerprint(disk_used: str) -> str:
        return normalise(Server.model_validate(FULL | {"disk_used": disk_used}), FEBRUARY).fingerprint()

    assert fingerprint("1") == fingerprint("2")


def test_a_removed_server_is_left_out(cloud: Cloud) -> None:
    cloud.holds.servers = [{"id": "1", "status": "REMOVED"}, {"id": "2", "status": "REMOVING"}]
    assert cloud.only("vps:server").external_id == "2"


@pytest.mark.parametrize("status", ["RUNNING", "STOPPED"])
def test_a_stopped_server_costs_as_much_as_a_running_one(status: str) -> None:
    assert cost_of(status=status) == rub("7.25")


def test_a_monthly_price_is_split_over_the_days_of_that_month() -> None:
    plan = {"price_month": "217"}
    assert cost_of(MARCH, plan) == rub("7")
    assert cost_of(FEBRUARY, plan) == rub("7.75")


def test_cost_is_unknown_without_a_price_and_when_archived() -> None:
    assert cost_of(plan={"price_day": 0}) == UNKNOWN_COST
    assert cost_of(archived="1") == UNKNOWN_COST


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"id": ""},
        {"id": {"a": 1}},
        {"id": "1", "configuration": {"price_day": -1}},
        {"id": "1", "configuration": {"price_day": 1e30}},
        {"id": "1", "configuration": {"cpu_count": "many"}},
        {"id": "1", "status": ["RUNNING"]},
        {"id": "1", "additional_ip_address": "192.0.2.1"},
        "1",
    ],
)
def test_a_wrong_record_is_refused(cloud: Cloud, wrong: Any) -> None:
    cloud.holds.servers = [{"id": "0"}, wrong]
    with pytest.raises(ResponseInvalid, match="a server is not as"):
        cloud.listing("vps:server")
