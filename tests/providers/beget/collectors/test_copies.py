from datetime import UTC, datetime
from decimal import Decimal

from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis
from tests.providers.beget.conftest import Cloud


def test_a_snapshot_costs_its_own_daily_price(cloud: Cloud) -> None:
    cloud.holds.snapshots = [
        {
            "id": "s1",
            "description": "до обновления",
            "date_create": "2026-01-02 03:04:05",
            "status": "DONE",
            "size": "4000000000",
            "price_day": 0.55,
            "region": "ru1",
            "vps_id": "v1",
            "vps_name": "web",
        },
        {"id": "s2", "status": "DELETED"},
    ]
    snapshot = cloud.only("vps:snapshot")
    assert (snapshot.name, snapshot.region, snapshot.status) == ("до обновления", "ru1", "DONE")
    assert snapshot.created_at == datetime(2026, 1, 2, 0, 4, 5, tzinfo=UTC)
    assert snapshot.config == {"size": 4000000000, "parent": {"type": "vps:server", "id": "v1"}}
    assert snapshot.cost == Cost(CostBasis.PRICE_LIST, Decimal("0.55"), "RUB")


def test_a_snapshot_of_a_removed_server_without_a_price_has_an_unknown_cost(cloud: Cloud) -> None:
    cloud.holds.snapshots = [{"id": "s1", "vps_name": "old"}]
    snapshot = cloud.only("vps:snapshot")
    assert (snapshot.name, snapshot.config, snapshot.cost) == ("old", {}, UNKNOWN_COST)


def test_backups_are_read(cloud: Cloud) -> None:
    cloud.holds.backups = [
        {"id": 5, "date": "2026-02-09T22:30:00Z", "size": "1", "vps_id": "v1", "vps_name": "web", "region": "ru1"}
    ]
    backup = cloud.only("vps:backup")
    assert (backup.external_id, backup.name, backup.region) == ("5", "web", "ru1")
    assert backup.created_at == datetime(2026, 2, 9, 22, 30, tzinfo=UTC)
    assert (backup.config["parent"]["id"], backup.cost) == ("v1", UNKNOWN_COST)
