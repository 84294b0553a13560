"""Reading the inventory back."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.core.persistence import inventory, users
from app.core.services.runtime import Runtime


def resources_at(runtime: Runtime, moment: datetime, email: str | None = None) -> Iterator[Mapping[str, Any]]:
    """Stream the resources that existed at a moment (aware), of all users or one. Raises UnknownUser."""
    with runtime.sessions() as session:
        user_id = None if email is None else users.require(session, email).id
        yield from inventory.resources_at(session, moment, user_id=user_id)
