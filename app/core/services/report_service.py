"""A run's result in the contract's response format; the API, `--json` and Python callers get the same."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.core.domain.money import plain
from app.core.domain.runs import ItemStatus, ProviderError, RunSummary, SyncStatus, UserResult


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
