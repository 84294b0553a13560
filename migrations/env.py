"""Alembic's entry: runs on the connection that `app.core.persistence.schema` hands over."""

from alembic import context

from app.core import models  # noqa: F401 - registers the tables
from app.extensions import db

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=db.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    user_module_prefix="types.",
)
with context.begin_transaction():
    context.run_migrations()
