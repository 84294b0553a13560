"""`infrazen sync`, and the contract's script: one bulk run, or a look at what it would do."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import SQLAlchemyError

from app.cli.context import Failure, config_failures, database_failure, load_settings, open_runtime
from app.cli.output import echo_json, json_option
from app.cli.sync_report import Report, make_report, print_plan
from app.core.domain.runs import ExitCode, RunSummary, SyncType
from app.core.execution.run_lease import RunInProgress
from app.core.execution.stop import Stop
from app.core.services import report_service
from app.core.services.bulk_sync_service import BulkSyncService
from app.core.services.runtime import Runtime
from app.settings import MAX_CONCURRENCY


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--sync-type", type=click.Choice([t.value for t in SyncType]), default="scheduled", show_default=True,
              help="Type of sync.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show which users would be synced without executing.")
@click.option("--verbose", is_flag=True, help="Show detailed output during sync.")
@click.option("--quiet", is_flag=True, help="Minimal output (only errors and summary).")
@json_option
@click.option("--concurrency", type=click.IntRange(1, MAX_CONCURRENCY), metavar="N",
              help="Users synced at a time (default: INFRAZEN_SYNC_CONCURRENCY, 1).")  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit with 1 also when a user was synced only in part.")
def sync(
    sync_type: str, dry_run: bool, verbose: bool, quiet: bool, as_json: bool, concurrency: int | None, strict: bool
) -> int:
    """Sync all active users, excluding demo users.

    Exit codes: 0 all users synced or skipped; 1 some users failed; 2 no users processed; 75 another run is under
    way; 78 settings or database unusable; 130 interrupted.
    """
    if verbose and quiet:
        raise click.UsageError("--verbose and --quiet exclude each other")
    runtime = open_runtime(log_level=_log_level(quiet=quiet))
    kind = SyncType(sync_type)
    if dry_run:
        with config_failures(runtime.settings):
            return print_plan(BulkSyncService(runtime).preview(kind), kind, as_json=as_json)
    report = make_report(runtime, kind, verbose=verbose, quiet=quiet, silent=as_json)
    with report:
        summary = _run(runtime, kind, report, concurrency)
    if as_json:
        echo_json(report_service.run_response(runtime, summary))
    else:
        report.summarise(summary)
    return int(summary.exit_code(strict=strict))


def _run(runtime: Runtime, kind: SyncType, report: Report, concurrency: int | None) -> RunSummary:
    stop = Stop()
    try:
        with _stop_on_signals(stop, runtime.settings.shutdown_grace):
            return BulkSyncService(runtime).run(kind, concurrency=concurrency, listener=report, stop=stop)
    except RunInProgress as error:
        raise Failure(str(error), ExitCode.BUSY) from error
    except SQLAlchemyError as error:
        code = ExitCode.SOME_FAILED if report.shown else ExitCode.CONFIG
        after = f" (after {report.shown} of {report.total} users)" if report.shown else ""
        raise Failure(database_failure(error, runtime.settings) + after, code) from error


@contextmanager
def _stop_on_signals(stop: Stop, grace_s: float) -> Iterator[None]:
    """Turn Ctrl+C and SIGTERM into the wish to stop while the block runs."""

    def ask(_signal: int, _frame: object) -> None:
        if not stop.asked:
            click.echo(
                f"Stopping: users in flight have {grace_s:g} seconds to finish; again to stop at once.", err=True
            )
        stop.ask()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _log_level(*, quiet: bool) -> str | None:
    if quiet:
        return "ERROR"
    # On a terminal the results themselves are shown as they come; the log would only say them again.
    on_terminal = sys.stderr.isatty()
    return "WARNING" if on_terminal and load_settings().log_level == "INFO" else None
