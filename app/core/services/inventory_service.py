"""Reading the inventory and the daily costs back."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from app.core.persistence import daily_costs, inventory, users
from app.core.services.runtime import Runtime

_FIGURE = ("amount", "currency", "read_at", "replaced_at")


def resources_at(runtime: Runtime, moment: datetime, email: str | None = None) -> Iterator[Mapping[str, Any]]:
    """Stream the resources that existed at a moment (aware), of all users or one. Raises UnknownUser."""
    with runtime.sessions() as session:
        user_id = None if email is None else users.require(session, email).id
        yield from inventory.resources_at(session, moment, user_id=user_id)


def daily_costs_of(
    runtime: Runtime,
    *,
    email: str | None = None,
    connection: str | None = None,
    start: date | None = None,
    end: date | None = None,
) -> Iterator[dict[str, Any]]:
    """Stream what clouds billed per day, service and region, from `start` to `end` (both included).

    Each entry has the latest figure and `earlier`, the figures that it replaced, oldest first. `replaced_at` is None
    unless the cloud no longer tells the charge at all. Raises UnknownUser.
    """
    with runtime.sessions() as session:
        user_id = None if email is None else users.require(session, email).id
        rows = daily_costs.figures(session, user_id=user_id, connection=connection, start=start, end=end)
        for _, told in groupby(rows, key=_charge):
            *earlier, latest = told
            yield {**latest, "earlier": [{name: figure[name] for name in _FIGURE} for figure in earlier]}


def _charge(figure: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(figure[name] for name in ("connection_id", "charged_on", "service", "region"))
