"""A run's result in the contract's response format; the API, `--json` and Python callers get the same."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from app.core.domain.money import plain
from app.core.domain.reconciliation import Reconciliation
from app.core.domain.runs import ItemStatus, ProviderError, RunSummary, SyncStatus, SyncType, UserResult
from app.core.models import BulkSync, ConnectionSync
from app.core.persistence import daily_costs, runs
from app.core.persistence.runs import PlannedUser
from app.core.services.runtime import Runtime


def run_response(runtime: Runtime, summary: RunSummary) -> dict[str, Any]:
    """Return the contract's response for a run, its users read from the database."""
    with runtime.sessions() as session:
        return response(summary, runs.results(session, summary.run_id))


def latest_runs(runtime: Runtime, limit: int, *, before_id: int | None = None) -> list[RunSummary]:
    """Return the latest runs' counts, newest first; with `before_id` those older than that run."""
    with runtime.sessions() as session:
        return [runs.summary_of(run) for run in runs.latest(session, limit, before_id=before_id)]


def find_run(runtime: Runtime, run_id: int) -> RunSummary | None:
    """Return a run's counts, None when there is no such run."""
    with runtime.sessions() as session:
        run = session.get(BulkSync, run_id)
        return None if run is None else runs.summary_of(run)


def run_results(runtime: Runtime, run_id: int) -> Iterator[UserResult]:
    """Stream the results of a run's users."""
    with runtime.sessions() as session:
        yield from runs.results(session, run_id)


def connection_reports(runtime: Runtime, complete_sync_id: int) -> list[dict[str, Any]]:
    """Return how each connection of a complete sync went: counts, costs per day as text by currency, and why not."""
    with runtime.sessions() as session:
        return [
            {
                "connection_id": sync.connection_id,
                "connection_name": name,
                "provider": provider,
                "status": sync.status,
                "resources_found": sync.resources_found,
                "created": sync.resources_created,
                "updated": sync.resources_updated,
                "deleted": sync.resources_deleted,
                "cost_by_currency": sync.cost_by_currency,
                "billed_daily_cost": sync.billed_daily_cost,
                "billed_currency": sync.billed_currency,
                "billed_on": sync.billed_on,
                "bill_note": sync.bill_note,
                "bill_suspect": sync.bill_suspect,
                "unexplained_cost": sync.unexplained_cost,
                "reconciliation": _unexplained(sync),
                "resources_suspect": sync.resources_suspect,
                "api_calls": sync.api_calls,
                "retries": sync.retries,
                "error_code": sync.error_code,
                "error": sync.error_message,
                "scopes": sync.scopes,
            }
            for sync, name, provider in runs.connection_syncs(session, complete_sync_id)
        ]


def unexplained(runtime: Runtime, run_id: int) -> Iterator[tuple[str, str, str]]:
    """Stream (user's e-mail, connection, sentence) of the run's bills that their resources do not explain."""
    with runtime.sessions() as session:
        for sync, name, email in daily_costs.reconciled(session, run_id):
            sentence = _unexplained(sync)
            if sentence is not None:
                yield email, name, sentence


def _unexplained(sync: ConnectionSync) -> str | None:
    """Say what of a connection's bill its resources do not explain; None when it is little, or there was no bill."""
    if sync.billed_daily_cost is None or sync.unexplained_cost is None:
        return None
    if sync.billed_on is None or sync.billed_currency is None:
        return None
    found = Reconciliation(
        sync.billed_on,
        sync.billed_daily_cost,
        sync.billed_currency,
        sync.unexplained_cost,
        frozenset(sync.cost_by_currency),
    )
    return str(found) if found.flagged else None


def plan(users: Iterable[PlannedUser], sync_type: SyncType) -> dict[str, Any]:
    """Return what a run would do, for `--dry-run --json`."""
    entries = [
        {
            "user_id": user.user_id,
            "user_email": user.email,
            "providers": user.providers,
            "action": "skip" if user.reason else "sync",
            "reason": user.reason,
        }
        for user in users
    ]
    to_sync = sum(entry["action"] == "sync" for entry in entries)
    return {
        "dry_run": True,
        "sync_type": sync_type.value,
        "total_users": len(entries),
        "users_to_sync": to_sync,
        "users_to_skip": len(entries) - to_sync,
        "users": entries,
    }


def response(summary: RunSummary, results: Iterable[UserResult]) -> dict[str, Any]:
    """Return the contract's response; durations in seconds with one decimal, times in UTC."""
    return {**overview(summary), "user_results": [user_result(result) for result in results]}


def overview(summary: RunSummary) -> dict[str, Any]:
    """Return the response without its users. `success` says that the run came to its end, not that all is well."""
    return {
        "success": summary.status not in (SyncStatus.INTERRUPTED, SyncStatus.RUNNING),
        "message": summary.message,
        "bulk_sync_id": summary.run_id,
        "status": summary.status.value,
        "total_users": summary.total,
        "successful_users": summary.successful,
        "failed_users": summary.failed,
        "skipped_users": summary.skipped,
        "partial_users": summary.partial,
        "duration_seconds": round(summary.duration_s, 1),
        "sync_type": summary.sync_type.value,
        "started_at": timestamp(summary.started_at),
        "completed_at": summary.completed_at and timestamp(summary.completed_at),
    }


def user_result(result: UserResult) -> dict[str, Any]:
    """Return one entry of `user_results`, with the contract's keys for its status."""
    common = {"user_id": result.user_id, "user_email": result.user_email, "status": result.status.value}
    if result.status is ItemStatus.SKIPPED:
        return {**common, "reason": result.reason, "duration_seconds": 0}
    duration = round(result.duration_s, 1)
    errors = [provider_error(error) for error in result.provider_errors]
    if result.status is ItemStatus.FAILED:
        return {
            **common,
            "error": result.error,
            "message": "Complete sync failed",
            "complete_sync_id": result.complete_sync_id,
            "provider_errors": errors,
            "duration_seconds": duration,
        }
    return {
        **common,
        "complete_sync_id": result.complete_sync_id,
        "sync_status": result.sync_status and result.sync_status.value,
        "providers_synced": result.providers,
        "successful_providers": result.providers - result.failed_providers,
        "failed_providers": result.failed_providers,
        "resources_found": result.resources_found,
        "total_daily_cost": None if result.total_daily_cost is None else float(result.total_daily_cost),
        "currency": result.currency,
        "total_daily_cost_by_currency": {currency: plain(amount) for currency, amount in result.costs.items()},
        "exchange_rates": [rate.as_json() for rate in result.exchange_rates],
        "unconverted_currencies": list(result.unconverted),
        "provider_errors": errors,
        "duration_seconds": duration,
    }


def provider_error(error: ProviderError) -> dict[str, Any]:
    """Return one connection that was no full success."""
    return {
        "connection_id": error.connection_id,
        "connection_name": error.name,
        "provider": error.provider,
        "status": error.status.value,
        "error_code": error.code,
        "error": error.error,
    }


def timestamp(moment: datetime) -> str:
    """Write an aware UTC time in the contract's form: `2025-10-27T02:00:00`."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")
