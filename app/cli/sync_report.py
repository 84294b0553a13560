"""What a bulk run looks like on the command line: the contract's layout, with colour and progress on a terminal."""

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

import click

from app.cli.output import echo_json, local
from app.core.domain.money import plain
from app.core.domain.runs import (
    NO_CONNECTIONS,
    ExitCode,
    ItemStatus,
    ProviderError,
    RunSummary,
    SyncStatus,
    SyncType,
    UserResult,
)
from app.core.persistence.runs import PlannedUser
from app.core.services import report_service
from app.core.services.runtime import Runtime
from app.logging import printable

WIDTH = 70
_MARKS = {ItemStatus.SUCCESS: "✓", ItemStatus.FAILED: "✗", ItemStatus.SKIPPED: "○"}
_COLOURS = {ItemStatus.SUCCESS: "green", ItemStatus.FAILED: "red", ItemStatus.SKIPPED: "bright_black"}


class Report:
    """Prints a run as it goes on; the listener of `BulkSyncService.run`. Use it as a context manager.

    `shown` counts the users that are done, `total` all of the run.
    """

    def __init__(self, runtime: Runtime, sync_type: SyncType, *, verbose: bool, quiet: bool, silent: bool) -> None:
        self._runtime = runtime
        self._sync_type = sync_type
        self._verbose, self._quiet, self._silent = verbose, quiet, silent
        self._open = True
        self.shown = 0
        self.total = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """End what is on the screen."""

    def started(self, run_id: int, total: int) -> None:
        """Print the head of the report."""
        self._head(total, self._runtime.clock())

    def finished(self, position: int, result: UserResult) -> None:
        """Print one user's line, and in verbose mode one for each of its connections and its total."""
        self.shown += 1
        if not self._quiet or result.status is ItemStatus.FAILED:
            self.echo(user_line(self.shown, self.total, result), fg=_colour(result))
        if self._verbose and result.complete_sync_id is not None:
            for connection in report_service.connection_reports(self._runtime, result.complete_sync_id):
                for line in connection_lines(connection):
                    self.echo(f"        {line}")
            if result.status is ItemStatus.SUCCESS:
                self.echo(f"        {total_line(result)}")

    def replay(self, summary: RunSummary, results: Iterable[UserResult]) -> None:
        """Print a run of the past as if it went on now."""
        self._head(summary.total, summary.started_at)
        for position, result in enumerate(results, start=1):
            self.finished(position, result)
        self.summarise(summary)

    def summarise(self, summary: RunSummary) -> None:
        """Print the foot of the report."""
        self.echo("")
        self.title("Summary")
        lines: list[tuple[str, object]] = [
            ("Total users:", summary.total),
            ("Successful:", summary.successful),
            ("Failed:", summary.failed),
            ("Skipped:", summary.skipped),
        ]
        if summary.partial:
            lines.append(("Partial:", f"{summary.partial} of the successful"))
        if summary.status is SyncStatus.INTERRUPTED:
            left = summary.total - summary.successful - summary.failed - summary.skipped
            lines.append(("Interrupted:", f"{left} users not done"))
        lines.append(("Duration:", f"{summary.duration_s:.1f} seconds"))
        if summary.completed_at is not None:
            lines.append(("Completed at:", local(summary.completed_at)))
        for label, value in lines:
            self.echo(f"{label:<18} {value}")
        self.echo("=" * WIDTH)

    def _head(self, total: int, started_at: datetime) -> None:
        self.total = total
        if not self._quiet:
            self.title(f"Bulk Sync - {self._sync_type.value.upper()}")
            self.echo(f"Started at: {local(started_at)}")
            self.echo(f"\n{'-' * WIDTH}\n Sync Results\n{'-' * WIDTH}")

    def title(self, text: str) -> None:
        """Print a heading between double rules."""
        self.echo(f"{'=' * WIDTH}\n {text}\n{'=' * WIDTH}")

    def echo(self, text: str, fg: str | None = None) -> None:
        """Print unless silent; a reader that has left does not stop the run."""
        if self._silent or not self._open:
            return
        try:
            click.secho(text, fg=fg)
        except BrokenPipeError:
            self._open = False


