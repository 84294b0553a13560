"""Exchange rates, what clouds' bills say of each day, and vanished resources that are kept in doubt.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from app.core.models import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchange_rates",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("base", sa.String(length=3), nullable=False),
        sa.Column("quote", sa.String(length=3), nullable=False),
        sa.Column("rate_date", sa.Date(), nullable=False),
        sa.Column("rate", types.Money(), nullable=False),
        sa.Column("imported_at", types.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rates")),
        sa.UniqueConstraint(
            "base", "quote", "rate_date", "source", name=op.f("uq_exchange_rates_base_quote_rate_date_source")
        ),
    )
    op.create_table(
        "daily_costs",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("connection_id", types.BigId, nullable=False),
        sa.Column("charged_on", sa.Date(), nullable=False),
        sa.Column("service", types.ExactString(128), nullable=False),
        sa.Column("region", sa.String(length=64), nullable=False),
        sa.Column("amount", types.Money(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("read_at", types.UTCDateTime(), nullable=False),
        sa.Column("replaced_at", types.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["cloud_providers.id"], name=op.f("fk_daily_costs_connection_id_cloud_providers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_costs")),
    )
    op.create_index(
        op.f("ix_daily_costs_connection_id_charged_on"), "daily_costs", ["connection_id", "charged_on"], unique=False
    )
    # Rows of before get the defaults; a default of the column itself would differ from the models'.
    op.add_column("cloud_providers", sa.Column("endpoint_trusted", sa.Boolean(), nullable=True))
    op.execute(sa.text("UPDATE cloud_providers SET endpoint_trusted = true"))
    op.add_column("complete_syncs", sa.Column("exchange_rates", types.Json(), nullable=True))
    op.execute(sa.text("UPDATE complete_syncs SET exchange_rates = '[]'"))
    op.add_column("connection_syncs", sa.Column("unexplained_cost", types.Money(), nullable=True))
    op.add_column("connection_syncs", sa.Column("bill_suspect", sa.Boolean(), nullable=True))
    op.add_column("connection_syncs", sa.Column("resources_suspect", sa.Integer(), nullable=True))
    op.execute(sa.text("UPDATE connection_syncs SET bill_suspect = false, resources_suspect = 0"))
    op.add_column("resources", sa.Column("suspect_since", types.UTCDateTime(), nullable=True))
    for table, column, type_ in (
        ("cloud_providers", "endpoint_trusted", sa.Boolean()),
        ("complete_syncs", "exchange_rates", types.Json()),
        ("connection_syncs", "bill_suspect", sa.Boolean()),
        ("connection_syncs", "resources_suspect", sa.Integer()),
    ):
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, existing_type=type_, nullable=False)


def downgrade() -> None:
    for table, column in (
        ("resources", "suspect_since"),
        ("connection_syncs", "resources_suspect"),
        ("connection_syncs", "bill_suspect"),
        ("connection_syncs", "unexplained_cost"),
        ("complete_syncs", "exchange_rates"),
        ("cloud_providers", "endpoint_trusted"),
    ):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    op.drop_table("daily_costs")
    op.drop_table("exchange_rates")
