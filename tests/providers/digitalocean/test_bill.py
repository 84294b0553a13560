from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.core.domain.errors import PermissionDenied, ResponseInvalid
from app.core.domain.money import quantize
from emulators.digitalocean.emulator import DigitalOceanEmulator, Team
from emulators.digitalocean.seed import fill
from emulators.kit.faults import Fault, Kind
from emulators.kit.server import Reply
from tests.providers.digitalocean.cloud import NOW, TODAY, cloud, everything, opened, team_of

YESTERDAY = TODAY - timedelta(days=1)
DROPLETS = "1-DO-DROP-0001"


def point(
    amount: str, description: str | None = "web-1 (s-1vcpu-1gb)", *, age: int = 1, **changed: Any
) -> dict[str, Any]:
    return {
        "usage_team_urn": "do:team:x",
        "start_date": f"{TODAY - timedelta(days=age)}",
        "total_amount": amount,
        "region": "fra1",
        "sku": DROPLETS,
        "description": description,
        "group_description": "",
    } | changed


@pytest.fixture
def seeded() -> Iterator[tuple[DigitalOceanEmulator, dict[str, Any], Team]]:
    with cloud(largest_page=5) as (emulator, credentials):
        yield emulator, credentials, team_of(emulator, credentials)


def test_the_bill_is_yesterdays_and_adds_up_to_the_clouds_own_total(seeded):
    emulator, credentials, team = seeded
    with opened(emulator, credentials) as account:
        account.identify()
        everything(account)
        bill = account.bill()
    assert bill is not None
    own = sum(Decimal(p["total_amount"]) for p in team.points if p["start_date"] == f"{YESTERDAY}")
    assert (bill.charged_on, bill.currency, bill.total) == (YESTERDAY, "USD", own)
    assert [day.charged_on for day in bill.earlier] == [YESTERDAY - timedelta(days=n) for n in (1, 2, 3)]
    assert all(sum(charge.amount for charge in day.charges) == own for day in bill.earlier)


def test_every_droplet_volume_and_database_is_named_and_only_traffic_is_left(seeded):
    emulator, credentials, _team = seeded
    with opened(emulator, credentials) as account:
        everything(account)
        bill = account.bill()
    assert bill is not None
    assert bill.by_resource is not None
    named = Counter(type_ for type_, _ in bill.by_resource)
    assert named == {"compute:droplet": 9, "volumes:volume": 4, "databases:cluster": 2}
    assert bill.by_resource["compute:droplet", "900"] == Decimal("0.2143")
    assert bill.total - sum(bill.by_resource.values()) == Decimal("0.05")
    assert bill.note == "DigitalOcean bills by description: 1 of 16 items name no resource that was listed"
    droplets = next(c for c in bill.charges if c.service == DROPLETS and c.region == "fra1")
    assert droplets.resource_types == {"compute:droplet"}
    assert DROPLETS in bill.itemised
    assert next(c for c in bill.charges if c.service == "1-DO-BW-0001").region is None


def test_without_points_for_yesterday_the_latest_day_counts(seeded):
    emulator, credentials, team = seeded
    team.points = [point("1.5", age=3), point("2", age=4), point("9", age=0), point("7", age=40)]
    with opened(emulator, credentials) as account:
        bill = account.bill()
    assert bill is not None
    assert (bill.charged_on, bill.total) == (TODAY - timedelta(days=3), Decimal("1.5"))
    assert [(day.charged_on, day.charges[0].amount) for day in bill.earlier] == [(TODAY - timedelta(days=4), 2)]


def test_without_any_points_there_is_no_bill():
    with cloud(servers=0) as (emulator, credentials), opened(emulator, credentials) as account:
        assert account.bill() is None


def test_an_amount_for_namesakes_is_split_to_the_last_decimal_and_said(seeded):
    emulator, credentials, team = seeded
    for droplet in team.lists["droplets"][:3]:
        droplet |= {"name": "web-1", "size_slug": "s-1vcpu-1gb", "region": {"slug": "fra1"}}
    team.points = [point("1"), point("1")]
    with opened(emulator, credentials) as account:
        everything(account)
        bill = account.bill()
    assert bill is not None
    assert bill.by_resource is not None
    assert sorted(bill.by_resource.values()) == [
        Decimal("0.6666666666"),
        Decimal("0.6666666666"),
        Decimal("0.6666666668"),
    ]
    assert "2 items fit several resources" in str(bill.note)


