"""`infrazen resources`: the inventory of today or of a past day."""

from datetime import UTC, date, datetime, timedelta

import click

from app.cli.context import config_failures, open_runtime
from app.cli.output import echo_json_array, echo_table, json_option
from app.core.persistence.users import UnknownUser
from app.core.services import inventory_service

_COLUMNS = {
    "user_email": "USER",
    "connection_name": "CONNECTION",
    "resource_type": "TYPE",
    "external_id": "ID",
    "name": "NAME",
    "region": "REGION",
    "status": "STATUS",
    "daily_cost": "COST/DAY",
    "currency": "CURRENCY",
    "cost_basis": "COST FROM",
}


@click.command()
@click.option("--user", "email", metavar="EMAIL", help="Only this user's.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="As it was at the end of that day (UTC); now unless given.")  # fmt: skip
@json_option
def resources(email: str | None, day: datetime | None, as_json: bool) -> None:
    """List resources with their daily cost."""
    runtime = open_runtime()
    moment = runtime.clock() if day is None else _end_of(day.date())
    with config_failures(runtime.settings, UnknownUser):
        rows = inventory_service.resources_at(runtime, min(moment, runtime.clock()), email)
        if as_json:
            echo_json_array(dict(row) for row in rows)
            return
        echo_table(_COLUMNS.values(), ([row[name] for name in _COLUMNS] for row in rows))


def _end_of(day: date) -> datetime:
    """Return the last moment of a day, which the half-open intervals of the history contain."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1) - timedelta(microseconds=1)
