"""Fixtures for what all providers share."""

import time
from collections.abc import Iterator

import pytest

from app.providers.retrying import forget_pauses
from tests.providers.small_cloud import SmallCloud


@pytest.fixture
def small_cloud() -> Iterator[SmallCloud]:
    with SmallCloud() as cloud:
        yield cloud
    forget_pauses()


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Sleeping costs no time in this test; how long each sleep was meant to be stands here."""
    taken: list[float] = []
    monkeypatch.setattr(time, "sleep", taken.append)
    return taken
