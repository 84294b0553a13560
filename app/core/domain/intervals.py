"""How often a connection wants to be synced."""

from datetime import datetime, timedelta
from enum import StrEnum


class SyncInterval(StrEnum):
    """The `sync_interval` of a connection; `manual` is never due by itself."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MANUAL = "manual"


_LENGTHS = {
    SyncInterval.HOURLY: timedelta(hours=1),
    SyncInterval.DAILY: timedelta(days=1),
    SyncInterval.WEEKLY: timedelta(weeks=1),
}


def due_before(now: datetime) -> dict[SyncInterval, datetime]:
    """Return, per interval, the latest moment of the last successful start that makes a connection due at `now`.

    Nine tenths of the interval are enough, so that a nightly cron never misses by seconds. `manual` is left out.
    """
    return {interval: now - length * 0.9 for interval, length in _LENGTHS.items()}
