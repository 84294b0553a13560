"""A complete sync: all auto-sync connections of one user, in order."""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from app.core.domain.exchange import Conversion
from app.core.domain.money import plain, total_by_currency
from app.core.domain.runs import (
    DEMO_USER,
    INACTIVE,
    NO_CONNECTIONS,
    NONE_DUE,
    NOT_FOUND,
    ConnectionOutcome,
    ItemStatus,
    ProviderError,
    SyncStatus,
    SyncType,
    UserResult,
    user_sync_status,
)
from app.core.models import CompleteSync, Role, User
from app.core.persistence import connections
from app.core.services.connection_sync_service import Connection, ConnectionSyncService
from app.core.services.rate_service import RateService
from app.core.services.runtime import Runtime
from app.providers.base import Deadline

log = logging.getLogger(__name__)


class CompleteSyncService:
    """Syncs one user at a time; safe to use from several threads."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._connections = ConnectionSyncService(runtime)
        self._rates = RateService(runtime)

    def sync(self, user_id: int, sync_type: SyncType, deadline: Deadline) -> UserResult:
        """Sync the user's connections that are due and return how it went. A cloud's failure does not raise.

        The user is read afresh: one that was deactivated since the run was planned is skipped, with that reason.
        """
        started, now = time.monotonic(), self._runtime.clock()
        with self._runtime.sessions() as session:
            user = session.get(User, user_id)
            todo = [Connection.of(row) for row in connections.to_sync(session, user_id, sync_type, now)]
            any_at_all = bool(todo or connections.to_sync(session, user_id, SyncType.MANUAL, now))
        reason = _skip_reason(user, todo, NONE_DUE if any_at_all else NO_CONNECTIONS)
        if user is None or reason:
            email = None if user is None else user.email
            return UserResult(user_id, email, ItemStatus.SKIPPED, reason=reason)
        sync_id = self._begin(user, sync_type, now)
        deadline = deadline.within(self._runtime.settings.user_timeout)
        outcomes = [self._connections.sync(connection, sync_id, deadline) for connection in todo]
        costs = total_by_currency(pair for outcome in outcomes for pair in outcome.costs.items())
        conversion = self._rates.convert(costs, user.currency, now.date())
        result = _result(user, sync_id, outcomes, costs, conversion, time.monotonic() - started)
        self._finish(result)
        _log(result)
        return result

    def _begin(self, user: User, sync_type: SyncType, at: datetime) -> int:
        with self._runtime.sessions.begin() as session:
            row = CompleteSync(
                user_id=user.id,
                sync_type=sync_type.value,
                currency=user.currency,
                sync_started_at=at,
            )
            session.add(row)
            session.flush()
            return row.id

    def _finish(self, result: UserResult) -> None:
        with self._runtime.sessions.begin() as session:
            row = session.get_one(CompleteSync, result.complete_sync_id)
            if result.sync_status is not None:
                row.sync_status = result.sync_status.value
            row.total_providers_synced = result.providers
            row.successful_providers = result.providers - result.failed_providers
            row.failed_providers = result.failed_providers
            row.total_resources_found = result.resources_found
            row.total_daily_cost = result.total_daily_cost
            row.cost_by_currency = {currency: plain(amount) for currency, amount in result.costs.items()}
            row.exchange_rates = [rate.as_json() for rate in result.exchange_rates]
            row.sync_completed_at = self._runtime.clock()
            row.sync_duration_seconds = round(result.duration_s, 1)
            row.error_message = _reasons(result.provider_errors)


def _skip_reason(user: User | None, todo: Sequence[Connection], nothing_to_do: str) -> str | None:
    if user is None:
        return NOT_FOUND
    if not user.is_active:
        return INACTIVE
    if user.role == Role.DEMO:
        return DEMO_USER
    return None if todo else nothing_to_do


def _result(
    user: User,
    sync_id: int,
    outcomes: Sequence[ConnectionOutcome],
    costs: Mapping[str, Decimal],
    conversion: Conversion,
    duration_s: float,
) -> UserResult:
    status = user_sync_status(outcome.status for outcome in outcomes)
    found = sum(outcome.found for outcome in outcomes)
    # Nothing at all costs nothing; things of which no cost is known do not.
    known = bool(costs) or (status is SyncStatus.SUCCESS and not found)
    errors = tuple(
        ProviderError(o.connection_id, o.name, o.provider, o.status, o.reason, o.error_code)
        for o in outcomes
        if o.reason is not None
    )
    failed = status is SyncStatus.FAILED
    return UserResult(
        user_id=user.id,
        user_email=user.email,
        status=ItemStatus.FAILED if failed else ItemStatus.SUCCESS,
        duration_s=duration_s,
        error=_reasons(errors) if failed else None,
        complete_sync_id=sync_id,
        sync_status=status,
        providers=len(outcomes),
        failed_providers=sum(outcome.status is SyncStatus.FAILED for outcome in outcomes),
        resources_found=found,
        total_daily_cost=conversion.total if known else None,
        currency=user.currency,
        costs=costs,
        exchange_rates=conversion.rates,
        unconverted=conversion.unconverted,
        provider_errors=errors,
    )


def _reasons(errors: Sequence[ProviderError]) -> str | None:
    return "; ".join(f"{error.name}: {error.error}" for error in errors) or None


def _log(result: UserResult) -> None:
    if result.status is ItemStatus.FAILED:
        log.error("✗ User %s sync failed: %s", result.user_email, result.error)
        return
    good = result.providers - result.failed_providers
    log.info("✓ User %s sync completed: %s/%s providers", result.user_email, good, result.providers)
