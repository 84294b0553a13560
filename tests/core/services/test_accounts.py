"""The border to plugins: no error that crosses it carries a secret, whoever put it there."""

import base64
import logging
from collections.abc import Callable
from datetime import date
from urllib.parse import quote

import pytest

from app.core.domain.costs import Bill
from app.core.domain.errors import AuthenticationFailed, ProviderUnavailable, RateLimited, SyncError
from app.core.domain.resources import Resource
from app.core.domain.runs import SyncStatus
from app.core.domain.scopes import Scope
from app.core.models import CloudProvider
from app.core.services.accounts import UnexpectedError
from app.core.services.connection_service import ConnectionService
from app.core.services.runtime import Runtime
from tests.support.databases import sqlite_only
from tests.support.factories import add_connection, add_user
from tests.support.scripted_provider import Broken, ScriptedAccount, ScriptedProvider
from tests.support.syncs import latest_sync, sync_connection

pytestmark = sqlite_only

SECRET = "hush/hush+42"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\n"
FORMS = (SECRET, quote(SECRET, safe=""), base64.b64encode(f"me:{SECRET}".encode()).decode(), "MIIEvQIBADANBgkq")
ECHO = f"the cloud does not like {', '.join(FORMS)}"
VM = Scope("vm", "r1")


@pytest.fixture
def connection(runtime: Runtime) -> int:
    credentials = {"key": "key", "secret": SECRET, "account": {"private_key": KEY}}
    return add_connection(
        runtime,
        add_user(runtime, email="u@example.com"),
        connection_name="main",
        credentials=runtime.vault.encrypt(credentials),
    )


def nothing_leaked(*said: object) -> None:
    together = " ".join(map(str, said))
    assert "the cloud does not like ***, ***, " in together
    assert not [form for form in FORMS if form in together]


@pytest.mark.parametrize(
    "account",
    [
        lambda error: ScriptedAccount(identify=error),
        lambda error: ScriptedAccount(listing=error),
        lambda error: ScriptedAccount({VM: Broken(error, after=[Resource("a")])}),
        lambda error: ScriptedAccount({VM: [Resource("a")]}, bill=error),
    ],
    ids=["identify", "scopes", "collect", "bill"],
)
@pytest.mark.parametrize("error", [ProviderUnavailable(ECHO), RateLimited(ECHO, 3), RuntimeError(ECHO)], ids=repr)
def test_what_a_cloud_or_a_bug_echoes_is_masked_everywhere(
    runtime: Runtime,
    cloud: ScriptedProvider,
    connection: int,
    caplog: pytest.LogCaptureFixture,
    account: Callable[[BaseException], ScriptedAccount],
    error: BaseException,
) -> None:
    cloud.accounts["key"] = account(error)
    with caplog.at_level(logging.DEBUG):
        outcome = sync_connection(runtime, connection)
    assert outcome.status is not SyncStatus.SUCCESS
    latest = latest_sync(runtime, connection)
    with runtime.sessions() as session:
        row = session.get_one(CloudProvider, connection)
    nothing_leaked(outcome, latest.error_message, latest.scopes, row.sync_error, caplog.text)


def test_the_log_still_explains_a_bug_line_by_line(
    runtime: Runtime, cloud: ScriptedProvider, connection: int, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_call: str) -> None:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise RuntimeError(ECHO) from error

    cloud.accounts["key"] = ScriptedAccount(hook=broken)
    outcome = sync_connection(runtime, connection)
    assert outcome.error_code == "unexpected_error"
    nothing_leaked(caplog.text)
    assert "in broken\n" in caplog.text
    assert "KeyError: '***'" in caplog.text
    assert "RuntimeError: the cloud does not like ***" in caplog.text


def test_a_bills_note_is_masked_too(runtime: Runtime, cloud: ScriptedProvider, connection: int) -> None:
    cloud.accounts["key"] = ScriptedAccount(bill=Bill(date(2026, 11, 22), "USD", note=ECHO))
    sync_connection(runtime, connection)
    nothing_leaked(latest_sync(runtime, connection).bill_note)


def test_a_check_masks_what_it_raises(runtime: Runtime, cloud: ScriptedProvider, connection: int) -> None:
    cloud.accounts["key"] = ScriptedAccount(identify=RateLimited(ECHO, 7))
    with pytest.raises(RateLimited) as caught:
        ConnectionService(runtime).test("u@example.com", "main")
    nothing_leaked(caught.value, caught.value.message, caught.value.args)
    assert caught.value.retry_after == 7


def test_a_bug_in_a_check_is_an_incident_and_not_a_traceback(
    runtime: Runtime, cloud: ScriptedProvider, connection: int, caplog: pytest.LogCaptureFixture
) -> None:
    cloud.accounts["key"] = ScriptedAccount(listing=RuntimeError(ECHO))  # type: ignore[arg-type]
    with pytest.raises(UnexpectedError, match=r"unexpected error, see [0-9a-f]{12} in the log") as caught:
        ConnectionService(runtime).test("u@example.com", "main")
    nothing_leaked(caplog.text, caught.value)
    assert isinstance(caught.value, SyncError)
    assert caught.value.__cause__ is None


def test_a_schema_that_repeats_a_secret_in_its_complaint_is_masked(
    runtime: Runtime, cloud: ScriptedProvider, connection: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Talkative(type(cloud).credentials):  # type: ignore[misc]
        def model_post_init(self, context: object) -> None:
            raise ValueError(f"{self.secret.get_secret_value()} is no good")

    monkeypatch.setattr(ScriptedProvider, "credentials", Talkative)
    outcome = sync_connection(runtime, connection)
    assert outcome.error_code == AuthenticationFailed.code
    assert SECRET not in (outcome.error or "")
    assert "*** is no good" in (outcome.error or "")
