from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.core.domain.errors import ResponseInvalid
from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis
from app.providers.beget.collectors.hosting import Account
from tests.providers.beget.conftest import Cloud

PARENT = {"type": "hosting:account", "id": "demo1"}
INCLUDED = Cost(CostBasis.INCLUDED_IN_PARENT, Decimal(0), "RUB")
FEBRUARY = date(2026, 2, 10)


def rub(amount: str) -> Cost:
    return Cost(CostBasis.PRICE_LIST, Decimal(amount), "RUB")


def test_the_account_is_read_without_what_changes_all_day(cloud: Cloud) -> None:
    cloud.holds.info = {
        "plan_name": "Noble",
        "user_balance": "12.5",
        "user_rate_current": "11.67",
        "user_is_year_plan": "0",
        "plan_site": "25",
        "user_quota": "2300",
        "plan_quota": "20480",
        "server_name": "vega1",
        "server_loadaverage": "3.1",
    }
    account = cloud.only("hosting:account")
    assert (account.external_id, account.name) == ("demo1", "demo1")
    assert account.config == {"type": "Noble", "server": "vega1", "max_sites": 25, "max_disk_mb": 20480}
    assert account.cost == rub("11.67")


@pytest.mark.parametrize(
    ("rates", "cost"),
    [
        ({"user_rate_current": "11.67", "user_rate_month": "350"}, rub("11.67")),
        ({"user_rate_current": "0", "user_rate_month": "350"}, rub("12.5")),
        ({"user_is_year_plan": "1", "user_rate_year": "3650", "user_rate_month": "350"}, rub("10")),
        ({"user_is_year_plan": 0, "user_rate_year": "3650"}, UNKNOWN_COST),
        ({"user_rate_current": "null", "user_rate_month": None}, UNKNOWN_COST),
    ],
)
def test_the_account_costs_the_rate_that_it_has(rates: dict[str, Any], cost: Cost) -> None:
    assert Account.model_validate({"plan_name": "x", **rates}).cost(FEBRUARY) == cost


def test_sites_databases_ftp_and_backups_are_in_the_accounts_price(cloud: Cloud) -> None:
    cloud.holds.sites = [{"id": 7, "path": "a b/www", "domains": [{"fqdn": "b.ru"}, {"id": 1, "fqdn": "a.ru"}]}]
    cloud.holds.databases = [{"name": "demo1_x", "size": "12", "accesses": [{"name": "localhost"}, {"name": "%"}]}]
    cloud.holds.ftp = [{"login": "demo1_ftp", "homedir": "/www"}]
    cloud.holds.file_backups = [{"backup_id": 9, "date": "2026-02-09 02:15:00"}]
    site, database = cloud.only("hosting:site"), cloud.only("hosting:database")
    ftp, backup = cloud.only("hosting:ftp-account"), cloud.only("hosting:backup")
    assert (site.external_id, site.name) == ("7", "a.ru")
    assert site.config == {"parent": PARENT, "path": "a b/www", "domains": ["a.ru", "b.ru"]}
    assert database.config == {"parent": PARENT, "engine": "mysql", "accesses": ["%", "localhost"]}
    assert (ftp.external_id, ftp.config) == ("demo1_ftp", {"parent": PARENT, "homedir": "/www"})
    assert (backup.external_id, backup.created_at) == ("9", datetime(2026, 2, 8, 23, 15, tzinfo=UTC))
    assert {site.cost, database.cost, ftp.cost, backup.cost} == {INCLUDED}


def test_minimal_records_are_read(cloud: Cloud) -> None:
    cloud.holds.sites, cloud.holds.databases = [{"id": "7"}], [{"name": "x", "accesses": None}]
    assert cloud.only("hosting:site").config == {"parent": PARENT}
    assert cloud.only("hosting:database").config == {"parent": PARENT, "engine": "mysql"}


@pytest.mark.parametrize(
    ("resource_type", "attribute", "items"),
    [
        ("hosting:site", "sites", [{"path": "no id"}]),
        ("hosting:database", "databases", [{"size": "1"}]),
        ("hosting:ftp-account", "ftp", {"login": "not in a list"}),
        ("hosting:backup", "file_backups", ["9"]),
        ("hosting:account", "info", {"user_rate_current": "1"}),
        ("hosting:account", "info", {"plan_name": "x", "user_rate_current": "free"}),
        ("hosting:account", "info", []),
    ],
)
def test_what_is_not_as_described_is_refused(cloud: Cloud, resource_type: str, attribute: str, items: Any) -> None:
    setattr(cloud.holds, attribute, items)
    with pytest.raises(ResponseInvalid):
        cloud.listing(resource_type)
