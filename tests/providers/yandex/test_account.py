"""An account: what is denied, what is said about it, and what a whole account adds up to."""

import pytest

from app.core.domain.costs import Costed, allocate
from app.core.domain.errors import PermissionDenied
from app.core.domain.resources import UNKNOWN_COST
from app.core.domain.scopes import Scope
from app.providers.yandex.catalog import KINDS
from emulators.kit.faults import Fault, Kind
from emulators.yandex import seed
from tests.providers.yandex.cloud import DAY, NOON, Cloud, cloud_of


def test_a_denied_service_is_named_with_its_folder_and_role(cloud: Cloud) -> None:
    cloud.account.folders[0]["name"] = "prod"
    cloud.emulator.deny(cloud.credentials, "/compute/")
    account = cloud.open()
    account.scopes()
    with pytest.raises(PermissionDenied) as caught:
        list(account.collect(Scope("compute:disk", cloud.folder)))
    assert caught.value.message == (
        f"the disks of the folder prod ({cloud.folder}) may not be read: not allowed (HTTP 403: Permission denied); "
        'grant the account the role "viewer" or "compute.viewer" on that folder'
    )
    assert list(account.collect(Scope("vpc:network", cloud.folder))) == []


def test_a_denied_folder_costs_only_itself(cloud: Cloud) -> None:
    seed.add_cloud(cloud.account, "b1gother", "other", [("b1gz", "z")])
    account = cloud.open()
    scopes = account.scopes()
    cloud.account.folders.pop(0)
    denied = []
    for scope in scopes:
        try:
            list(account.collect(scope))
        except PermissionDenied:
            denied.append(scope.location)
    assert denied == [scopes[0].location] * len(KINDS)


def test_a_token_that_ends_in_mid_listing_costs_no_item(cloud: Cloud) -> None:
    cloud.emulator.longest_page = 2
    cloud.put("/compute/v1/disks", *({"id": f"fhm{number}"} for number in range(7)))
    cloud.emulator.faults.add(Fault(Kind.TOKEN_EXPIRES, "/compute/v1/disks", after=2, times=1))
    assert len(cloud.listed("compute:disk")) == 7


def test_an_empty_page_in_between_does_not_end_the_listing(cloud: Cloud) -> None:
    """The cloud says by the token alone whether more follows."""
    pages = iter([{"nextPageToken": "a"}, {"disks": [{"id": "fhm1"}], "nextPageToken": "b"}, {"nextPageToken": ""}])
    account = cloud.open()
    account._api.get = lambda *_: next(pages)  # type: ignore[method-assign]
    assert [disk.external_id for disk in account.collect(Scope("compute:disk", cloud.folder))] == ["fhm1"]


def test_another_endpoint_serves_every_path_of_every_host(cloud: Cloud) -> None:
    endpoints = cloud.open()._api.endpoints
    assert endpoints.url("compute", "/compute/v1/disks") == f"{cloud.emulator.url}/compute/v1/disks"
    public = cloud.open(api_endpoint=None)._api.endpoints
    assert public.url("compute", "/x") == "https://compute.api.cloud.yandex.net/x"
    assert public.url("managed-kubernetes", "/x") == "https://mks.api.cloud.yandex.net/x"
    assert public.own_address == "billing.api.cloud.yandex.net:443"


def test_an_endpoint_that_is_not_trusted_may_not_be_inside(cloud: Cloud) -> None:
    with pytest.raises(PermissionDenied, match="private network"):
        cloud.open(endpoint_trusted=False).identify()


def test_the_same_account_read_twice_is_the_same() -> None:
    with cloud_of(12) as (emulator, credentials):
        first, second = (read(Cloud(emulator), credentials) for _ in range(2))
    assert first == second
    assert {scope.resource_type for scope, _ in first} == set(KINDS)


def test_what_happens_between_two_readings_is_seen() -> None:
    with cloud_of(12) as (emulator, credentials):
        before = read(Cloud(emulator), credentials)
        seed.change(emulator, emulator.account_of(credentials), 1)
        after = read(Cloud(emulator), credentials)
    came, went = set(after) - set(before), set(before) - set(after)
    changed = {key for key in set(before) & set(after) if before[key] != after[key]}
    assert sorted({scope.resource_type for scope, _ in came}) == ["compute:disk", "compute:instance"]
    assert [scope.resource_type for scope, _ in went] == ["functions:function"]
    assert [scope.resource_type for scope, _ in changed] == ["compute:instance"]


def test_the_bill_explains_all_but_what_belongs_to_no_resource() -> None:
    """12.34 is traffic of a folder, and 5.50 a VM that is gone."""
    with cloud_of(5) as (emulator, credentials):
        account = Cloud(emulator).open(without_key=True, at=NOON, **credentials)
        found = [(scope, resource) for scope in account.scopes() for resource in account.collect(scope)]
        bill = account.bill()
        account.close()
    assert bill is not None
    costed = [
        Costed(number, scope.resource_type, resource.external_id, resource.region, resource.created_at, UNKNOWN_COST)
        for number, (scope, resource) in enumerate(found)
    ]
    costs = {resource.id: cost for resource, cost in allocate(bill, costed)}
    assert bill.charged_on.toordinal() == DAY.toordinal() - 1
    explained = sum(cost.amount for cost in costs.values() if cost.amount is not None)
    assert f"{bill.total - explained:.4f}" == "17.8400"
    servers = [costs[c.id].amount for c in costed if c.resource_type == "compute:instance"]
    # 86.4012345678 less ten per cent, rounded to ten decimals.
    assert {f"{amount:f}" for amount in servers} == {"77.7611111110"}
    (postgres,) = [costs[c.id].amount for c in costed if c.resource_type == "mdb:postgresql"]
    assert f"{postgres:f}" == "302.4000000000"


def read(cloud: Cloud, credentials: dict[str, object]) -> dict[tuple[Scope, str], str]:
    account = cloud.open(without_key=True, **credentials)
    try:
        return {(s, r.external_id): r.fingerprint() for s in account.scopes() for r in account.collect(s)}
    finally:
        account.close()
