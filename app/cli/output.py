"""Printing: lists for people, JSON for programs."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click

from app.core.domain.money import plain
from app.core.services.report_service import timestamp
from app.logging import printable

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else on stdout.")


def echo_json(value: Any) -> None:
    """Print one JSON document. Decimals become text, times the contract's UTC form."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain_value))


def echo_json_array(values: Iterable[Any]) -> None:
    """Print a JSON array item by item, so that a long list needs no memory."""
    separator = "["
    for value in values:
        click.echo(separator + "\n  " + json.dumps(value, ensure_ascii=False, default=_plain_value), nl=False)
        separator = ","
    click.echo("[]" if separator == "[" else "\n]")


def echo_table(headers: Iterable[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows in aligned columns, None as a dash."""
    lines = [tuple(headers), *(tuple(_cell(value) for value in row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def local(moment: datetime) -> str:
    """Write a time as people here read it: local, to the second."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return local(value) if isinstance(value, datetime) else printable(str(value))


def _plain_value(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON form for {type(value).__name__}")
