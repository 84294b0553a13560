"""`infrazen costs`: what clouds billed per day."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import click

from app.cli.context import config_failures, open_runtime
from app.cli.output import echo_json_array, echo_table, json_option
from app.core.domain.money import plain
from app.core.persistence.users import UnknownUser
from app.core.services import inventory_service

_COLUMNS = {
    "charged_on": "DAY",
    "user_email": "USER",
    "connection_name": "CONNECTION",
    "service": "SERVICE",
    "region": "REGION",
    "amount": "AMOUNT",
    "currency": "CURRENCY",
}
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def costs() -> None:
    """Read what clouds billed per day."""


@costs.command("list")
@click.option("--user", "email", metavar="EMAIL", help="Only this user's.")
@click.option("--connection", metavar="NAME", help="Only connections of this name.")
@click.option("--from", "start", type=_DAY, metavar="DATE", help="Only this day and later.")
@click.option("--to", "end", type=_DAY, metavar="DATE", help="Only this day and earlier.")
@click.option("--history", is_flag=True, help="Every figure that was ever told, with when it was read and replaced.")
@json_option
def list_(
    email: str | None,
    connection: str | None,
    start: datetime | None,
    end: datetime | None,
    history: bool,
    as_json: bool,
) -> None:
    """List daily costs per service and region, by each cloud's own billing day, and what they were restated from."""
    runtime = open_runtime()
    with config_failures(runtime.settings, UnknownUser):
        rows = inventory_service.daily_costs_of(
            runtime, email=email, connection=connection, start=start and start.date(), end=end and end.date()
        )
        if as_json:
            echo_json_array(_as_json(row, history=history) for row in rows)
        elif history:
            more = {"read_at": "READ", "replaced_at": "REPLACED"}
            echo_table((*_COLUMNS.values(), *more.values()), _cells(_every_figure(rows), (*_COLUMNS, *more)))
        else:
            echo_table((*_COLUMNS.values(), "RESTATED"), ((*_picked(row), _restated(row)) for row in rows))


def _cells(rows: Iterable[dict[str, Any]], names: Iterable[str]) -> Iterator[list[Any]]:
    picked = list(names)
    for row in rows:
        yield [row[name] for name in picked]


def _picked(row: dict[str, Any]) -> list[Any]:
    return [row[name] for name in _COLUMNS]


def _every_figure(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield from ({**row, **figure} for figure in row["earlier"])
        yield row


def _restated(row: dict[str, Any]) -> str | None:
    """Say what the cloud told before, or that it tells nothing any more."""
    if row["replaced_at"] is not None:
        return "no longer charged"
    if not row["earlier"]:
        return None
    before = row["earlier"][-1]
    return f"was {plain(before['amount'])} {before['currency']}"


def _as_json(row: dict[str, Any], *, history: bool) -> dict[str, Any]:
    before = row["earlier"][-1]["amount"] if row["earlier"] else None
    told = {name: value for name, value in row.items() if name not in ("connection_id", "earlier")}
    return {**told, "restated_from": before} | ({"earlier": row["earlier"]} if history else {})
