from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from app.core.persistence import schema
from app.extensions import db
from tests.support.databases import KINDS, Databases


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    with databases.fresh(request.param, migrated=False) as url:
        engine = create_engine(url)
        yield engine
        engine.dispose()


def test_an_empty_database_goes_up_and_down_again(empty: Engine) -> None:
    assert schema.revision(empty) is None
    schema.migrate(empty)
    assert schema.revision(empty) == schema.HEAD
    assert set(inspect(empty).get_table_names()) == {*db.metadata.tables, "alembic_version"}
    schema.migrate(empty, "base")
    assert schema.revision(empty) is None
    assert inspect(empty).get_table_names() == ["alembic_version"]
    schema.migrate(empty)
    assert schema.revision(empty) == schema.HEAD


def test_migrating_twice_changes_nothing(empty: Engine) -> None:
    schema.migrate(empty)
    schema.migrate(empty)
    assert schema.revision(empty) == schema.HEAD


def test_the_migrated_tables_are_those_of_the_models(empty: Engine) -> None:
    schema.migrate(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_unique_keys_and_foreign_keys_are_those_of_the_models(empty: Engine) -> None:
    schema.migrate(empty)
    inspector = inspect(empty)
    for table in db.metadata.tables.values():
        wanted = {
            tuple(key.column_keys) + tuple(element.target_fullname for element in key.elements)
            for key in table.foreign_key_constraints
        }
        found = {
            tuple(key["constrained_columns"])
            + tuple(f"{key['referred_table']}.{column}" for column in key["referred_columns"])
            for key in inspector.get_foreign_keys(table.name)
        }
        assert found == wanted


@pytest.mark.parametrize("empty", ["mariadb"], indirect=True)
def test_tables_are_utf8_whatever_the_servers_default_is(empty: Engine) -> None:
    schema.migrate(empty)
    with empty.connect() as connection:
        columns = "SELECT DISTINCT character_set_name FROM information_schema.columns WHERE table_schema = DATABASE()"
        assert set(connection.scalars(text(columns))) == {"utf8mb4", None}


def test_the_code_works_with_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema._MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]
