"""What requests and answers look like: checks the former, and describes both in the OpenAPI document."""

from typing import Any

from apiflask import Schema
from marshmallow import ValidationError as Refused
from marshmallow import fields, validate

from app.core.domain.runs import ItemStatus, SyncStatus, SyncType
from app.core.models import Role
from app.core.services.bulk_sync_service import MAX_USER_IDS

MAX_ID = 2**63 - 1
MAX_PAGE = 100

_SYNC_TYPES = [kind.value for kind in SyncType]
_STATUSES = [status.value for status in SyncStatus]


def _printable(text: str) -> None:
    # A database may refuse control characters, and no address has any.
    if not text.isprintable():
        raise Refused("Not printable.")


def _text(example: str | None = None, **kw: Any) -> fields.String:
    return fields.String(required=True, metadata={} if example is None else {"example": example}, **kw)


def _count() -> fields.Integer:
    return fields.Integer(required=True)


def _seconds() -> fields.Float:
    return fields.Float(required=True, metadata={"description": "seconds, one decimal", "example": 23.4})


def _one_of(values: list[str], **kw: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(values), **kw)


class Success(Schema):
    """It worked; there is nothing to tell."""

    success = fields.Boolean(required=True)


class Error(Schema):
    """Any failure."""

    success = fields.Boolean(required=True, metadata={"example": False})
    error = fields.String(required=True, metadata={"description": "what is wrong"})
    message = fields.String(required=True, metadata={"description": "a short title"})


class ValidationError(Error):
    """A request that does not fit its schema."""

    details = fields.Dict(
        keys=fields.String(), required=True, metadata={"description": "field -> messages, nested like the request"}
    )


class Login(Schema):
    """A log-in."""

    username = fields.String(
        required=True,
        validate=[validate.Length(1, 255), _printable],
        metadata={"description": "the e-mail address", "example": "admin@example.com"},
    )
    password = fields.String(required=True, validate=validate.Length(1, 1024), metadata={"format": "password"})


class LoggedInUser(Schema):
    """A user who is logged in."""

    id = fields.Integer(required=True)
    email = _text("admin@example.com")
    role = _one_of([role.value for role in Role], required=True)


class LoggedIn(Success):
    """Who is logged in."""

    user = fields.Nested(LoggedInUser, required=True)


class BulkSyncRequest(Schema):
    """Which bulk sync to run."""

    sync_type = _one_of(_SYNC_TYPES, load_default=SyncType.MANUAL.value)
    user_ids = fields.List(
        fields.Integer(strict=True, validate=validate.Range(0, MAX_ID)),
        validate=validate.Length(max=MAX_USER_IDS),
        metadata={"description": "Sync these users only; ids that cannot be synced come back as skipped."},
    )


class PageRequest(Schema):
    """Which bulk syncs to list."""

    limit = fields.Integer(load_default=20, validate=validate.Range(1, MAX_PAGE))
    before_id = fields.Integer(
        load_default=None,
        validate=validate.Range(1, MAX_ID),
        metadata={"description": "Only runs older than this one."},
    )


class ProviderError(Schema):
    """A connection of a user that was no full success, and why."""

    connection_id = _count()
    connection_name = _text("production")
    provider = _text("aws")
    status = _one_of(_STATUSES, required=True)
    error_code = _text("authentication_failed", allow_none=True)
    error = _text()


class ExchangeRate(Schema):
    """A rate as it was published: one unit of `base` is worth `rate` units of `quote`."""

    base = _text("USD")
    quote = _text("RUB")
    rate = _text("80.5")
    rate_date = _text("2025-10-25")
    source = _text("cbr")


class _UserResult(Schema):
    user_id = _count()
    user_email = _text("user@example.com", allow_none=True)
    duration_seconds = _seconds()


class SyncedUser(_UserResult):
    """A user at least one of whose connections was synced."""

    status = _one_of([ItemStatus.SUCCESS.value], required=True)
    complete_sync_id = _count()
    sync_status = _one_of([SyncStatus.SUCCESS.value, SyncStatus.PARTIAL.value], required=True)
    providers_synced = _count()
    successful_providers = _count()
    failed_providers = _count()
    resources_found = _count()
    total_daily_cost = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": "per day, in `currency`; null when no cost is known, or there is no rate for a part of it",
            "example": 125.5,
        },
    )
    currency = _text("USD")
    total_daily_cost_by_currency = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "currency -> cost per day", "example": {"USD": "125.5"}},
    )
    exchange_rates = fields.List(
        fields.Nested(ExchangeRate), required=True, metadata={"description": "what the total was converted with"}
    )
    unconverted_currencies = fields.List(
        fields.String(), required=True, metadata={"description": "those for which there was no rate"}
    )
    provider_errors = fields.List(fields.Nested(ProviderError), required=True)


class FailedUser(_UserResult):
    """A user none of whose connections could be synced."""

    status = _one_of([ItemStatus.FAILED.value], required=True)
    error = _text("API connection timeout", allow_none=True)
    message = _text("Complete sync failed")
    complete_sync_id = fields.Integer(required=True, allow_none=True)
    provider_errors = fields.List(fields.Nested(ProviderError), required=True)


class SkippedUser(_UserResult):
    """A user that was left out."""

    status = _one_of([ItemStatus.SKIPPED.value], required=True)
    reason = _text("No auto-sync enabled providers")


class BulkSyncOverview(Schema):
    """A run without its users. `success` says that it came to its end, not that all is well."""

    success = fields.Boolean(required=True)
    message = _text("Bulk sync completed: 5 successful, 1 failed, 2 skipped")
    bulk_sync_id = _count()
    status = _one_of(_STATUSES, required=True)
    total_users = _count()
    successful_users = _count()
    failed_users = _count()
    skipped_users = _count()
    partial_users = fields.Integer(
        required=True, metadata={"description": "those of the successful users with a connection that failed in part"}
    )
    duration_seconds = _seconds()
    sync_type = _one_of(_SYNC_TYPES, required=True)
    started_at = _text("2025-10-27T02:00:00")
    completed_at = _text("2025-10-27T02:02:03", allow_none=True)


class BulkSyncResult(BulkSyncOverview):
    """A run and how each of its users ended."""

    user_results = fields.List(
        fields.Raw(
            metadata={
                "oneOf": [
                    {"$ref": f"#/components/schemas/{kind.__name__}"} for kind in (SyncedUser, FailedUser, SkippedUser)
                ]
            }
        ),
        required=True,
    )


class BulkSyncPage(Success):
    """A page of runs, newest first."""

    bulk_syncs = fields.List(fields.Nested(BulkSyncOverview), required=True)
    next_before_id = fields.Integer(
        required=True, allow_none=True, metadata={"description": "`before_id` of the next page, null on the last"}
    )
