"""One connection's sync: per scope list, diff and save; then the bill."""

import logging
import time
import uuid
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from app.core.domain.costs import Bill, allocate
from app.core.domain.diff import ScopeDiff
from app.core.domain.errors import AuthenticationFailed, SyncError, TerminalError
from app.core.domain.money import plain
from app.core.domain.runs import ConnectionOutcome, SyncStatus, connection_status
from app.core.domain.scopes import Scope, ScopeReceipt
from app.core.models import CloudProvider, ConnectionSync
from app.core.persistence import inventory
from app.core.persistence.engine import in_transaction
from app.core.services.runtime import Runtime
from app.providers import registry
from app.providers.base import Account, Deadline, Provider, Session
from app.security.vault import CredentialUnreadable

log = logging.getLogger(__name__)

BILL = Scope("billing")
"""The receipt of reading the bill, beside those of the listings."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection as loaded; `credentials` is still encrypted, and stays out of the repr."""

    id: int
    name: str
    provider: str
    credentials: str | None = field(repr=False)
    api_endpoint: str | None
    endpoint_trusted: bool = True

    @classmethod
    def of(cls, row: CloudProvider) -> "Connection":
        """Copy what a sync needs from the row."""
        return cls(
            row.id,
            row.connection_name,
            row.provider_type,
            row.credentials,
            row.api_endpoint,
            row.endpoint_trusted,
        )


@dataclass(slots=True)
class _Progress:
    """What a connection's sync has found so far; kept when it fails half-way."""

    session: Session
    receipts: list[ScopeReceipt] = field(default_factory=list)
    bill: Bill | None = None


def account_session(runtime: Runtime, connection: Connection, deadline: Deadline) -> Session:
    """Return the limits of one connection's sync: the connection's own time limit inside the deadline given."""
    settings = runtime.settings
    return Session(
        deadline=deadline.within(settings.connection_timeout),
        api_endpoint=connection.api_endpoint,
        endpoint_trusted=connection.endpoint_trusted,
        at=runtime.clock(),
        connect_timeout_s=settings.connect_timeout,
        read_timeout_s=settings.read_timeout,
        call_timeout_s=settings.call_timeout,
    )


def open_account(runtime: Runtime, connection: Connection, session: Session) -> Account:
    """Decrypt a connection's credential and open its account; no call is made yet.

    Raises AuthenticationFailed when the credential cannot be read or does not fit the provider's schema, and
    TerminalError when the provider is not installed.
    """
    try:
        provider = registry.get(connection.provider)
    except registry.UnknownProvider as error:
        raise TerminalError(str(error)) from error
    if connection.credentials is None:
        raise AuthenticationFailed("no credential is stored for this connection; add it again")
    try:
        credentials = runtime.vault.decrypt(connection.credentials)
    except CredentialUnreadable as error:
        raise AuthenticationFailed(str(error)) from error
    return provider.open(parse_credentials(provider, credentials), session)


def parse_credentials(provider: Provider, credentials: Mapping[str, Any]) -> Any:
    """Return the credentials as the provider's own class. Raises AuthenticationFailed that names the wrong keys."""
    try:
        return provider.credentials.model_validate(credentials)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'credentials'}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_url=False, include_input=False)
        )
        raise AuthenticationFailed(f"the credential does not fit {provider.title}: {wrong}") from None


