"""The tables. Importing this package registers all of them with `app.extensions.db`."""

from app.core.models.bulk_sync import BulkSync, BulkSyncItem
from app.core.models.cloud_provider import CloudProvider
from app.core.models.complete_sync import CompleteSync
from app.core.models.connection_sync import ConnectionSync
from app.core.models.daily_cost import DailyCost
from app.core.models.exchange_rate import ExchangeRate
from app.core.models.lease import Lease
from app.core.models.resource import Resource, ResourceVersion
from app.core.models.user import ADMIN_ROLES, Role, User

__all__ = [
    "ADMIN_ROLES",
    "BulkSync",
    "BulkSyncItem",
    "CloudProvider",
    "CompleteSync",
    "ConnectionSync",
    "DailyCost",
    "ExchangeRate",
    "Lease",
    "Resource",
    "ResourceVersion",
    "Role",
    "User",
]
