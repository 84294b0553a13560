"""Which billing account is read, for which part, and what is said when it cannot be."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from yandex.cloud.billing.usage_records.v1.consumption_core_service_pb2 import UsageReportRequest

from app.core.domain.errors import PermissionDenied, RateLimited, ResponseInvalid
from app.providers.yandex import usage
from emulators.yandex import seed
from emulators.yandex.accounts import Usage
from tests.providers.yandex.cloud import DAY, Cloud

YESTERDAY = DAY.replace(day=23)


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try once: the other tries only take time."""
    monkeypatch.setattr(usage, "_TRIES", 1)


def asked(cloud: Cloud) -> list[UsageReportRequest]:
    calls = [request for request in cloud.emulator.requests if request.method == "GRPC"]
    return [UsageReportRequest.FromString(call.body) for call in calls]


def add_payer(cloud: Cloud, id_: str, currency: str, clouds: list[str]) -> None:
    cloud.account.billing_accounts.append({"id": id_, "name": id_, "currency": currency, "active": True})
    cloud.account.bindings[id_] = clouds


def spend(cloud: Cloud, payer: str, amount: str, **fields: Any) -> None:
    cloud.account.usage[payer].append(Usage(YESTERDAY, "fhm1", Decimal(amount), **fields))


def test_one_report_covers_yesterday_and_three_days_before(cloud: Cloud) -> None:
    spend(cloud, cloud.payer, "10")
    bill = cloud.open().bill()
    assert bill is not None
    assert (bill.charged_on, bill.total, len(bill.earlier)) == (YESTERDAY, Decimal(10), 3)
    (request,) = asked(cloud)
    assert request.billing_account_id == cloud.payer
    assert request.start_date.ToJsonString() == "2026-11-20T00:00:00Z"
    assert request.end_date.ToJsonString() == "2026-11-23T00:00:00Z"
    assert (list(request.cloud_ids), list(request.folder_ids), request.aggregation_period) == ([], [], 1)


def test_a_connection_to_one_cloud_or_folder_has_the_bill_of_that(cloud: Cloud) -> None:
    seed.add_cloud(cloud.account, "b1gother", "other", [("b1gz", "z")])
    cloud.account.bindings[cloud.payer].append("b1gother")
    spend(cloud, cloud.payer, "10", cloud_id="b1gother", folder_id="b1gz")
    spend(cloud, cloud.payer, "1", cloud_id=cloud.account.clouds[0]["id"], folder_id=cloud.folder)
    for given in ({"cloud_id": "b1gother"}, {"folder_id": "b1gz"}):
        bill = cloud.open(**given).bill()
        assert bill is not None
        assert bill.total == Decimal(10)


def test_the_billing_account_that_pays_is_found_by_what_it_pays_for(cloud: Cloud) -> None:
    add_payer(cloud, "dn2aforeign", "USD", ["b1gforeign"])
    spend(cloud, cloud.payer, "10")
    bill = cloud.open().bill()
    assert bill is not None
    assert (bill.currency, bill.total) == ("RUB", Decimal(10))


def test_a_billing_account_that_was_named_is_not_looked_for(cloud: Cloud) -> None:
    cloud.emulator.deny(cloud.credentials, "/billing/v1/")
    cloud.account.billing_accounts[0]["currency"] = "KZT"
    spend(cloud, cloud.payer, "10")
    bill = cloud.open(billing_account_id=cloud.payer).bill()
    assert bill is not None
    assert bill.currency == "KZT"


def test_several_payers_of_one_currency_are_added(cloud: Cloud) -> None:
    add_payer(cloud, "dn2second", "RUB", [cloud.account.clouds[0]["id"]])
    spend(cloud, cloud.payer, "10")
    spend(cloud, "dn2second", "2.5")
    bill = cloud.open().bill()
    assert bill is not None
    assert bill.total == Decimal("12.5")


def test_several_payers_above_the_limit_say_how_to_split_them(cloud: Cloud, once: None) -> None:
    cloud.emulator.limits_usage = True
    add_payer(cloud, "dn2second", "RUB", [cloud.account.clouds[0]["id"]])
    with pytest.raises(RateLimited, match=r"one request a minute.*2 billing accounts pay.*connection for each"):
        cloud.open().bill()


def test_several_payers_of_several_currencies_are_not_read_at_all(cloud: Cloud) -> None:
    add_payer(cloud, "dn2second", "USD", [cloud.account.clouds[0]["id"]])
    with pytest.raises(ResponseInvalid, match="RUB and USD"):
        cloud.open().bill()
    assert asked(cloud) == []


@pytest.mark.parametrize("how", ["none is visible", "none of them pays", "the list is denied", "bindings are denied"])
def test_without_a_billing_account_it_is_said_what_to_grant(cloud: Cloud, how: str) -> None:
    if how == "none is visible":
        cloud.account.billing_accounts.clear()
    elif how == "none of them pays":
        cloud.account.bindings[cloud.payer] = ["b1gforeign"]
    elif how == "the list is denied":
        cloud.emulator.deny(cloud.credentials, "/billing/")
    else:
        cloud.account.bindings.clear()
    with pytest.raises(PermissionDenied, match=r'role "billing.accounts.viewer".*billing_account_id'):
        cloud.open().bill()


def test_the_limit_is_told_without_waiting_for_its_minute(cloud: Cloud, once: None) -> None:
    cloud.emulator.limits_usage = True
    assert cloud.open().bill() is not None
    with pytest.raises(RateLimited, match="one request a minute for each IP address"):
        cloud.open().bill()


def test_the_day_is_that_of_the_sync_in_utc(cloud: Cloud) -> None:

    night_in_moscow = datetime(2026, 11, 25, 1, tzinfo=timezone(timedelta(hours=3)))
    bill = cloud.open(at=night_in_moscow).bill()
    assert bill is not None
    assert bill.charged_on == YESTERDAY