class ConnectionSyncService:
    """Syncs one connection at a time; safe to use from several threads."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def sync(self, connection: Connection, complete_sync_id: int, deadline: Deadline) -> ConnectionOutcome:
        """List, diff and save every scope of the connection, and read its bill. Never raises for a cloud's failure.

        The row in `connection_syncs` is written before the first call, so that every attempt leaves a trace.
        """
        started = time.monotonic()
        sync_id, at = self._begin(connection, complete_sync_id)
        progress = _Progress(account_session(self._runtime, connection, deadline))
        status, code, message = SyncStatus.FAILED, None, None
        try:
            self._walk(connection, progress, sync_id, at)
            status = connection_status(progress.receipts)
        except SyncError as error:
            code, message = error.code, error.message
        except Exception:
            incident = uuid.uuid4().hex[:12]
            code, message = "unexpected_error", f"unexpected error, see {incident} in the log"
            log.exception("unexpected error %s in connection %s (%s)", incident, connection.id, connection.provider)
        return self._finish(connection, progress, sync_id, status, code, message, time.monotonic() - started)

    def _begin(self, connection: Connection, complete_sync_id: int) -> tuple[int, datetime]:
        at = self._runtime.clock()
        with self._runtime.sessions.begin() as session:
            latest = inventory.latest_sync_start(session, connection.id)
            if latest is not None:
                # History runs forward even when this machine's clock was set back.
                at = max(at, latest + timedelta(microseconds=1))
            row = ConnectionSync(complete_sync_id=complete_sync_id, connection_id=connection.id, started_at=at)
            session.add(row)
            session.flush()
            return row.id, at

    def _walk(self, connection: Connection, progress: _Progress, sync_id: int, at: datetime) -> None:
        with closing(open_account(self._runtime, connection, progress.session)) as account:
            progress.session.deadline.check()
            account.identify()
            for scope in account.scopes():
                progress.receipts.append(self._sync_scope(connection, account, progress, scope, sync_id, at))
            bill_receipt = self._sync_bill(connection, account, progress, sync_id, at)
            if bill_receipt is not None:
                progress.receipts.append(bill_receipt)

    def _sync_scope(
        self, connection: Connection, account: Account, progress: _Progress, scope: Scope, sync_id: int, at: datetime
    ) -> ScopeReceipt:
        with self._runtime.sessions() as session:
            diff = ScopeDiff(inventory.known_fingerprints(session, connection.id, scope))
        try:
            progress.session.deadline.check()
            for resource in account.collect(scope):
                diff.add(resource)
        except SyncError as error:
            log.warning("connection %s: %s not listed: %s", connection.id, scope, error.message)
            return ScopeReceipt(scope, error_code=error.code, error=error.message)
        changes = diff.finish()
        if changes:
            in_transaction(
                self._runtime.sessions,
                lambda session: inventory.save_changes(session, connection.id, scope, changes, sync_id=sync_id, at=at),
            )
        return ScopeReceipt(
            scope,
            found=changes.found,
            created=len(changes.created),
            updated=len(changes.updated),
            deleted=len(changes.gone),
        )

    def _sync_bill(
        self, connection: Connection, account: Account, progress: _Progress, sync_id: int, at: datetime
    ) -> ScopeReceipt | None:
        try:
            progress.session.deadline.check()
            bill = account.bill()
        except SyncError as error:
            log.warning("connection %s: bill not read: %s", connection.id, error.message)
            return ScopeReceipt(BILL, error_code=error.code, error=error.message)
        if bill is None:
            return None
        progress.bill = bill
        with self._runtime.sessions() as session:
            resources = inventory.costed_resources(session, connection.id, sync_id=sync_id)
        changed = list(allocate(bill, resources))
        if changed:
            costs = [(resource.id, cost) for resource, cost in changed]
            in_transaction(
                self._runtime.sessions,
                lambda session: inventory.save_costs(session, connection.id, costs, sync_id=sync_id, at=at),
            )
        # A resource that its listing wrote a moment ago is counted there.
        return ScopeReceipt(BILL, updated=sum(not resource.is_new_state for resource, _ in changed))

    def _finish(
        self,
        connection: Connection,
        progress: _Progress,
        sync_id: int,
        status: SyncStatus,
        code: str | None,
        message: str | None,
        duration_s: float,
    ) -> ConnectionOutcome:
        receipts, now = tuple(progress.receipts), self._runtime.clock()
        with self._runtime.sessions.begin() as session:
            listed = status is not SyncStatus.FAILED
            outcome = ConnectionOutcome(
                connection_id=connection.id,
                name=connection.name,
                provider=connection.provider,
                status=status,
                receipts=receipts,
                error_code=code or next((r.error_code for r in receipts if not r.complete), None),
                error=message,
                costs=inventory.cost_by_currency(session, connection.id) if listed else {},
                found=sum(receipt.found for receipt in receipts),
                duration_s=duration_s,
            )
            sync = session.get_one(ConnectionSync, sync_id)
            sync.status = status.value
            sync.resources_found = outcome.found
            sync.resources_created = sum(receipt.created for receipt in receipts)
            sync.resources_updated = sum(receipt.updated for receipt in receipts)
            sync.resources_deleted = sum(receipt.deleted for receipt in receipts)
            sync.cost_by_currency = {currency: plain(amount) for currency, amount in outcome.costs.items()}
            if progress.bill is not None:
                sync.billed_daily_cost, sync.billed_currency = progress.bill.total, progress.bill.currency
                sync.billed_on, sync.bill_note = progress.bill.charged_on, progress.bill.note
            sync.scopes = _scopes_json(receipts)
            sync.api_calls, sync.retries = progress.session.stats.calls, progress.session.stats.retries
            sync.error_code, sync.error_message = outcome.error_code, outcome.reason
            sync.completed_at, sync.duration_seconds = now, round(duration_s, 1)
            row = session.get_one(CloudProvider, connection.id)
            row.last_sync, row.sync_status, row.sync_error = sync.started_at, status.value, outcome.reason
            if status is SyncStatus.SUCCESS:
                row.last_success_at = sync.started_at
        return outcome


def _scopes_json(receipts: tuple[ScopeReceipt, ...]) -> dict[str, Any]:
    complete: dict[str, dict[str, int]] = {}
    failed = []
    for receipt in receipts:
        if receipt.complete:
            complete.setdefault(receipt.scope.resource_type, {})[receipt.scope.location] = receipt.found
        else:
            failed.append({"scope": str(receipt.scope), "code": receipt.error_code, "error": receipt.error})
    return {"complete": complete, "failed": failed}
