"""One connection's sync: list its scopes, decide what vanished, read the bill, and record how it went."""

import logging
import time
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from app.core.domain.errors import SyncError
from app.core.domain.money import plain
from app.core.domain.runs import ConnectionOutcome, SyncStatus, connection_status
from app.core.domain.scopes import ScopeReceipt
from app.core.models import CloudProvider, ConnectionSync
from app.core.persistence import inventory
from app.core.services.accounts import Connection, account_session, open_account, presentable_errors
from app.core.services.bill_sync import sync_bill
from app.core.services.runtime import Runtime
from app.core.services.scope_sync import decide_missing, sync_scope
from app.core.services.walk import Walk
from app.providers.base import Deadline

__all__ = ["Connection", "ConnectionSyncService"]

log = logging.getLogger(__name__)


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
        walk = Walk(connection, account_session(self._runtime, connection, deadline), sync_id, at)
        status, code, message = SyncStatus.FAILED, None, None
        try:
            with presentable_errors(connection, walk.redactor):
                self._walk(walk)
            status = connection_status(walk.receipts)
        except SyncError as error:
            code, message = error.code, error.message
        return self._finish(walk, status, code, message, time.monotonic() - started)

    def _begin(self, connection: Connection, complete_sync_id: int) -> tuple[int, datetime]:
        at = self._runtime.clock()
        with self._runtime.sessions.begin() as session:
            latest = inventory.latest_sync(session, connection.id)
            if latest is not None:
                began, ended = latest
                # History runs forward even when this machine's clock was set back.
                at = max(at, began + timedelta(microseconds=1))
                if ended not in (SyncStatus.SUCCESS, SyncStatus.PARTIAL):
                    inventory.clear_suspects(session, connection.id, since=began)
            row = ConnectionSync(complete_sync_id=complete_sync_id, connection_id=connection.id, started_at=at)
            session.add(row)
            session.flush()
            return row.id, at

    def _walk(self, walk: Walk) -> None:
        with closing(open_account(self._runtime, walk.connection, walk.session, walk.redactor)) as account:
            walk.session.deadline.check()
            account.identify()
            for scope in account.scopes():
                sync_scope(self._runtime, walk, account, scope)
            decide_missing(self._runtime, walk)
            sync_bill(self._runtime, walk, account)

    def _finish(
        self, walk: Walk, status: SyncStatus, code: str | None, message: str | None, duration_s: float
    ) -> ConnectionOutcome:
        connection, receipts, now = walk.connection, tuple(walk.receipts), self._runtime.clock()
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
            sync = session.get_one(ConnectionSync, walk.sync_id)
            sync.status = status.value
            sync.resources_found = outcome.found
            sync.resources_created = sum(receipt.created for receipt in receipts)
            sync.resources_updated = sum(receipt.updated for receipt in receipts)
            sync.resources_deleted = sum(receipt.deleted for receipt in receipts)
            sync.cost_by_currency = {currency: plain(amount) for currency, amount in outcome.costs.items()}
            sync.resources_suspect, sync.bill_suspect = walk.suspect, walk.bill_suspect
            if walk.bill is not None:
                sync.billed_daily_cost, sync.billed_currency = walk.bill.total, walk.bill.currency
                sync.billed_on, sync.bill_note = walk.bill.charged_on, walk.bill.note
                sync.unexplained_cost = walk.unexplained
            sync.scopes = _scopes_json(receipts)
            sync.api_calls, sync.retries = walk.session.stats.calls, walk.session.stats.retries
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
