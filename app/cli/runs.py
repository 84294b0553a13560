"""`infrazen runs`: what bulk runs did."""

import click

from app.cli.context import Failure, config_failures, open_runtime
from app.cli.output import echo_json, echo_table, json_option
from app.cli.sync_report import Report
from app.core.services import report_service
from app.logging import printable


@click.group()
def runs() -> None:
    """Look at bulk runs."""


@runs.command("list")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@json_option
def list_(limit: int, as_json: bool) -> None:
    """List the latest runs, newest first."""
    runtime = open_runtime()
    with config_failures(runtime.settings):
        summaries = report_service.latest_runs(runtime, limit)
    if as_json:
        echo_json([report_service.overview(summary) for summary in summaries])
        return
    echo_table(
        ("RUN", "TYPE", "STATUS", "STARTED", "SECONDS", "USERS", "OK", "PARTIAL", "FAILED", "SKIPPED"),
        (
            (s.run_id, s.sync_type, s.status, s.started_at, f"{s.duration_s:.1f}", s.total, s.successful, s.partial,
             s.failed, s.skipped)
            for s in summaries
        ),
    )  # fmt: skip


@runs.command()
@click.argument("run_id", type=click.IntRange(1))
@click.option("--verbose", is_flag=True, help="Show each connection too.")
@json_option
def show(run_id: int, verbose: bool, as_json: bool) -> None:
    """Show one run and how each of its users ended."""
    runtime = open_runtime()
    with config_failures(runtime.settings):
        summary = report_service.find_run(runtime, run_id)
        if summary is None:
            raise Failure(f"there is no run {run_id}; `infrazen runs list` shows the latest", 1)
        if as_json:
            echo_json(report_service.run_response(runtime, summary))
            return
        report = Report(runtime, summary.sync_type, verbose=verbose, quiet=False, silent=False)
        report.replay(summary, report_service.run_results(runtime, run_id))
        for email, name, sentence in report_service.unexplained(runtime, run_id):
            click.echo(printable(f"{email}, {name}: {sentence}"))
