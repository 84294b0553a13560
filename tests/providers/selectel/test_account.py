"""An account of Selectel: the two planes, projects, regions, static keys, and what is denied."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from app.core.domain.errors import AuthenticationFailed, PermissionDenied, SyncError
from app.core.domain.resources import CostBasis, Resource
from app.core.domain.scopes import Scope
from emulators.keystone import objects, seed
from emulators.selectel.account import Account
from emulators.selectel.emulator import SelectelEmulator
from emulators.selectel.seed import expected, fill, fill_region
from tests.providers.selectel.selectel_cloud import DAY, open_account, read_all, running


@pytest.fixture
def cloud() -> Iterator[SelectelEmulator]:
    with SelectelEmulator() as cloud:
        yield cloud


def _by_type(found: dict[Scope, list[Resource]]) -> dict[str, list[Resource]]:
    types: dict[str, list[Resource]] = {}
    for scope, resources in found.items():
        types.setdefault(scope.resource_type, []).extend(resources)
    return types


def _refused(account: Any) -> dict[Scope, str]:
    words = {}
    for scope in account.scopes():
        try:
            list(account.collect(scope))
        except SyncError as error:
            assert isinstance(error, PermissionDenied)  # noqa: PT017 - either outcome is right
            words[scope] = error.message
    return words


def test_all_projects_and_regions_are_read_in_small_pages() -> None:
    with running(servers=7, page_size=2) as (emulator, credentials):
        found = _by_type(read_all(emulator, credentials))
        ids = {type_: {r.external_id for r in resources} for type_, resources in found.items() if resources}
        assert ids == expected(emulator, credentials)


def test_costs_are_left_to_the_bill_but_for_what_is_free() -> None:
    with running() as (emulator, credentials):
        found = _by_type(read_all(emulator, credentials))
    free = {"network:network", "network:subnet"}
    for type_, resources in found.items():
        for resource in resources:
            assert (resource.cost is not None) == (type_ in free)
    assert found["network:network"][0].cost is not None
    assert found["network:network"][0].cost.basis is CostBasis.PRICE_LIST


def test_nodes_of_kubernetes_name_their_cluster() -> None:
    with running(servers=6) as (emulator, credentials):
        found = _by_type(read_all(emulator, credentials))
    cluster = found["mks:cluster"][0].external_id
    parents = [s.config.get("parent") for s in found["compute:server"]]
    assert parents.count({"type": "mks:cluster", "id": cluster}) == 2
    assert parents.count(None) == 4


def test_metadata_of_servers_is_never_kept(cloud: SelectelEmulator) -> None:
    account = cloud.add_account("123456")
    place = seed.Place(cloud, account.projects[0], "ru-3", DAY)
    seed.add_servers(place, range(1), metadata={"x_hash": "$6$a$b", "anything": "else"}, tags=["preemptible"])
    (server,) = _by_type(read_all(cloud, cloud.credentials(account)))["compute:server"]
    assert server.tags == {"preemptible": ""}


def test_what_belongs_to_the_whole_account_is_one_call_each() -> None:
    with running() as (emulator, credentials):
        read_all(emulator, credentials)
        paths = [r.path for r in emulator.requests]
    assert [paths.count(f"/vpc/resell/v2/{thing}") for thing in ("subnets", "licenses", "projects")] == [1, 1, 1]


def test_services_without_regions_are_read_once_per_project() -> None:
    with running() as (emulator, credentials), closing(open_account(emulator, credentials)) as account:
        scopes = [s for s in account.scopes() if s.resource_type in ("craas:registry", "dns:zone")]
    assert len(scopes) == 4


def test_the_account_is_its_number_and_one_call_checks_it(cloud: SelectelEmulator) -> None:
    account = cloud.add_account("123456")
    with closing(open_account(cloud, cloud.credentials(account))) as opened:
        assert opened.identify() == "123456"
    assert [r.path for r in cloud.requests] == ["/identity/v3/auth/tokens"]


def test_only_named_projects_are_read(cloud: SelectelEmulator) -> None:
    account = cloud.add_account("123456", projects=("prod", "test"))
    wanted = account.projects[1].id
    with closing(open_account(cloud, cloud.credentials(account) | {"project_ids": [wanted]})) as opened:
        assert {s.location.partition("/")[0] for s in opened.scopes()} == {"global", wanted}


def test_a_subnet_of_a_project_that_is_not_read_is_left_out() -> None:
    with running() as (emulator, credentials):
        other = emulator.accounts[credentials["account_id"]].projects[1].id
        with closing(open_account(emulator, credentials | {"project_ids": [other]})) as account:
            assert list(account.collect(Scope("vpc:subnet"))) == []


def test_a_service_user_without_a_role_on_the_account_is_told_what_to_do(cloud: SelectelEmulator) -> None:
    account = cloud.add_account("123456")
    account.user.on_domain = False
    with (
        closing(open_account(cloud, cloud.credentials(account))) as opened,
        pytest.raises(AuthenticationFailed, match="give it the role reader"),
    ):
        opened.identify()


def test_a_static_key_replaces_the_role_on_the_account() -> None:
    with running() as (emulator, credentials):
        account = emulator.accounts[credentials["account_id"]]
        account.user.on_domain = False
        with closing(open_account(emulator, credentials | {"api_key": account.api_key})) as opened:
            assert opened.identify() == account.number
            refused = _refused(opened)
            bill = opened.bill()
    # Dedicated servers take tokens only.
    assert list(refused) == [Scope("dedicated:server")]
    assert "role reader (viewer) on the whole account" in refused[Scope("dedicated:server")]
    assert bill is not None


def test_a_static_key_of_another_account_is_refused(cloud: SelectelEmulator) -> None:
    mine, theirs = cloud.add_account("123456"), cloud.add_account("654321")
    with (
        closing(open_account(cloud, cloud.credentials(mine) | {"api_key": theirs.api_key})) as opened,
        pytest.raises(AuthenticationFailed, match="belongs to account 654321"),
    ):
        opened.identify()


def test_a_wrong_static_key_is_refused(cloud: SelectelEmulator) -> None:
    account = cloud.add_account("123456")
    with (
        closing(open_account(cloud, cloud.credentials(account) | {"api_key": "nonsense"})) as opened,
        pytest.raises(AuthenticationFailed),
    ):
        opened.identify()


def test_a_project_without_a_role_fails_alone_and_by_name(cloud: SelectelEmulator) -> None:
    account = cloud.add_account("123456", projects=("prod", "test"))
    closed = account.projects[1]
    account.user.projects.remove(closed.id)
    with closing(open_account(cloud, cloud.credentials(account))) as opened:
        refused = _refused(opened)
    assert {scope.location.partition("/")[0] for scope in refused} == {closed.id}
    assert all(f"project {closed.id} lets the user not in" in words for words in refused.values())


def test_a_disabled_project_is_not_read(cloud: SelectelEmulator) -> None:
    account = cloud.add_account("123456", projects=("prod", "test"))
    account.projects[1].enabled = False
    with closing(open_account(cloud, cloud.credentials(account))) as opened:
        assert not any(account.projects[1].id in s.location for s in opened.scopes())


@pytest.mark.parametrize(
    ("what", "types"),
    [
        ("volume", {"volume:volume", "volume:snapshot", "volume:backup"}),
        ("object-store", {"storage:bucket"}),
        ("dbaas", {"dbaas:datastore"}),
        # Without the clusters nobody knows which servers are nodes.
        ("mks", {"mks:cluster", "mks:node-group", "compute:server"}),
        ("subnets", {"vpc:subnet"}),
        ("dedicated", {"dedicated:server"}),
    ],
)
def test_a_denied_service_fails_its_own_scopes(what: str, types: set[str]) -> None:
    with running() as (emulator, credentials):
        emulator.deny(credentials, what)
        with closing(open_account(emulator, credentials)) as account:
            refused = _refused(account)
    assert {scope.resource_type for scope in refused} == types


def test_each_project_is_called_with_its_own_token() -> None:
    with running(servers=4) as (emulator, credentials):
        read_all(emulator, credentials)
        used = {}
        for request in emulator.requests:
            if "/volume/" in request.path and "x-auth-token" in request.headers:
                project = request.path.split("/v3/")[1].split("/")[0]
                used.setdefault(project, set()).add(request.headers["x-auth-token"])
    tokens = list(used.values())
    assert len(tokens) == 2
    assert tokens[0].isdisjoint(tokens[1])


def test_expired_tokens_are_renewed_on_both_planes() -> None:
    with running() as (emulator, credentials), closing(open_account(emulator, credentials)) as account:
        scopes = account.scopes()
        emulator.expire_tokens()
        assert len(list(account.collect(Scope("vpc:subnet")))) == 2
        emulator.expire_tokens()
        assert sum(len(list(account.collect(s))) for s in scopes) > 20


def test_an_account_without_projects_has_only_its_own_scopes(cloud: SelectelEmulator) -> None:
    account = cloud.add_account("123456", projects=())
    found = read_all(cloud, cloud.credentials(account))
    assert {scope.location for scope in found} == {"global"}
    assert not any(found.values())


def test_two_accounts_with_the_same_ids_do_not_mix(cloud: SelectelEmulator) -> None:
    def filled(number: str) -> Account:
        account = cloud.add_account(number)
        project, born = account.projects[0], seed.Place(cloud, account.projects[0], "ru-3", DAY).born
        server = objects.server(project, "same-id", f"of {number}", born, zone="ru-3b", size=seed.SIZES[0])
        cloud.put(project, "ru-3", "servers", server)
        return account

    opened = [open_account(cloud, cloud.credentials(filled(number))) for number in ("111111", "222222")]
    with closing(opened[0]), closing(opened[1]):
        pairs = zip(*([(a, s) for s in a.scopes() if s.resource_type == "compute:server"] for a in opened), strict=True)
        names = [[r.name for r in account.collect(scope)] for pair in pairs for account, scope in pair]
    assert names == [[], [], ["of 111111"], ["of 222222"]]


def test_changes_of_the_seed_make_something_appear_change_and_vanish(cloud: SelectelEmulator) -> None:
    before, after = (
        {(r.name, r.status) for r in _by_type(read_all(cloud, credentials))["compute:server"]}
        for credentials in (fill(cloud, servers=8, day=DAY), fill(cloud, servers=8, day=DAY, changes=1))
    )
    assert after - before == {("web-4", "BUILD"), ("web-3", "SHUTOFF")}


def test_ten_thousand_servers_in_one_region(cloud: SelectelEmulator) -> None:
    account = cloud.add_account("123456", projects=())
    project = cloud.add_project(account, "prod", ("ru-3",))
    fill_region(cloud, project, "ru-3", 2, DAY)
    size, born = seed.SIZES[0], seed.Place(cloud, project, "ru-3", DAY).born
    more = (objects.server(project, f"s{n}", "s", born, zone="ru-3b", size=size) for n in range(10_000))
    cloud.put(project, "ru-3", "servers", *more)
    with closing(open_account(cloud, cloud.credentials(account))) as opened:
        found = {r.external_id for r in opened.collect(Scope("compute:server", f"{project.id}/ru-3"))}
    assert len(found) == 10_002