def test_a_refund_makes_a_resource_cost_less(seeded):
    emulator, credentials, team = seeded
    team.points = [point("0.80"), point("-0.30")]
    with opened(emulator, credentials) as account:
        everything(account)
        bill = account.bill()
    assert bill is not None
    assert bill.by_resource == {("compute:droplet", "900"): quantize(Decimal("0.50"))}
    assert (bill.total, bill.note) == (Decimal("0.50"), None)


def test_points_with_the_least_that_the_api_sends_are_read(seeded):
    emulator, credentials, team = seeded
    team.points = [
        {"start_date": f"{YESTERDAY}", "total_amount": "0.1"},
        point("0.2", None, sku=None, group_description="K8s"),
    ]
    with opened(emulator, credentials) as account:
        bill = account.bill()
    assert bill is not None
    assert [(c.service, c.amount, c.region) for c in bill.charges] == [
        ("K8s", Decimal("0.2"), "fra1"),
        ("other", Decimal("0.1"), None),
    ]


def test_one_request_covers_the_days_and_names_the_team(seeded):
    emulator, credentials, team = seeded
    team.points = [point("1")]
    with opened(emulator, credentials) as account:
        account.identify()
        emulator.requests.clear()
        account.bill()
    assert [request.path for request in emulator.requests] == [
        f"/v2/billing/do%3Ateam%3A{team.uuid}/insights/{TODAY - timedelta(days=7)}/{TODAY}"
    ]


def test_a_token_without_the_scope_for_billing_is_told_which(seeded):
    emulator, credentials, _ = seeded
    emulator.deny(credentials, "billing")
    with opened(emulator, credentials) as account, pytest.raises(PermissionDenied) as caught:
        account.bill()
    assert "billing insights" in caught.value.message
    assert "billing:read" in caught.value.message


@pytest.mark.parametrize(
    "changed",
    [
        {"total_amount": "NaN"},
        {"total_amount": "free"},
        {"start_date": "yesterday"},
        {"total_amount": None},
        {"total_amount": "1e30"},
    ],
)
def test_a_point_that_is_no_amount_of_a_day_is_refused(seeded, changed):
    emulator, credentials, _ = seeded
    page = {"data_points": [point("1", **changed)], "total_items": 1, "total_pages": 1, "current_page": 1}
    emulator.routes.insert(0, ("GET", "/v2/billing/.*", lambda _: Reply(page)))
    with opened(emulator, credentials) as account, pytest.raises(ResponseInvalid):
        account.bill()


@pytest.mark.parametrize("kind", [Kind.ITEM_ON_TWO_PAGES, Kind.SAME_PAGE_FOR_EVER, Kind.NO_LIST])
def test_pages_that_contradict_each_other_give_no_bill(seeded, kind):
    emulator, credentials, _ = seeded
    emulator.faults.add(Fault(kind, path="insights"))
    with opened(emulator, credentials) as account, pytest.raises(ResponseInvalid):
        account.bill()


def test_a_page_that_went_wrong_once_counts_no_amount_twice(seeded):
    emulator, credentials, team = seeded
    emulator.faults.add(Fault(Kind.ITEM_ON_TWO_PAGES, path="insights", times=1))
    own = sum(Decimal(p["total_amount"]) for p in team.points if p["start_date"] == f"{YESTERDAY}")
    with opened(emulator, credentials) as account:
        bill = account.bill()
    assert bill is not None
    assert bill.total == own


def test_the_day_is_that_of_the_sync_in_utc():
    with DigitalOceanEmulator() as emulator:
        credentials = fill(emulator, servers=1, day=TODAY - timedelta(days=3))
        with opened(emulator, credentials, at=NOW - timedelta(days=3)) as account:
            bill = account.bill()
    assert bill is not None
    assert bill.charged_on == TODAY - timedelta(days=4)
