"""`infrazen rates`: the exchange rates that totals are converted with."""

from datetime import datetime
from typing import BinaryIO

import click

from app.cli.context import config_failures, open_runtime
from app.cli.output import echo_json, echo_table, json_option
from app.core.domain.money import plain
from app.core.domain.rate_checks import RateFileError
from app.core.domain.rate_files import MAX_BYTES, RateFormat
from app.core.services.rate_service import RateService


@click.group()
def rates() -> None:
    """Import and show the exchange rates of users' totals."""


@rates.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.File("rb"))
@click.option("--format", "file_format", type=click.Choice([kind.value for kind in RateFormat]),
              help="cbr: Bank of Russia (XML); ecb: European Central Bank (XML, CSV); csv: date,base,quote,rate. "
              "Seen from the file unless given.")  # fmt: skip
@click.option("--source", metavar="NAME", help="Who published the rates (default: cbr, ecb, or file for csv).")
@json_option
def import_(files: tuple[BinaryIO, ...], file_format: str | None, source: str | None, as_json: bool) -> None:
    """Import files of exchange rates; `-` is standard input. If one line is wrong, nothing is imported."""
    runtime = open_runtime()
    contents = [(file.name, file.read(MAX_BYTES + 1)) for file in files]
    with config_failures(runtime.settings, RateFileError):
        counts = RateService(runtime).import_files(
            contents, file_format=RateFormat(file_format) if file_format else None, source=source
        )
    if as_json:
        echo_json({"new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged})
    else:
        click.echo(f"Rates: {counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged.")


@rates.command("list")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="Rates that hold on that day; today (UTC) unless given.")  # fmt: skip
@click.option("--currency", metavar="CODE", help="Only rates of this currency.")
@json_option
def list_(day: datetime | None, currency: str | None, as_json: bool) -> None:
    """List the rates that conversions of a day can use: the newest of each source, at most 10 days old."""
    runtime = open_runtime()
    with config_failures(runtime.settings):
        found = RateService(runtime).valid_on((day or runtime.clock()).date(), currency)
    if as_json:
        echo_json([rate.as_json() for rate in found])
    else:
        echo_table(
            ("DATE", "SOURCE", "BASE", "QUOTE", "RATE"),
            ((rate.rate_date, rate.source, rate.base, rate.quote, plain(rate.rate)) for rate in found),
        )
