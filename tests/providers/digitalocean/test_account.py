import logging
import threading
import time

import pytest

from app.core.domain.errors import AuthenticationFailed, PermissionDenied, RateLimited, ResponseInvalid
from app.core.domain.resources import canonical_json
from app.core.domain.scopes import Scope
from emulators.digitalocean import things
from emulators.digitalocean.emulator import DigitalOceanEmulator
from emulators.digitalocean.seed import change, fill
from emulators.kit.faults import Fault, Kind
from emulators.kit.server import Reply
from tests.providers.digitalocean.cloud import TODAY, cloud, collected, everything, expected, moment_of, opened, team_of

DROPLET = "compute:droplet"


def test_the_account_is_the_team_and_every_scope_is_everywhere():
    with cloud(servers=1) as (emulator, credentials), opened(emulator, credentials) as account:
        assert account.identify() == team_of(emulator, credentials).uuid
        scopes = account.scopes()
    assert [scope for scope in scopes if scope.location != "global"] == [
        Scope("spaces:bucket", "fra1"),
        Scope("spaces:bucket", "nyc3"),
    ]
    assert len(scopes) == 21


def test_a_token_without_a_team_is_known_by_its_user():
    with cloud(servers=1) as (emulator, credentials), opened(emulator, credentials) as account:
        user = {"account": {"uuid": "user-7", "email": "x@example.com"}}
        emulator.routes.insert(0, ("GET", "/v2/account", lambda _: Reply(user)))
        assert account.identify() == "user-7"


def test_an_empty_team_has_nothing_and_needs_one_call_a_scope():
    with cloud(servers=0) as (emulator, credentials), opened(emulator, credentials) as account:
        assert everything(account) == {}
        assert len(emulator.requests) == len(account.scopes())


def test_ten_thousand_droplets_take_fifty_calls_and_little_time():
    with DigitalOceanEmulator() as emulator:
        credentials = fill(emulator, servers=1, day=TODAY)
        team = team_of(emulator, credentials)
        team.lists["droplets"] = [
            things.droplet(number, f"web-{number}", "c-4", "fra1", "2026-01-10T08:00:00Z") for number in range(10_000)
        ]
        with opened(emulator, credentials) as account:
            start = time.monotonic()
            assert len(collected(account, DROPLET)) == 10_000
            assert time.monotonic() - start < 20
        assert len(emulator.requests) == 50


