"""Connections: added, checked, changed, removed, re-encrypted."""

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from app.core.domain.errors import AuthenticationFailed, PermissionDenied, SyncError
from app.core.domain.scopes import Scope
from app.core.models import CloudProvider
from app.core.persistence.users import UnknownUser
from app.core.services.connection_service import CheckResult, ConnectionProblem, ConnectionService
from app.core.services.runtime import Runtime
from app.providers.registry import UnknownProvider
from app.security.vault import CredentialVault
from tests.support.databases import sqlite_only
from tests.support.factories import add_connection, add_user
from tests.support.runtimes import KEY, OTHER_KEY
from tests.support.scripted_provider import NAME, ScriptedAccount, ScriptedProvider

EMAIL = "owner@example.com"


@pytest.fixture
def service(runtime: Runtime, cloud: ScriptedProvider) -> ConnectionService:
    add_user(runtime, email=EMAIL)
    cloud.accounts["good"] = ScriptedAccount({Scope("vm"): []}, identify="account-7")
    return ConnectionService(runtime)


def add(service: ConnectionService, name: str = "main", key: str = "good", **rest: object) -> CheckResult | None:
    return service.add(EMAIL, provider=NAME, name=name, credentials={"key": key}, **rest)  # type: ignore[arg-type]


def rows(runtime: Runtime) -> list[CloudProvider]:
    with runtime.sessions() as session:
        return list(session.scalars(select(CloudProvider)))


def test_a_checked_connection_is_stored_encrypted(runtime: Runtime, service: ConnectionService) -> None:
    assert add(service) == CheckResult("account-7", scopes=1, tried=1)
    (row,) = rows(runtime)
    assert (row.connection_name, row.auto_sync, row.is_active, row.sync_interval) == ("main", True, True, "daily")
    assert "good" not in (row.credentials or "")
    assert runtime.vault.decrypt(row.credentials or "") == {"key": "good"}


@sqlite_only
def test_a_refused_credential_is_stored_only_unchecked(runtime: Runtime, service: ConnectionService) -> None:
    with pytest.raises(AuthenticationFailed):
        add(service, key="bad")
    assert rows(runtime) == []
    assert add(service, key="bad", check=False) is None
    assert len(rows(runtime)) == 1


@sqlite_only
def test_what_does_not_fit_is_refused_before_anything_is_stored(runtime: Runtime, service: ConnectionService) -> None:
    with pytest.raises(UnknownUser):
        service.add("who@example.com", provider=NAME, name="main", credentials={"key": "good"})
    with pytest.raises(UnknownProvider):
        service.add(EMAIL, provider="moon", name="main", credentials={"key": "good"})
    with pytest.raises(SyncError, match="colour: Extra inputs"):
        service.add(EMAIL, provider=NAME, name="main", credentials={"key": "good", "colour": "red"})
    for name in ("", " ", "a" * 101, "line\nbreak"):
        with pytest.raises(ConnectionProblem, match="1 to 100 printable"):
            add(service, name=name)
    for url in (
        "host",
        "ftp://host",
        "http://",
        "http://user@host",
        "http://host:0",
        "http://[",
        "http://" + "h" * 500,
    ):
        with pytest.raises(ConnectionProblem, match="no endpoint"):
            add(service, api_endpoint=url)
    assert rows(runtime) == []


def test_a_name_is_free_again_after_removal_and_the_credential_is_gone(
    runtime: Runtime, service: ConnectionService
) -> None:
    add(service)
    with pytest.raises(ConnectionProblem, match="already"):
        add(service)
    service.remove(EMAIL, "main")
    add(service)
    removed, fresh = sorted(rows(runtime), key=lambda row: row.id)
    assert (removed.is_deleted, removed.credentials) == (True, None)
    assert fresh.is_deleted is False
    assert [row.id for row, _ in service.listing(EMAIL)] == [fresh.id]


@sqlite_only
def test_a_new_credential_that_fails_leaves_the_old_one(runtime: Runtime, service: ConnectionService) -> None:
    add(service)
    with pytest.raises(AuthenticationFailed):
        service.set_credentials(EMAIL, "main", {"key": "bad"})
    assert service.test(EMAIL, "main").account_id == "account-7"


@sqlite_only
def test_rotation_re_encrypts_with_the_first_key_and_names_what_it_cannot_read(
    runtime: Runtime, service: ConnectionService
) -> None:
    add(service)
    user_id = rows(runtime)[0].user_id
    add_connection(runtime, user_id, connection_name="lost", credentials=CredentialVault([OTHER_KEY]).encrypt({}))
    fresh = Fernet.generate_key().decode()
    both = CredentialVault([fresh, KEY])
    rotation = ConnectionService(Runtime(runtime.settings, runtime.sessions, both)).rotate_keys()
    assert (rotation.rotated, rotation.unreadable) == (1, (f"lost (user {user_id})",))
    token = next(row.credentials for row in rows(runtime) if row.connection_name == "main")
    assert CredentialVault([fresh]).decrypt(token or "") == {"key": "good"}


@sqlite_only
@pytest.mark.parametrize(
    "host", ["127.0.0.1:80", "localhost", "10.1.2.3", "169.254.169.254", "[::1]", "[::ffff:7f00:1]"]
)
def test_an_endpoint_within_a_network_is_an_operators_to_choose(
    runtime: Runtime, service: ConnectionService, host: str
) -> None:
    with pytest.raises(PermissionDenied, match="only an operator can allow"):
        add(service, api_endpoint=f"http://{host}", endpoint_trusted=False)
    assert rows(runtime) == []
    add(service, api_endpoint=f"http://{host}")
    assert [row.endpoint_trusted for row in rows(runtime)] == [True]


@sqlite_only
def test_a_customers_endpoint_stays_within_the_policy_when_it_is_changed(
    runtime: Runtime, service: ConnectionService
) -> None:
    add(service, api_endpoint="https://8.8.8.8", endpoint_trusted=False, check=False)
    with pytest.raises(PermissionDenied):
        service.set_credentials(EMAIL, "main", {"key": "good"}, api_endpoint="http://127.0.0.1")
    assert [row.api_endpoint for row in rows(runtime)] == ["https://8.8.8.8"]
