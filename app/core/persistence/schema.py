"""The database's schema: which revision it is at, and bringing it to this version's."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

HEAD = "0002"
"""The revision this version of the code works with."""

_MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"


class SchemaMismatch(Exception):
    """The database is not at HEAD; the message says what to do."""


def check(engine: Engine) -> None:
    """Raise SchemaMismatch unless the database is at HEAD. Makes no file where SQLite has none yet."""
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file and not file.startswith((":memory:", "file:")) and not Path(file).exists():
        raise SchemaMismatch(f"there is no database at {file} yet; run `infrazen db upgrade`")
    found = revision(engine)
    if found is None:
        raise SchemaMismatch("the database has no tables of ours yet; run `infrazen db upgrade`")
    if found > HEAD:
        raise SchemaMismatch(f"the database is at revision {found}, newer than this version's {HEAD}; upgrade InfraZen")
    if found != HEAD:
        raise SchemaMismatch(
            f"the database is at revision {found}, this version needs {HEAD}; run `infrazen db upgrade`"
        )


def revision(engine: Engine) -> str | None:
    """Return the database's revision, None when no migration ever ran. Raises SQLAlchemyError when unreachable."""
    with engine.connect() as connection:
        try:
            found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except (OperationalError, ProgrammingError) as error:
            if "alembic_version" in str(error.orig):
                return None
            raise
        return found


def migrate(engine: Engine, target: str = "head") -> None:
    """Bring the schema to a revision, up or down.

    A new SQLite database gets its directory and write-ahead log, one of MySQL or MariaDB is told to use UTF-8.
    Raises SchemaMismatch for a directory that cannot be made, or a revision that this version does not know.
    """
    from alembic import command
    from alembic.util import CommandError

    if engine.dialect.name == "sqlite" and engine.url.database:
        _make_directory(Path(engine.url.database).parent)
        with engine.connect() as connection:
            connection.execute(text("PRAGMA journal_mode = WAL"))
    with engine.begin() as connection:
        if engine.dialect.name in ("mysql", "mariadb"):
            # Tables take it over; a server's own default may be latin1, which loses most names.
            connection.execute(text("ALTER DATABASE CHARACTER SET utf8mb4"))
        step = command.downgrade if target == "base" or target < (_revision_on(connection) or "") else command.upgrade
        try:
            step(_config(connection), target)
        except CommandError as error:
            raise SchemaMismatch(f"the schema cannot be brought to {target}: {error}") from error


def _make_directory(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SchemaMismatch(f"the database's directory {directory} cannot be made: {error.strerror}") from error


def _revision_on(connection: Any) -> str | None:
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Any) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
