"""Runs and their outcomes: the words for them, and the rules that lead from parts to a whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum

from app.core.domain.exchange import Rate
from app.core.domain.scopes import ScopeReceipt


class SyncType(StrEnum):
    """Who asked for a run."""

    SCHEDULED = "scheduled"
    MANUAL = "manual"
    API = "api"


class SyncStatus(StrEnum):
    """State of a connection sync, a complete sync or a bulk run."""

    RUNNING = "running"
    SUCCESS = "success"
    PARTIAL = "partial"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class ItemStatus(StrEnum):
    """State of one user within a bulk run."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCESS = "success"
    FAILED = "failed"
    SKIPPED = "skipped"


class ExitCode(IntEnum):
    """What the command line answers to the shell."""

    OK = 0
    SOME_FAILED = 1
    NOTHING_PROCESSED = 2
    BUSY = 75
    CONFIG = 78
    INTERRUPTED = 130


NO_CONNECTIONS = "No auto-sync enabled providers"
NONE_DUE = "No provider is due yet (sync interval)"
NOT_FOUND = "User not found"
INACTIVE = "User is inactive"
DEMO_USER = "Demo user"


@dataclass(frozen=True, slots=True)
class ConnectionOutcome:
    """How one connection's sync ended. `costs` is currency -> cost per day of what is known to exist now."""

    connection_id: int
    name: str
    provider: str
    status: SyncStatus
    receipts: tuple[ScopeReceipt, ...] = ()
    error_code: str | None = None
    error: str | None = None
    costs: Mapping[str, Decimal] = field(default_factory=dict)
    found: int = 0
    duration_s: float = 0.0

    @property
    def reason(self) -> str | None:
        """Why the connection is not a full success, in one line; None when it is."""
        if self.error:
            return self.error
        failed = [receipt for receipt in self.receipts if not receipt.complete]
        if not failed:
            return None
        more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
        return f"{failed[0].scope}: {failed[0].error}{more}"


def connection_status(receipts: Iterable[ScopeReceipt]) -> SyncStatus:
    """Return success when every scope is complete, failed when none is, partial in between."""
    complete = [receipt.complete for receipt in receipts]
    if all(complete):
        return SyncStatus.SUCCESS
    return SyncStatus.PARTIAL if any(complete) else SyncStatus.FAILED


def user_sync_status(outcomes: Iterable[SyncStatus]) -> SyncStatus:
    """Return success when every connection succeeded, failed when none gave anything, partial in between."""
    statuses = list(outcomes)
    if all(status is SyncStatus.SUCCESS for status in statuses):
        return SyncStatus.SUCCESS
    if all(status is SyncStatus.FAILED for status in statuses):
        return SyncStatus.FAILED
    return SyncStatus.PARTIAL


@dataclass(frozen=True, slots=True)
class ProviderError:
    """A connection of a user's sync that was not a full success, and why."""

    connection_id: int
    name: str
    provider: str
    status: SyncStatus
    error: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class UserResult:
    """How one user's turn in a run ended. Durations in seconds; costs per day.

    total_daily_cost  in `currency`; None when nothing is known of the cost, or a part of it could not be converted
    costs             what is known, by the currency it is charged in
    exchange_rates    what was converted with, as published
    unconverted       the currencies in `costs` for which there was no rate
    """

    user_id: int
    user_email: str | None
    status: ItemStatus
    duration_s: float = 0.0
    reason: str | None = None
    error: str | None = None
    complete_sync_id: int | None = None
    sync_status: SyncStatus | None = None
    providers: int = 0
    failed_providers: int = 0
    resources_found: int = 0
    total_daily_cost: Decimal | None = None
    currency: str | None = None
    costs: Mapping[str, Decimal] = field(default_factory=dict)
    exchange_rates: tuple[Rate, ...] = ()
    unconverted: tuple[str, ...] = ()
    provider_errors: tuple[ProviderError, ...] = ()

    @property
    def is_partial(self) -> bool:
        """True for a success that is not a full one."""
        return self.status is ItemStatus.SUCCESS and self.sync_status is SyncStatus.PARTIAL


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The counts of a bulk run. `completed_at` is None while it is under way; times are aware UTC."""

    run_id: int
    sync_type: SyncType
    status: SyncStatus
    started_at: datetime
    completed_at: datetime | None
    total: int
    successful: int
    failed: int
    skipped: int
    partial: int
    duration_s: float

    @property
    def message(self) -> str:
        """The contract's one-line message."""
        word = {SyncStatus.INTERRUPTED: "interrupted", SyncStatus.RUNNING: "under way"}.get(self.status, "completed")
        return f"Bulk sync {word}: {self.successful} successful, {self.failed} failed, {self.skipped} skipped"

    def exit_code(self, *, strict: bool = False) -> ExitCode:
        """Return the contract's exit code; `strict` makes partial users count as failed."""
        if self.status is SyncStatus.INTERRUPTED:
            return ExitCode.INTERRUPTED
        if self.failed or (strict and self.partial):
            return ExitCode.SOME_FAILED
        return ExitCode.OK if self.successful else ExitCode.NOTHING_PROCESSED


def run_status(*, successful: int, failed: int, partial: int, unfinished: int) -> SyncStatus:
    """Return a bulk run's status from the counts of its users."""
    if unfinished:
        return SyncStatus.INTERRUPTED
    if failed:
        return SyncStatus.PARTIAL if successful else SyncStatus.FAILED
    return SyncStatus.PARTIAL if partial else SyncStatus.SUCCESS