def test_two_teams_with_the_same_ids_side_by_side_see_only_their_own():
    with DigitalOceanEmulator(largest_page=3) as emulator:
        teams = [fill(emulator, servers=servers, day=TODAY) for servers in (4, 9)]
        found: dict[int, set[tuple[str, str]]] = {}

        def read(index: int) -> None:
            with opened(emulator, teams[index]) as account:
                found[index] = set(everything(account))

        threads = [threading.Thread(target=read, args=(index,)) for index in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for index, credentials in enumerate(teams):
            ids = expected(team_of(emulator, credentials))
            assert found[index] == {(type_, id_) for type_, of_type in ids.items() for id_ in of_type}


def test_what_changed_between_two_syncs_is_seen_and_nothing_else():
    with cloud(servers=5) as (emulator, credentials), opened(emulator, credentials) as account:
        team = team_of(emulator, credentials)
        change(team, 1, TODAY)
        before = everything(account)
        change(team, 2, TODAY)
        after = everything(account)
    assert set(after) - set(before) == {(DROPLET, "6902")}
    assert set(before) - set(after) == {(DROPLET, "6901")}
    common = set(before) & set(after)
    changed = {key for key in common if before[key].fingerprint() != after[key].fingerprint()}
    assert changed == {(DROPLET, "900")}
    assert after[DROPLET, "900"].tags == {"env": "prod", "release": "2"}


def test_a_workers_cluster_and_a_volumes_droplet_exist():
    with cloud() as (emulator, credentials), opened(emulator, credentials) as account:
        found = everything(account)
    parents = [resource.config["parent"] for resource in found.values() if "parent" in resource.config]
    assert len(parents) == 8
    assert all((parent["type"], parent["id"]) in found for parent in parents)


def test_a_denied_service_fails_alone_and_names_the_scope_to_give():
    with cloud(servers=2) as (emulator, credentials), opened(emulator, credentials) as account:
        emulator.deny(credentials, "databases")
        assert collected(account, DROPLET)
        with pytest.raises(PermissionDenied) as caught:
            collected(account, "databases:cluster")
    assert caught.value.message == (
        "this token may not read the databases: not allowed (HTTP 403: You are not authorized to perform this "
        "operation); give the token the scope database:read"
    )


def test_a_revoked_token_is_refused_at_once():
    with cloud(servers=2) as (emulator, _credentials), opened(emulator, {"token": "dop_v1_gone"}) as account:
        with pytest.raises(AuthenticationFailed) as caught:
            account.identify()
        assert len(emulator.requests) == 1
    assert "Unable to authenticate you" in caught.value.message


def test_the_burst_limit_is_waited_for_as_the_cloud_asks():
    with cloud(servers=1) as (emulator, credentials), opened(emulator, credentials) as account:
        emulator.faults.add(Fault(Kind.STATUS, times=2, status=429, headers={"retry-after": "0"}))
        assert collected(account, DROPLET)


def test_the_hourly_limit_says_when_the_oldest_call_leaves_and_the_error_hands_it_on():
    with cloud(servers=1) as (emulator, credentials), opened(emulator, credentials, patience_s=2) as account:
        emulator.limit, emulator.is_burst = 0, False
        emulator.faults.add(
            Fault(Kind.STATUS, status=429, headers={"ratelimit-reset": str(int(time.time()) + 1800)}, words="too many")
        )
        with pytest.raises(RateLimited) as caught:
            collected(account, DROPLET)
    assert caught.value.retry_after is not None
    assert caught.value.retry_after > 30


def test_the_next_page_is_asked_of_the_same_address_not_of_the_link():
    with cloud(servers=7, largest_page=2) as (emulator, credentials), opened(emulator, credentials) as account:
        assert len(collected(account, DROPLET)) == 9
        asked = [request.query["page"][0] for request in emulator.requests]
    assert asked == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("body", [{}, {"account": None}, {"account": {"uuid": ""}}, [], "x"])
def test_an_account_without_an_id_is_refused(body):
    with cloud(servers=1) as (emulator, credentials), opened(emulator, credentials) as account:
        emulator.routes.insert(0, ("GET", "/v2/account", lambda _: Reply(body)))
        with pytest.raises(ResponseInvalid):
            account.identify()


def test_no_secret_of_the_cloud_or_the_customer_is_kept_or_logged(caplog):
    caplog.set_level(logging.DEBUG)
    with cloud() as (emulator, credentials), opened(emulator, credentials) as account:
        account.identify()
        found = [(repr(resource), canonical_json(resource.config)) for resource in everything(account).values()]
        emulator.faults.add(Fault(Kind.STATUS, status=403))
        with pytest.raises(PermissionDenied) as caught:
            list(account.collect(Scope(DROPLET)))
    seen = f"{found} {caplog.text} {caught.value!r} {account!r}"
    assert things.SECRET not in seen
    assert credentials["token"] not in seen


def test_prices_are_of_the_day_of_the_sync():
    with cloud(servers=1) as (emulator, credentials):
        costs = []
        for day in (TODAY.replace(day=28), TODAY.replace(day=29)):
            with opened(emulator, credentials, at=moment_of(day)) as account:
                costs.append(next(iter(collected(account, "volumes:volume").values())).cost)
    assert [cost is not None and cost.amount != 0 for cost in costs] == [True, False]


@pytest.mark.parametrize("price", [1e30, -1.0, "NaN", "much"])
def test_a_price_that_cannot_be_one_is_refused(price):
    with cloud(servers=1) as (emulator, credentials), opened(emulator, credentials) as account:
        droplet = team_of(emulator, credentials).lists["droplets"][0]
        droplet["size"] |= {"price_hourly": price}
        with pytest.raises(ResponseInvalid, match="price_hourly"):
            collected(account, DROPLET)
