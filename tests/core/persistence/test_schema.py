from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from app.core.persistence import schema
from tests.support.databases import sqlite_only


def test_a_migrated_database_fits(engine: Engine) -> None:
    schema.check(engine)


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("0000", f"the database is at revision 0000, this version needs {schema.HEAD}; run `infrazen db upgrade`"),
        ("9999", f"the database is at revision 9999, newer than this version's {schema.HEAD}; upgrade InfraZen"),
    ],
)
def test_a_database_at_another_revision_is_told_apart(engine: Engine, revision: str, message: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    with pytest.raises(schema.SchemaMismatch) as caught:
        schema.check(engine)
    assert str(caught.value) == message


def test_a_database_without_tables_of_ours_is_told_apart(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(schema.SchemaMismatch, match="has no tables of ours yet; run `infrazen db upgrade`"):
        schema.check(engine)


def test_a_check_makes_no_file(tmp_path: Path) -> None:
    file = tmp_path / "missing.db"
    with pytest.raises(schema.SchemaMismatch) as caught:
        schema.check(create_engine(f"sqlite:///{file}"))
    assert str(caught.value) == f"there is no database at {file} yet; run `infrazen db upgrade`"
    assert not file.exists()


def test_a_new_file_gets_its_directory_and_a_write_ahead_log(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'instance' / 'new.db'}")
    schema.migrate(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    engine.dispose()


@sqlite_only
def test_foreign_keys_hold_on_sqlite_too(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
