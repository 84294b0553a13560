from datetime import UTC, datetime, timedelta

import pytest

from app.core.domain.intervals import SyncInterval, due_before

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("interval", "enough"),
    [
        (SyncInterval.HOURLY, timedelta(minutes=54)),
        (SyncInterval.DAILY, timedelta(hours=21, minutes=36)),
        (SyncInterval.WEEKLY, timedelta(days=6, hours=7, minutes=12)),
    ],
)
def test_nine_tenths_of_an_interval_are_enough(interval: SyncInterval, enough: timedelta) -> None:
    assert due_before(NOW)[interval] == NOW - enough


def test_manual_is_never_due() -> None:
    assert SyncInterval.MANUAL not in due_before(NOW)
    assert len(due_before(NOW)) == len(SyncInterval) - 1