class LiveReport(Report):
    """The report on a terminal: the same lines above a progress bar."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stack = ExitStack()

    def started(self, run_id: int, total: int) -> None:
        """Print the head and start the bar."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        super().started(run_id, total)
        columns = (TextColumn("Syncing"), BarColumn(), MofNCompleteColumn(), TextColumn("users"), TimeElapsedColumn())
        self._progress = self._stack.enter_context(Progress(*columns, transient=True))
        self._task = self._progress.add_task("sync", total=total)

    def finished(self, position: int, result: UserResult) -> None:
        """Print the line and move the bar."""
        super().finished(position, result)
        self._progress.advance(self._task)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Take the bar away."""
        self._stack.close()


def make_report(runtime: Runtime, sync_type: SyncType, *, verbose: bool, quiet: bool, silent: bool) -> Report:
    """Return a live report on a terminal, a plain one elsewhere; a silent one prints nothing."""
    live = sys.stdout.isatty() and not silent
    return (LiveReport if live else Report)(runtime, sync_type, verbose=verbose, quiet=quiet, silent=silent)


def user_line(number: int, total: int, result: UserResult) -> str:
    """Return a user's line: `[1/8] ✓ user@example.com - 3 providers, 45 resources (23.4s)`."""
    head = f"[{number}/{total}] {_MARKS[result.status]} {result.user_email or f'user {result.user_id}'} - "
    if result.status is ItemStatus.SKIPPED:
        return head + (result.reason or "")
    if result.status is ItemStatus.FAILED:
        return head + f"Error: {printable(result.error or 'no reason was recorded')}"
    line = head + f"{result.providers} providers, {result.resources_found} resources ({result.duration_s:.1f}s)"
    return line + (f" - {printable(partial_note(result))}" if result.is_partial else "")


def partial_note(result: UserResult) -> str:
    """Say which connections of a partial user failed or are incomplete, and why."""
    notes = []
    for word, failed in (("failed", True), ("incomplete", False)):
        errors = [e for e in result.provider_errors if (e.status is SyncStatus.FAILED) is failed]
        if errors:
            notes.append(f"{len(errors)} of {result.providers} providers {word}: {_named(errors)}")
    return "; ".join(notes)


def connection_lines(connection: dict[str, Any]) -> list[str]:
    """Return what verbose mode says of a connection: counts, failed scopes, and what of its bill is unexplained."""
    costs = ", ".join(f"{Decimal(amount):.2f} {code}/day" for code, amount in connection["cost_by_currency"].items())
    counts = (
        f"{connection['connection_name']} ({connection['provider']}): {connection['status']}, "
        f"{connection['resources_found']} resources: {connection['created']} created, {connection['updated']} updated, "
        f"{connection['deleted']} deleted; {costs or 'cost unknown'}; {connection['api_calls']} calls"
    )
    failed = [f"  {scope['scope']}: {scope['error']}" for scope in connection["scopes"].get("failed", ())]
    unexplained = [f"  {connection['reconciliation']}"] if connection["reconciliation"] else []
    return [printable(line) for line in (counts, *failed, *unexplained)]


def total_line(result: UserResult) -> str:
    """Return what verbose mode says of a user's total: `total: 12.50 USD/day (1 USD = 80.5 RUB, cbr 2026-11-24)`."""
    if result.unconverted:
        return f"total: unknown, there is no rate to {result.currency} for {', '.join(result.unconverted)}"
    if result.total_daily_cost is None:
        return "total: unknown"
    rates = "; ".join(
        f"1 {rate.base} = {plain(rate.rate)} {rate.quote}, {rate.source} {rate.rate_date}"
        for rate in result.exchange_rates
    )
    return f"total: {result.total_daily_cost:.2f} {result.currency}/day" + (f" ({rates})" if rates else "")


def print_plan(plan: Iterable[PlannedUser], sync_type: SyncType, *, as_json: bool) -> int:
    """Print what a run would do and return the exit code that says whether it would do anything."""
    users = list(plan)
    to_sync = sum(user.reason is None for user in users)
    if as_json:
        echo_json(report_service.plan(users, sync_type))
    else:
        click.echo(f"{'=' * WIDTH}\n Bulk Sync - Dry Run\n{'=' * WIDTH}\n")
        click.echo(f"Found {len(users)} eligible users for synchronization:\n")
        for number, user in enumerate(users, start=1):
            click.echo(_plan_line(number, user))
        click.echo(f"\n{'-' * WIDTH}")
        click.echo(f"Summary: {to_sync} users with providers, {len(users) - to_sync} would be skipped")
    return int(ExitCode.OK if to_sync else ExitCode.NOTHING_PROCESSED)


def _plan_line(number: int, user: PlannedUser) -> str:
    mark = "○" if user.reason else "✓"
    what = {None: f"{user.providers} providers", NO_CONNECTIONS: "No auto-sync providers"}.get(user.reason, user.reason)
    return f"  [{number:>2}] {mark} {user.email or '':<20} (ID: {user.user_id:>3}) - {what}"


def _named(errors: list[ProviderError]) -> str:
    return "; ".join(f"{error.name}: {error.error}" for error in errors)


def _colour(result: UserResult) -> str:
    return "yellow" if result.is_partial else _COLOURS[result.status]
