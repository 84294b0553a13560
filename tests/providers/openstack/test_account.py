"""An account of an OpenStack cloud: ways in, projects, regions, pages, old and broken clouds."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from app.core.domain.errors import AuthenticationFailed, PermissionDenied, ResponseInvalid, SyncError, TransientError
from app.core.domain.resources import UNKNOWN_COST
from app.core.domain.scopes import Scope
from app.providers.base import CallStats
from emulators.keystone import network_objects, objects, seed
from emulators.kit.faults import Fault, Kind
from emulators.kit.server import Reply
from emulators.openstack.emulator import OpenStackEmulator
from emulators.openstack.seed import expected, fill
from tests.providers.openstack.openstack_cloud import DAY, open_account, read_all, running


@pytest.fixture
def cloud() -> Iterator[OpenStackEmulator]:
    with OpenStackEmulator() as cloud:
        yield cloud


def _one_project(cloud: OpenStackEmulator, *regions: str, name: str = "anna") -> tuple[seed.Place, dict[str, Any]]:
    user = cloud.add_user(name, "hunter2")
    project = cloud.add_project(user, "prod", regions or ("RegionOne",))
    place = seed.Place(cloud, project, project.regions[0], DAY)
    return place, {"auth_url": cloud.url, "username": name, "password": "hunter2"}


def _listed(credentials: dict[str, Any], resource_type: str, place: seed.Place) -> list[Any]:
    with closing(open_account(credentials)) as account:
        return list(account.collect(Scope(resource_type, f"{place.project.id}/{place.region}")))


def test_all_projects_and_regions_are_read_and_costs_are_unknown() -> None:
    with running(servers=7, page_size=3) as (emulator, credentials):
        found = read_all(credentials)
        types: dict[str, set[str]] = {}
        for scope, resources in found.items():
            types.setdefault(scope.resource_type, set()).update(r.external_id for r in resources)
            assert all(r.cost == UNKNOWN_COST for r in resources)
        assert {type_: ids for type_, ids in types.items() if ids} == expected(emulator, credentials)


def test_there_is_no_bill(cloud: OpenStackEmulator) -> None:
    with closing(open_account(_one_project(cloud)[1])) as account:
        assert account.bill() is None


def test_without_a_project_the_account_is_the_users(cloud: OpenStackEmulator) -> None:
    _, credentials = _one_project(cloud)
    with closing(open_account(credentials)) as account:
        assert account.identify() == cloud.directory.users["Default", "anna"].id
    assert len(cloud.requests) == 1


@pytest.mark.parametrize("by", ["project_id", "project_name"])
def test_a_named_project_is_the_only_one_that_is_read(cloud: OpenStackEmulator, by: str) -> None:
    place, credentials = _one_project(cloud)
    cloud.add_project(cloud.directory.users["Default", "anna"], "other")
    named = {"project_id": place.project.id, "project_name": "prod"}[by]
    with closing(open_account(credentials | {by: named})) as account:
        assert account.identify() == place.project.id
        assert {scope.location for scope in account.scopes()} == {f"{place.project.id}/RegionOne"}


def test_an_application_credential_opens_its_project(cloud: OpenStackEmulator) -> None:
    place, _ = _one_project(cloud)
    user = cloud.directory.users["Default", "anna"]
    id_ = cloud.add_application_credential(user, place.project, "s3cret")
    given = {"auth_url": cloud.url, "application_credential_id": id_, "application_credential_secret": "s3cret"}
    with closing(open_account(given)) as account:
        assert account.identify() == place.project.id
        assert account.scopes()
    with (
        closing(open_account(given | {"application_credential_secret": "no"})) as account,
        pytest.raises(AuthenticationFailed),
    ):
        account.identify()


def test_a_user_without_projects_is_told_so(cloud: OpenStackEmulator) -> None:
    cloud.add_user("anna", "hunter2")
    with closing(open_account({"auth_url": cloud.url, "username": "anna", "password": "hunter2"})) as account:
        account.identify()
        with pytest.raises(PermissionDenied, match="may enter no project"):
            account.scopes()


def test_the_endpoint_of_the_connection_replaces_the_address(cloud: OpenStackEmulator) -> None:
    _, credentials = _one_project(cloud)
    elsewhere = credentials | {"auth_url": "https://cloud.example:5000/v3"}
    with closing(open_account(elsewhere, api_endpoint=cloud.url)) as account:
        assert account.identify()


def test_an_empty_project_has_scopes_and_nothing_in_them(cloud: OpenStackEmulator) -> None:
    found = read_all(_one_project(cloud)[1])
    assert len(found) == 12
    assert not any(found.values())


def test_regions_that_are_named_are_the_only_ones_read(cloud: OpenStackEmulator) -> None:
    place, credentials = _one_project(cloud, "r1", "r2")
    with closing(open_account(credentials | {"regions": ["r2"]})) as account:
        assert {scope.location for scope in account.scopes()} == {f"{place.project.id}/r2"}


def test_a_region_that_does_not_exist_fails_by_name(cloud: OpenStackEmulator) -> None:
    place, credentials = _one_project(cloud)
    with closing(open_account(credentials | {"regions": ["RegionOne", "typo"]})) as account:
        scope = Scope("compute:server", f"{place.project.id}/typo")
        assert scope in account.scopes()
        with pytest.raises(PermissionDenied, match="project prod, region typo has no compute"):
            list(account.collect(scope))


def test_a_dead_region_fails_only_its_scopes_and_is_not_called_for_the_plan(cloud: OpenStackEmulator) -> None:
    place, credentials = _one_project(cloud, "r1", "dead")
    cloud.dead_regions.add("dead")
    seed.add_servers(place, range(2))
    with closing(open_account(credentials, patience_s=1)) as account:
        assert len(account.scopes()) == 24
        assert len(list(account.collect(Scope("compute:server", f"{place.project.id}/r1")))) == 2
        with pytest.raises(TransientError):
            list(account.collect(Scope("compute:server", f"{place.project.id}/dead")))


def test_a_denied_service_names_itself_and_what_to_do(cloud: OpenStackEmulator) -> None:
    place, credentials = _one_project(cloud)
    cloud.deny(credentials, "volume")
    assert _listed(credentials, "compute:server", place) == []
    with pytest.raises(PermissionDenied) as caught:
        _listed(credentials, "volume:volume", place)
    assert caught.value.message.startswith("block-storage of project prod, region RegionOne: not allowed (HTTP 403")
    assert caught.value.message.endswith("give the user a role there that may list, such as reader")


def test_a_project_that_lets_nobody_in_fails_alone(cloud: OpenStackEmulator) -> None:
    place, credentials = _one_project(cloud)
    closed = cloud.add_project(cloud.directory.users["Default", "anna"], "closed")
    body = Fault(Kind.STATUS, path="/auth/tokens", after=2, times=1, status=401)
    cloud.faults.add(body)
    with closing(open_account(credentials)) as account:
        scopes = account.scopes()
        failed = {s.location.partition("/")[0] for s in scopes if _fails(account, s)}
    assert len(failed) == 1
    assert failed < {place.project.id, closed.id}


def test_a_keystone_that_fails_for_one_project_fails_the_plan(cloud: OpenStackEmulator) -> None:
    _, credentials = _one_project(cloud)
    cloud.add_project(cloud.directory.users["Default", "anna"], "second")
    cloud.faults.add(Fault(Kind.STATUS, path="/auth/tokens", after=2, status=503))
    with closing(open_account(credentials, patience_s=0.5)) as account, pytest.raises(TransientError):
        account.scopes()


def _fails(account: Any, scope: Scope) -> bool:
    try:
        list(account.collect(scope))
    except PermissionDenied as error:
        assert "lets the user not in" in error.message  # noqa: PT017 - either outcome is right
        return True
    return False


def test_a_token_that_expires_is_renewed_once(cloud: OpenStackEmulator) -> None:
    place, credentials = _one_project(cloud)
    seed.add_servers(place, range(3))
    with closing(open_account(credentials)) as account:
        account.scopes()
        cloud.expire_tokens()
        cloud.requests.clear()
        assert len(list(account.collect(Scope("compute:server", f"{place.project.id}/RegionOne")))) == 3
    assert [r.path for r in cloud.requests if r.method == "POST"] == ["/v3/auth/tokens"]


@pytest.mark.parametrize("minor", [1, 38, 46])
def test_an_old_cloud_names_flavors_only_and_they_are_read_once(minor: int) -> None:
    with OpenStackEmulator(compute_minor=minor) as cloud:
        place, credentials = _one_project(cloud)
        seed.add_servers(place, range(4))
        found = _listed(credentials, "compute:server", place)
        assert [s.config["memory_mib"] for s in found] == [1024, 4096, 16384, 1024]
        assert [r.path.rpartition("/v2.1/")[2] for r in cloud.requests].count("flavors/detail") == 1


def test_a_flavor_that_is_not_listed_any_more_is_read_by_itself() -> None:
    with OpenStackEmulator(compute_minor=38) as cloud:
        place, credentials = _one_project(cloud)
        size = {"name": "old", "vcpus": 8, "ram": 512, "disk": 1}
        for n, name in enumerate(("hidden", "deleted")):
            server = objects.server(place.project, f"s{n}", name, place.born, zone="z", size=size | {"name": name})
            place.put("servers", server)
        place.put("hidden_flavors", objects.flavor("hidden", "hidden", 8, 512, 1))
        hidden, deleted = _listed(credentials, "compute:server", place)
        assert (hidden.config["vcpus"], hidden.config["type"]) == (8, "hidden")
        assert deleted.config["type"] == "deleted"
        assert "vcpus" not in deleted.config


def test_what_others_own_or_share_is_not_listed(cloud: OpenStackEmulator) -> None:
    place, credentials = _one_project(cloud)
    stranger = cloud.add_project(cloud.add_user("eve", "x"), "theirs")
    place.put("networks", network_objects.network(stranger, "n1", "shared", place.born, subnets=[], shared=True))
    place.put("loadbalancers", network_objects.load_balancer(stranger, "l1", "theirs", place.born, address="10.0.0.1"))
    place.put("images", objects.image(stranger, "i1", "theirs", place.born, size=1))
    assert not any(read_all(credentials).values())


def test_a_used_floating_ip_finds_its_server_by_the_port(cloud: OpenStackEmulator) -> None:
    place, credentials = _one_project(cloud)
    seed.add_network(place)
    used, free = _listed(credentials, "network:floating-ip", place)
    assert used.config["parent"] == {"type": "compute:server", "id": place.id("server")}
    assert "parent" not in free.config


def test_two_users_with_the_same_ids_do_not_mix(cloud: OpenStackEmulator) -> None:
    accounts = []
    for n, name in enumerate(("anna", "boris")):
        place, credentials = _one_project(cloud, name=name)
        size = seed.SIZES[n]
        place.put("servers", objects.server(place.project, "same-id", name, place.born, zone="z", size=size))
        accounts.append((open_account(credentials), Scope("compute:server", f"{place.project.id}/RegionOne")))
    with closing(accounts[0][0]), closing(accounts[1][0]):
        names = [[r.name for r in account.collect(scope)] for account, scope in accounts]
    assert names == [["anna"], ["boris"]]


def test_the_older_rate_limit_of_413_is_obeyed(cloud: OpenStackEmulator) -> None:
    place, credentials = _one_project(cloud)
    wait = Fault(Kind.STATUS, path="/servers/detail", times=1, status=413, headers={"retry-after": "0"})
    cloud.faults.add(wait)
    assert _listed(credentials, "compute:server", place) == []


def test_ten_thousand_servers_come_in_pages_of_a_thousand(cloud: OpenStackEmulator) -> None:
    place, credentials = _one_project(cloud)
    size = seed.SIZES[0]
    place.put(
        "servers",
        *(objects.server(place.project, f"s{n}", "s", place.born, zone="z", size=size) for n in range(10_000)),
    )
    assert len({r.external_id for r in _listed(credentials, "compute:server", place)}) == 10_000
    assert sum("servers/detail" in r.path for r in cloud.requests) == 10


@pytest.mark.parametrize("status", [401, 403, 400, 500])
def test_a_password_that_the_cloud_repeats_reaches_no_message(cloud: OpenStackEmulator, status: int) -> None:
    _, credentials = _one_project(cloud)
    words = "no such password: hunter2-and-more"
    cloud.faults.add(Fault(Kind.STATUS, path="/auth/tokens", status=status, words=words))
    given = credentials | {"password": "hunter2-and-more"}
    with closing(open_account(given, patience_s=0.2)) as account, pytest.raises(SyncError) as caught:
        account.identify()
    assert "hunter2" not in caught.value.message


def test_an_address_inside_the_network_needs_an_operators_word(cloud: OpenStackEmulator) -> None:
    _, credentials = _one_project(cloud)
    with (
        closing(open_account(credentials, endpoint_trusted=False)) as account,
        pytest.raises(PermissionDenied, match="inside a private network"),
    ):
        account.identify()
    assert not cloud.requests


def test_an_answer_without_a_token_is_refused(cloud: OpenStackEmulator) -> None:
    _, credentials = _one_project(cloud)
    cloud.routes.insert(0, ("POST", "/v3/auth/tokens", lambda _: Reply({"token": {}}, 201)))
    with closing(open_account(credentials)) as account, pytest.raises(ResponseInvalid):
        account.identify()


def test_calls_are_counted(cloud: OpenStackEmulator) -> None:
    _, credentials = _one_project(cloud)
    stats = CallStats()
    with closing(open_account(credentials, stats=stats)) as account:
        account.identify()
        for scope in account.scopes():
            list(account.collect(scope))
    assert stats == CallStats(calls=len(cloud.requests))


def test_changes_of_the_seed_make_something_appear_change_and_vanish(cloud: OpenStackEmulator) -> None:
    def servers(credentials: dict[str, Any]) -> dict[str, str]:
        found = read_all(credentials)
        return {r.name: r.status for s, rs in found.items() if s.resource_type == "compute:server" for r in rs}

    before = servers(fill(cloud, servers=8, day=DAY))
    after = servers(fill(cloud, servers=8, day=DAY, changes=1))
    assert after.keys() - before.keys() == {"web-4"}
    assert "SHUTOFF" in after.values()
