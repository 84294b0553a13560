import threading
from contextlib import closing

import pytest

from app.core.domain.errors import AuthenticationFailed, PermissionDenied, ProviderUnavailable, RateLimited, SyncError
from app.core.domain.scopes import Scope
from app.providers.beget.catalog import CLOUD, HOSTING
from emulators.beget.accounts import Account
from emulators.beget.emulator import BegetEmulator
from emulators.beget.seed import change, fill
from tests.providers.beget.beget_cloud import DAY, account_of, beget_cloud, collect, everything, open_account
from tests.providers.beget.conftest import Cloud

INFO = {"plan_name": "Noble", "user_rate_current": "11.67"}


def test_identify_takes_one_call_and_names_the_login(cloud: Cloud) -> None:
    assert cloud.open().identify() == "demo1"
    assert cloud.paths() == ["/v1/auth"]


def test_there_is_no_bill(cloud: Cloud) -> None:
    assert cloud.open().bill() is None
    assert cloud.paths() == []


def test_hosting_is_left_out_when_the_credential_says_so(cloud: Cloud) -> None:
    assert [scope.resource_type for scope in cloud.open(hosting=False).scopes()] == list(CLOUD)
    assert [scope.resource_type for scope in cloud.open().scopes()] == [*CLOUD, *HOSTING]


def test_an_empty_account_has_empty_scopes(cloud: Cloud) -> None:
    cloud.holds.info = INFO
    account = cloud.open()
    found = {scope.resource_type: len(list(account.collect(scope))) for scope in account.scopes()}
    assert found == dict.fromkeys([*CLOUD, *HOSTING], 0) | {"hosting:account": 1}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("INCORRECT_CODE", AuthenticationFailed),
        ("ACCOUNT_DELETED", AuthenticationFailed),
        ("CODE_INPUT_LIMIT", RateLimited),
        ("ACCOUNT_ON_MAINTANCE", ProviderUnavailable),
    ],
)
def test_a_refused_login_fails_the_account_after_one_request(cloud: Cloud, code: str, kind: type[SyncError]) -> None:
    cloud.holds.login_error = code
    with pytest.raises(kind):
        cloud.open().identify()
    assert cloud.paths() == ["/v1/auth"]


@pytest.mark.parametrize("code", ["CODE_REQUIRED", "CODE_REQUIRED_SMS", "IP_BLOCKED"])
def test_a_login_shut_out_of_the_cloud_api_still_reads_its_hosting(cloud: Cloud, code: str) -> None:
    cloud.holds.login_error, cloud.holds.info = code, INFO
    account = cloud.open()
    assert account.identify() == "demo1"
    for resource_type in CLOUD:
        with pytest.raises(PermissionDenied, match=code):
            list(account.collect(Scope(resource_type)))
    assert [resource.external_id for resource in account.collect(Scope("hosting:account"))] == ["demo1"]
    assert cloud.paths().count("/v1/auth") == 1


def test_a_login_shut_out_of_both_apis_hears_about_the_cloud_api(cloud: Cloud) -> None:
    cloud.holds.login_error, cloud.holds.api_enabled = "CODE_REQUIRED", False
    with pytest.raises(PermissionDenied, match="second factor"):
        cloud.open().identify()
    with pytest.raises(PermissionDenied, match="second factor"):
        cloud.open(hosting=False).identify()


def test_without_the_hosting_api_the_cloud_is_read_and_hosting_says_where_to_switch_it_on() -> None:
    with beget_cloud() as (emulator, credentials):
        holds = account_of(emulator, credentials)
        holds.api_enabled = False
        with closing(open_account(emulator, credentials)) as account:
            account.identify()
            for resource_type in CLOUD:
                assert set(collect(account, resource_type)) == everything(holds)[resource_type]
            for resource_type in HOSTING:
                with pytest.raises(AuthenticationFailed, match="switch API access on in Beget's control panel"):
                    collect(account, resource_type)


@pytest.mark.parametrize("omits_nothing", [True, False])
def test_zeros_that_are_sent_and_zeros_that_are_left_out_mean_the_same(omits_nothing: bool) -> None:
    with (
        beget_cloud(omits_nothing=omits_nothing, page_size=3) as (emulator, credentials),
        closing(open_account(emulator, credentials)) as account,
    ):
        found = {scope.resource_type: set(collect(account, scope.resource_type)) for scope in account.scopes()}
        assert found == everything(account_of(emulator, credentials))


def test_tokens_that_expire_between_pages_are_renewed() -> None:
    with (
        beget_cloud(servers=6, page_size=2) as (emulator, credentials),
        closing(open_account(emulator, credentials)) as account,
    ):
        found = set()
        for server in account.collect(Scope("vps:server")):
            found.add(server.external_id)
            emulator.expire_tokens()
        assert found == everything(account_of(emulator, credentials))["vps:server"]
        paths = [request.path for request in emulator.requests]
        assert paths.count("/v1/auth") == 3


def test_a_denied_path_costs_only_its_scope(cloud: Cloud) -> None:
    cloud.emulator.deny({"login": "demo1"}, "/v1/vps/snapshot")
    account = cloud.open()
    with pytest.raises(PermissionDenied, match="access denied"):
        list(account.collect(Scope("vps:snapshot")))
    assert list(account.collect(Scope("vps:server"))) == []


def test_two_accounts_with_the_same_ids_are_read_side_by_side() -> None:
    with BegetEmulator(page_size=1) as emulator:
        for login, name in (("one", "first"), ("two", "second")):
            servers = [{"id": str(number), "display_name": name} for number in range(20)]
            emulator.add(Account(login, f"secret of {login}", servers=servers))
        names: dict[str, set[str]] = {}

        def read(login: str) -> None:
            with closing(open_account(emulator, {"login": login, "password": f"secret of {login}"})) as account:
                names[login] = {server.name for server in account.collect(Scope("vps:server"))}

        threads = [threading.Thread(target=read, args=(login,)) for login in ("one", "two")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert names == {"one": {"first"}, "two": {"second"}}


def test_changes_are_seen_and_nothing_else() -> None:
    with beget_cloud(servers=4) as (emulator, credentials):
        holds = account_of(emulator, credentials)

        def prints() -> dict[tuple[str, str], str]:
            with closing(open_account(emulator, credentials)) as account:
                return {
                    (scope.resource_type, id_): resource.fingerprint()
                    for scope in account.scopes()
                    for id_, resource in collect(account, scope.resource_type).items()
                }

        before, gone = prints(), holds.mailboxes[-1]
        change(holds, 1, DAY)
        after = prints()
    grown, new = holds.servers[0]["id"], holds.servers[-1]["id"]
    assert after.keys() - before.keys() == {("vps:server", new)}
    assert before.keys() - after.keys() == {("hosting:mailbox", f"{gone['mailbox']}@{gone['domain']}")}
    assert {key for key in before.keys() & after.keys() if before[key] != after[key]} == {("vps:server", grown)}


def test_accounts_are_filled_the_same_every_time() -> None:
    with BegetEmulator() as one, BegetEmulator() as two:
        for emulator in (one, two):
            fill(emulator, servers=3, day=DAY)
            fill(emulator, servers=5, day=DAY, changes=2)
        assert one.accounts == two.accounts
        assert list(one.accounts) == ["company1", "company2"]


def test_ten_thousand_servers_are_one_scope() -> None:
    with (
        beget_cloud(servers=10_000) as (emulator, credentials),
        closing(open_account(emulator, credentials)) as account,
    ):
        assert len(collect(account, "vps:server")) == 10_000
