"""`infrazen db`: the schema."""

import click

from app.cli.context import config_failures, load_settings
from app.core.persistence import schema
from app.core.persistence.engine import make_sessions


@click.group()
def db() -> None:
    """Bring the database's schema up to date."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Migrate to the newest schema, or to REVISION (`base` takes everything away)."""
    settings = load_settings()
    with config_failures(settings):
        engine = make_sessions(settings.database, pool_size=1).kw["bind"]
        schema.migrate(engine, revision)
        click.echo(f"The database is at revision {schema.revision(engine) or 'base'}.")


@db.command()
def current() -> None:
    """Show the database's revision and this version's."""
    settings = load_settings()
    with config_failures(settings):
        engine = make_sessions(settings.database, pool_size=1).kw["bind"]
        click.echo(f"Database: {schema.revision(engine) or 'none'}; this version: {schema.HEAD}.")
