"""Count the SQL statements that an engine really runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def recorded(engine: Engine) -> Iterator[list[str]]:
    """Yield the list that collects the statements handed to the driver during the block."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def traced(engine: Engine) -> Iterator[list[str]]:
    """Yield the list that collects what SQLite itself ran, each row of an `executemany` included."""
    statements: list[str] = []

    def watch(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.set_trace_callback(statements.append)

    event.listen(engine, "checkout", watch)
    try:
        yield statements
    finally:
        event.remove(engine, "checkout", watch)
        engine.dispose()
