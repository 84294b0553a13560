"""What the engine makes of each cloud under faults: section B of what can go wrong, with a real sync each time.

A row of the list of faults is named in the test that proves it.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.core.domain.runs import ConnectionOutcome, SyncStatus
from app.core.models import ConnectionSync, Resource
from app.core.services.runtime import Runtime
from app.providers import registry
from app.providers.retrying import forget_pauses
from app.security.redaction import Redactor
from emulators.demo.clouds import EMULATORS
from emulators.kit.faults import Fault, Kind
from emulators.kit.server import Emulator
from tests.support.databases import Databases
from tests.support.factories import add_connection, add_user
from tests.support.runtimes import engine_of, open_runtime
from tests.support.syncs import sync_connection

LIMITS = {"connect_timeout": 1, "read_timeout": 0.4, "call_timeout": 0.8}
FAULTS = [
    pytest.param(Fault(Kind.HANG), id="B1-hang"),
    pytest.param(Fault(Kind.DRIP), id="B1-drip"),
    pytest.param(Fault(Kind.STATUS, status=429, headers={"retry-after": "31536000"}), id="B2-absurd-pause"),
    pytest.param(Fault(Kind.RESET), id="B3-reset"),
    pytest.param(Fault(Kind.STATUS, status=503), id="B3-5xx"),
    pytest.param(Fault(Kind.MALFORMED), id="B4-malformed"),
    pytest.param(Fault(Kind.HTML), id="B4-login-page"),
    pytest.param(Fault(Kind.MISSING_FIELDS), id="B4-missing-fields"),
    pytest.param(Fault(Kind.SAME_PAGE_FOR_EVER), id="B5-same-page"),
    pytest.param(Fault(Kind.STATUS, status=403), id="B6-forbidden"),
    pytest.param(Fault(Kind.STATUS, status=401), id="B8-revoked"),
]


@dataclass(slots=True)
class Platform:
    """One user with one connection to an emulated account."""

    runtime: Runtime
    emulator: Emulator
    connection_id: int
    secrets: Redactor

    def sync(self, deadline_s: float = 60) -> ConnectionOutcome:
        return sync_connection(self.runtime, self.connection_id, deadline_s)

    def inventory(self) -> dict[tuple[str, str], Any]:
        """Return (type, id) -> cost of what is present."""
        with self.runtime.sessions() as session:
            rows = session.execute(
                select(Resource.resource_type, Resource.external_id, Resource.daily_cost).where(
                    Resource.connection_id == self.connection_id, Resource.deleted_at.is_(None)
                )
            )
            return {(row[0], row[1]): row[2] for row in rows}

    def dump(self) -> str:
        """Return everything that the database holds."""
        with engine_of(self.runtime).connect() as connection:
            return "\n".join(connection.connection.driver_connection.iterdump())

    def latest(self) -> ConnectionSync:
        with self.runtime.sessions() as session:
            return session.scalars(select(ConnectionSync).order_by(ConnectionSync.id.desc()).limit(1)).one()


@pytest.fixture(params=sorted(EMULATORS))
def platform(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Platform]:
    emulator_class, fill, _ = EMULATORS[request.param]
    today = datetime.now(UTC).date()
    with emulator_class() as emulator, databases.fresh("sqlite") as url, open_runtime(url, **LIMITS) as runtime:
        credentials = fill(emulator, servers=4, day=today)
        connection_id = add_connection(
            runtime,
            add_user(runtime),
            provider_type=request.param,
            credentials=runtime.vault.encrypt(credentials),
            api_endpoint=emulator.url,
        )
        secrets = Redactor()
        secrets.learn(registry.get(request.param).credentials.model_validate(credentials))
        yield Platform(runtime, emulator, connection_id, secrets)


def test_a_second_sync_of_an_unchanged_account_changes_nothing(platform: Platform) -> None:
    first, second = platform.sync(), platform.sync()
    assert first.status is second.status is SyncStatus.SUCCESS, first.error
    assert first.found == second.found > 10
    assert sum(r.created + r.updated + r.deleted for r in second.receipts) == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_loses_nothing_and_is_named(platform: Platform, fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    """The inventory stays, the error is one of the six, and the next good sync finds nothing to repair."""
    caplog.set_level(logging.DEBUG)
    assert platform.sync().status is SyncStatus.SUCCESS
    before = platform.inventory()
    platform.emulator.faults.add(
        Fault(fault.kind, status=fault.status, headers=fault.headers, words="an echo of everything", after=3)
    )
    outcome = platform.sync(deadline_s=1.2)
    platform.emulator.faults.clear()
    forget_pauses()
    assert platform.inventory() == before
    row = platform.latest()
    assert row.status == outcome.status
    if outcome.status is not SyncStatus.SUCCESS:
        assert outcome.error_code in _CODES
        assert outcome.reason
    repaired = platform.sync()
    assert platform.inventory() == before
    assert sum(r.created + r.deleted for r in repaired.receipts) == 0


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize("after", [0, 3])
def test_a_cloud_that_repeats_what_it_was_sent_betrays_no_secret(
    platform: Platform, caplog: pytest.LogCaptureFixture, status: int, after: int
) -> None:
    """F6: neither the credential nor a token made from it is in a log or in the database, in any form."""
    caplog.set_level(logging.DEBUG)
    platform.emulator.faults.add(Fault(Kind.STATUS, status=status, words="what is {echo}", after=after))
    outcome = platform.sync(deadline_s=1.2)
    assert outcome.status is not SyncStatus.SUCCESS
    told = caplog.text + platform.dump() + str(outcome)
    assert platform.secrets.scrub(told) == told
    assert not [token for token in _tokens(platform.emulator) if token in told]


def _tokens(emulator: Emulator) -> set[str]:
    """Return what the headers of the requests were signed with."""
    signed = ("authorization", "x-auth-token", "x-token")
    values = {request.headers.get(name, "") for request in emulator.requests for name in signed}
    return {part for value in values for part in value.split() if len(part) > 8}


_CODES = {
    *("rate_limited", "provider_unavailable", "deadline_exceeded"),
    *("authentication_failed", "permission_denied", "response_invalid"),
}
