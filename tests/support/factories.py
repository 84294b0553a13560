"""Rows that tests need: users and connections."""

import itertools
from typing import Any

from app.core.models import CloudProvider, User
from app.core.services.runtime import Runtime
from tests.support.scripted_provider import NAME

_numbers = itertools.count(1)


def add_user(runtime: Runtime, **columns: Any) -> int:
    """Add an active user of its own and return its id. `columns` are those of `User`."""
    number = next(_numbers)
    with runtime.sessions.begin() as session:
        user = User(**{"email": f"user{number}@example.com", **columns})
        session.add(user)
        session.flush()
        return user.id


def add_connection(runtime: Runtime, user_id: int, key: str = "key", **columns: Any) -> int:
    """Add an auto-synced connection to the scripted provider and return its id.

    `key` is the credential, which chooses the scripted account. `columns` are those of `CloudProvider`.
    """
    number = next(_numbers)
    defaults = {
        "user_id": user_id,
        "provider_type": NAME,
        "connection_name": f"connection {number}",
        "credentials": runtime.vault.encrypt({"key": key}),
    }
    with runtime.sessions.begin() as session:
        connection = CloudProvider(**{**defaults, **columns})
        session.add(connection)
        session.flush()
        return connection.id


def update_row(runtime: Runtime, model: type[Any], id_: int, **columns: Any) -> None:
    """Change columns of one row."""
    with runtime.sessions.begin() as session:
        row = session.get_one(model, id_)
        for name, value in columns.items():
            setattr(row, name, value)
