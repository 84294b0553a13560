"""One project as a whole: who it is, what is refused, pages, prices that cannot be read, and projects side by side."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from app.core.domain.errors import AuthenticationFailed, PermissionDenied, RateLimited, ResponseInvalid
from app.core.domain.scopes import Scope
from emulators.hetzner import objects
from emulators.hetzner.seed import fill
from emulators.kit.faults import Fault, Kind
from tests.providers.hetzner.hetzner_cloud import AT, TOKEN, Cloud


def test_a_token_is_checked_with_one_call_and_its_hash_stands_for_the_project(hetzner: Cloud) -> None:
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()[:16]
    assert hetzner.open().identify() == f"token-{digest}"
    (request,) = hetzner.emulator.requests
    assert (request.path, request.query) == ("/v1/locations", {"per_page": ["1"]})
    assert request.headers["authorization"] == f"Bearer {TOKEN}"


def test_opening_an_account_and_naming_its_scopes_calls_nobody(hetzner: Cloud) -> None:
    assert len(hetzner.open().scopes()) == 14
    assert not hetzner.emulator.requests


def test_an_endpoint_is_taken_with_and_without_its_version(hetzner: Cloud) -> None:
    url = hetzner.emulator.url
    for endpoint in (url, f"{url}/", f"{url}/v1", f"{url}/v1/"):
        account = hetzner.open(endpoint=endpoint)
        account.identify()
        assert not list(account.collect(Scope("storage:storage-box")))
    assert {request.path for request in hetzner.emulator.requests} == {
        "/v1/locations",
        "/v1/pricing",
        "/v1/storage_boxes",
    }


def test_an_unknown_token_is_refused_in_words_that_help(hetzner: Cloud) -> None:
    with pytest.raises(AuthenticationFailed) as caught:
        hetzner.open("y" * 64).identify()
    assert caught.value.message == (
        "Hetzner does not know the API token, it was mistyped or deleted: the cloud refused the credential "
        "(HTTP 401: unable to authenticate); make a new one in the console under Security > API tokens of the project"
    )
    assert len(hetzner.emulator.requests) == 1


def test_a_refused_listing_says_which_one(hetzner: Cloud) -> None:
    hetzner.emulator.deny({"token": TOKEN}, "storage_boxes")
    with pytest.raises(PermissionDenied) as caught:
        hetzner.listed("storage:storage-box")
    assert caught.value.message == (
        "the API token may not read storage boxes: not allowed (HTTP 403: insufficient permissions for this request); "
        "use one with the permission Read"
    )


def test_an_empty_project_has_nothing_and_no_bill(hetzner: Cloud) -> None:
    account = hetzner.open()
    assert [resource for scope in account.scopes() for resource in account.collect(scope)] == []
    assert account.bill() is None


def test_ten_thousand_volumes_come_in_pages_of_fifty(hetzner: Cloud) -> None:
    volume = objects.volume(0)
    hetzner.project.items["volumes"] = [volume | {"id": number, "name": f"v{number}"} for number in range(1, 10_001)]
    found = hetzner.listed("compute:volume")
    assert {resource.external_id for resource in found} == {str(number) for number in range(1, 10_001)}
    assert sum(request.path == "/v1/volumes" for request in hetzner.emulator.requests) == 200


def test_prices_are_asked_for_once(hetzner: Cloud) -> None:
    account = hetzner.open()
    for scope in account.scopes():
        list(account.collect(scope))
    assert sum(request.path == "/v1/pricing" for request in hetzner.emulator.requests) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(Kind.STATUS, "/pricing", status=403, words="no prices for you"), PermissionDenied),
        (Fault(Kind.HTML, "/pricing"), ResponseInvalid),
    ],
)
def test_without_prices_the_inventory_is_whole_and_the_bill_says_why_costs_stay(
    hetzner: Cloud, fault: Fault, error: type[Exception]
) -> None:
    hetzner.project.items["volumes"] = [objects.volume(31)]
    hetzner.emulator.faults.add(fault)
    account = hetzner.open()
    (volume,) = account.collect(Scope("compute:volume"))
    assert (volume.external_id, volume.cost) == ("31", None)
    with pytest.raises(error, match=r"^the price list was not read, costs stay as they were: "):
        account.bill()


def test_the_day_is_that_of_the_sync_in_utc(hetzner: Cloud) -> None:
    late = datetime.fromisoformat("2026-12-01T01:30:00+03:00")
    november = hetzner.seen("compute:volume", "volumes", objects.volume(31), at=late)
    december = hetzner.seen("compute:volume", "volumes", objects.volume(31), at=datetime(2026, 12, 1, tzinfo=UTC))
    assert november.cost
    assert december.cost
    assert (str(november.cost.amount), str(december.cost.amount)) == ("0.1466666667", "0.1419354839")


def test_two_projects_with_the_same_ids_do_not_mix(hetzner: Cloud) -> None:
    other = "z" * 64
    hetzner.project.items["volumes"] = [objects.volume(31, "ours")]
    hetzner.emulator.add_project(other).items["volumes"] = [objects.volume(31, "theirs")]
    with ThreadPoolExecutor(2) as pool:
        listed = pool.map(lambda token: hetzner.listed("compute:volume", token=token), [TOKEN, other] * 10)
        assert [resource.name for found in listed for resource in found] == ["ours", "theirs"] * 10


def test_a_token_of_one_project_is_not_held_up_by_anothers_limit(hetzner: Cloud) -> None:
    hetzner.emulator.limit = 0
    with pytest.raises(RateLimited):
        hetzner.open(deadline_s=2).identify()
    hetzner.emulator.limit = None
    hetzner.emulator.add_project("z" * 64)
    hetzner.open("z" * 64, deadline_s=2).identify()
    with pytest.raises(RateLimited, match="pause"):
        hetzner.open(deadline_s=2).identify()


def test_the_pause_after_a_limit_is_short_although_the_reset_is_an_hour_away(hetzner: Cloud) -> None:
    hetzner.emulator.limit = 0
    with pytest.raises(RateLimited) as caught:
        hetzner.open(deadline_s=2).identify()
    assert caught.value.retry_after is not None
    assert caught.value.retry_after <= 5


def test_no_message_shows_the_token(hetzner: Cloud) -> None:
    hetzner.emulator.faults.add(Fault(Kind.STATUS, status=403))
    account = hetzner.open()
    with pytest.raises(PermissionDenied) as caught:
        account.identify()
    assert TOKEN not in f"{caught.value!r} {account!r} {vars(account)!r}"


def test_what_changes_between_two_days_is_what_the_seed_changed(hetzner: Cloud) -> None:
    before, after = (fill(hetzner.emulator, servers=4, day=AT.date(), changes=changes) for changes in (0, 1))
    first, second = (
        {r.name: r.config["type"] for r in hetzner.listed("compute:server", token=credentials["token"])}
        for credentials in (before, after)
    )
    assert set(second) - set(first) == {"web-5"}
    assert {name for name in first if first[name] != second[name]} == {"web-1"}
    volumes = [len(hetzner.listed("compute:volume", token=credentials["token"])) for credentials in (before, after)]
    # web-5 came with a volume of its own.
    assert volumes == [2, 2]
