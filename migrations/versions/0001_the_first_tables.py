"""The first tables

Revision: 0001, the first one
"""

import sqlalchemy as sa
from alembic import op

from app.core.models import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_syncs",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("sync_type", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("selection", types.Json(), nullable=False),
        sa.Column("requested_by", sa.String(length=255), nullable=False),
        sa.Column("total_users", sa.Integer(), nullable=False),
        sa.Column("successful_users", sa.Integer(), nullable=False),
        sa.Column("failed_users", sa.Integer(), nullable=False),
        sa.Column("skipped_users", sa.Integer(), nullable=False),
        sa.Column("partial_users", sa.Integer(), nullable=False),
        sa.Column("started_at", types.UTCDateTime(), nullable=False),
        sa.Column("completed_at", types.UTCDateTime(), nullable=True),
        sa.Column("duration_seconds", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_syncs")),
    )
    op.create_table(
        "leases",
        sa.Column("name", types.ExactString(100), nullable=False),
        sa.Column("holder", sa.String(length=255), nullable=False),
        sa.Column("acquired_at", types.UTCDateTime(), nullable=False),
        sa.Column("expires_at", types.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "users",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "cloud_providers",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column("provider_type", sa.String(length=50), nullable=False),
        sa.Column("connection_name", types.ExactString(100), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=True),
        sa.Column("api_endpoint", sa.String(length=500), nullable=True),
        sa.Column("auto_sync", sa.Boolean(), nullable=False),
        sa.Column("sync_interval", sa.String(length=20), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("deleted_key", types.BigId, nullable=False),
        sa.Column("last_sync", types.UTCDateTime(), nullable=True),
        sa.Column("last_success_at", types.UTCDateTime(), nullable=True),
        sa.Column("sync_status", sa.String(length=20), nullable=True),
        sa.Column("sync_error", sa.Text(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_cloud_providers_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cloud_providers")),
        sa.UniqueConstraint(
            "user_id",
            "connection_name",
            "deleted_key",
            name=op.f("uq_cloud_providers_user_id_connection_name_deleted_key"),
        ),
    )
    op.create_table(
        "complete_syncs",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column("sync_type", sa.String(length=20), nullable=False),
        sa.Column("sync_status", sa.String(length=20), nullable=False),
        sa.Column("total_providers_synced", sa.Integer(), nullable=False),
        sa.Column("successful_providers", sa.Integer(), nullable=False),
        sa.Column("failed_providers", sa.Integer(), nullable=False),
        sa.Column("total_resources_found", sa.Integer(), nullable=False),
        sa.Column("total_daily_cost", types.Money(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("cost_by_currency", types.Json(), nullable=False),
        sa.Column("sync_started_at", types.UTCDateTime(), nullable=False),
        sa.Column("sync_completed_at", types.UTCDateTime(), nullable=True),
        sa.Column("sync_duration_seconds", sa.Float(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_complete_syncs_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complete_syncs")),
    )
    op.create_index(op.f("ix_complete_syncs_sync_status"), "complete_syncs", ["sync_status"], unique=False)
    op.create_index(
        op.f("ix_complete_syncs_sync_type_sync_started_at"),
        "complete_syncs",
        ["sync_type", "sync_started_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_complete_syncs_user_id_sync_started_at"),
        "complete_syncs",
        ["user_id", "sync_started_at"],
        unique=False,
    )

    op.create_table(
        "bulk_sync_items",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("bulk_sync_id", types.BigId, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("user_id", types.BigId, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("complete_sync_id", types.BigId, nullable=True),
        sa.Column("started_at", types.UTCDateTime(), nullable=True),
        sa.Column("completed_at", types.UTCDateTime(), nullable=True),
        sa.Column("duration_seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulk_sync_id"], ["bulk_syncs.id"], name=op.f("fk_bulk_sync_items_bulk_sync_id_bulk_syncs")
        ),
        sa.ForeignKeyConstraint(
            ["complete_sync_id"], ["complete_syncs.id"], name=op.f("fk_bulk_sync_items_complete_sync_id_complete_syncs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_sync_items")),
        sa.UniqueConstraint("bulk_sync_id", "user_id", name=op.f("uq_bulk_sync_items_bulk_sync_id_user_id")),
    )
    op.create_index(
        op.f("ix_bulk_sync_items_bulk_sync_id_status_position"),
        "bulk_sync_items",
        ["bulk_sync_id", "status", "position"],
        unique=False,
    )

    op.create_table(
        "connection_syncs",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("complete_sync_id", types.BigId, nullable=False),
        sa.Column("connection_id", types.BigId, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("resources_found", sa.Integer(), nullable=False),
        sa.Column("resources_created", sa.Integer(), nullable=False),
        sa.Column("resources_updated", sa.Integer(), nullable=False),
        sa.Column("resources_deleted", sa.Integer(), nullable=False),
        sa.Column("cost_by_currency", types.Json(), nullable=False),
        sa.Column("billed_daily_cost", types.Money(), nullable=True),
        sa.Column("billed_currency", sa.String(length=3), nullable=True),
        sa.Column("billed_on", sa.Date(), nullable=True),
        sa.Column("bill_note", sa.Text(), nullable=True),
        sa.Column("scopes", types.Json(), nullable=False),
        sa.Column("api_calls", sa.Integer(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(length=40), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("started_at", types.UTCDateTime(), nullable=False),
        sa.Column("completed_at", types.UTCDateTime(), nullable=True),
        sa.Column("duration_seconds", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complete_sync_id"],
            ["complete_syncs.id"],
            name=op.f("fk_connection_syncs_complete_sync_id_complete_syncs"),
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["cloud_providers.id"], name=op.f("fk_connection_syncs_connection_id_cloud_providers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection_syncs")),
    )
    op.create_index(
        op.f("ix_connection_syncs_complete_sync_id"), "connection_syncs", ["complete_sync_id"], unique=False
    )
    op.create_index(
        op.f("ix_connection_syncs_connection_id_started_at"),
        "connection_syncs",
        ["connection_id", "started_at"],
        unique=False,
    )
    op.create_index(op.f("ix_connection_syncs_status"), "connection_syncs", ["status"], unique=False)

    op.create_table(
        "resources",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("connection_id", types.BigId, nullable=False),
        sa.Column("resource_type", types.ExactString(64), nullable=False),
        sa.Column("external_id", types.ExactString(512), nullable=False),
        sa.Column("scope_location", types.ExactString(64), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("first_seen_at", types.UTCDateTime(), nullable=False),
        sa.Column("changed_at", types.UTCDateTime(), nullable=False),
        sa.Column("changed_by_id", types.BigId, nullable=False),
        sa.Column("deleted_at", types.UTCDateTime(), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("region", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("created_at", types.UTCDateTime(), nullable=True),
        sa.Column("tags", types.Json(), nullable=False),
        sa.Column("config", types.Json(), nullable=False),
        sa.Column("daily_cost", types.Money(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("cost_basis", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["connection_syncs.id"], name=op.f("fk_resources_changed_by_id_connection_syncs")
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["cloud_providers.id"], name=op.f("fk_resources_connection_id_cloud_providers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
        sa.UniqueConstraint(
            "connection_id",
            "resource_type",
            "external_id",
            name=op.f("uq_resources_connection_id_resource_type_external_id"),
        ),
    )
    op.create_index(
        op.f("ix_resources_connection_id_changed_by_id"), "resources", ["connection_id", "changed_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_resources_connection_id_resource_type_scope_location"),
        "resources",
        ["connection_id", "resource_type", "scope_location"],
        unique=False,
    )

    op.create_table(
        "resource_versions",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("resource_id", types.BigId, nullable=False),
        sa.Column("valid_from", types.UTCDateTime(), nullable=False),
        sa.Column("valid_to", types.UTCDateTime(), nullable=True),
        sa.Column("opened_by_id", types.BigId, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("region", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("created_at", types.UTCDateTime(), nullable=True),
        sa.Column("tags", types.Json(), nullable=False),
        sa.Column("config", types.Json(), nullable=False),
        sa.Column("daily_cost", types.Money(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("cost_basis", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["connection_syncs.id"], name=op.f("fk_resource_versions_opened_by_id_connection_syncs")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_resource_versions_resource_id_resources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_versions")),
    )
    op.create_index(
        op.f("ix_resource_versions_resource_id_valid_to"),
        "resource_versions",
        ["resource_id", "valid_to"],
        unique=False,
    )


def downgrade() -> None:
    # A table takes its indexes along; MySQL would not drop one alone that a foreign key needs.
    op.drop_table("resource_versions")
    op.drop_table("resources")
    op.drop_table("connection_syncs")
    op.drop_table("bulk_sync_items")
    op.drop_table("complete_syncs")
    op.drop_table("cloud_providers")
    op.drop_table("users")
    op.drop_table("leases")
    op.drop_table("bulk_syncs")
