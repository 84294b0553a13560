"""A fresh, migrated database per test on SQLite, PostgreSQL and MariaDB."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text

from app.core.persistence import schema
from tests.support.servers import MariaDb, PostgreSql

KINDS = ("sqlite", "postgresql", "mariadb")

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of what does not depend on the database."""


class _Kind(Protocol):
    def empty(self, name: str) -> URL:
        """Make a database without tables."""
        ...

    def migrated(self, name: str) -> URL:
        """Make a database at the latest revision, quickly."""
        ...

    def drop(self, name: str) -> None:
        """Remove a database."""
        ...

    def stop(self) -> None:
        """End the server."""
        ...


class Databases:
    """Databases of all kinds. A server is started when the first test asks for it."""

    def __init__(self, directory: Path) -> None:
        self._makers: dict[str, Callable[[], _Kind]] = {
            "sqlite": lambda: _SqliteFiles(directory),
            "postgresql": _PostgreSqlDatabases,
            "mariadb": _MariaDbDatabases,
        }
        self._kinds: dict[str, _Kind] = {}
        self._numbers = itertools.count(1)
        self._stack = ExitStack()

    def __enter__(self) -> "Databases":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @contextmanager
    def fresh(self, kind: str, *, migrated: bool = True) -> Iterator[str]:
        """Make a database for the block and yield its URL."""
        where, name = self._kind(kind), f"test_{next(self._numbers)}"
        url = where.migrated(name) if migrated else where.empty(name)
        try:
            yield url.render_as_string(hide_password=False)
        finally:
            where.drop(name)

    def _kind(self, kind: str) -> _Kind:
        if kind not in self._kinds:
            self._kinds[kind] = self._makers[kind]()
            self._stack.callback(self._kinds[kind].stop)
        return self._kinds[kind]


class _SqliteFiles:
    """Copies of one migrated file."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._template = self._path("template")
        _migrate(self.empty("template"))

    def empty(self, name: str) -> URL:
        return make_url(f"sqlite:///{self._path(name)}")

    def migrated(self, name: str) -> URL:
        shutil.copyfile(self._template, self._path(name))
        return self.empty(name)

    def drop(self, name: str) -> None:
        for file in self._directory.glob(f"{name}.db*"):
            file.unlink()

    def stop(self) -> None:
        self.drop("template")

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.db"


class _PostgreSqlDatabases:
    """Copies of a migrated template database."""

    def __init__(self) -> None:
        self._server = PostgreSql()
        self._admin = _admin(self._server.maintenance_url)
        with self._admin.connect() as connection:
            # Faster by half, and the only way before version 15.
            self._strategy = "STRATEGY file_copy" if (connection.dialect.server_version_info or ()) >= (15,) else ""
        _migrate(self.empty("template_migrated"))

    def empty(self, name: str) -> URL:
        _execute(self._admin, f"CREATE DATABASE {name}")
        return self._server.url(name)

    def migrated(self, name: str) -> URL:
        _execute(self._admin, f"CREATE DATABASE {name} TEMPLATE template_migrated {self._strategy}")
        return self._server.url(name)

    def drop(self, name: str) -> None:
        _execute(self._admin, f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self._admin.dispose()
        self._server.stop()


class _MariaDbDatabases:
    """Databases made from the definitions that a migrated one has."""

    def __init__(self) -> None:
        self._server = MariaDb()
        self._admin = _admin(self._server.maintenance_url)
        _migrate(self.empty("template_migrated"))
        with self._admin.connect() as connection:
            connection.execute(text("USE template_migrated"))
            tables = list(connection.scalars(text("SHOW TABLES")))
            self._definitions = [connection.execute(text(f"SHOW CREATE TABLE {name}")).one()[1] for name in tables]
        self._definitions.append(f"INSERT INTO alembic_version VALUES ('{schema.HEAD}')")

    def empty(self, name: str) -> URL:
        _execute(self._admin, f"CREATE DATABASE {name}")
        return self._server.url(name)

    def migrated(self, name: str) -> URL:
        url = self.empty(name)
        _execute(self._admin, f"USE {name}", "SET foreign_key_checks = 0", *self._definitions, "USE mysql")
        return url

    def drop(self, name: str) -> None:
        # A connection that a failed test left open holds the tables: fail then, do not wait for ever.
        _execute(self._admin, "SET lock_wait_timeout = 30", f"DROP DATABASE {name}")

    def stop(self) -> None:
        self._admin.dispose()
        self._server.stop()


def _admin(url: URL) -> Engine:
    return create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=0)


def _execute(engine: Engine, *statements: str) -> None:
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _migrate(url: URL) -> None:
    engine = create_engine(url)
    try:
        schema.migrate(engine)
        if url.get_backend_name() == "sqlite":
            # Everything into the file itself, so that a copy of the file is a copy of the database.
            with engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    finally:
        engine.dispose()
