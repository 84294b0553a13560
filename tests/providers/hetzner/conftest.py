"""Fixtures of the Hetzner tests; what they are made of stands in hetzner_cloud.py."""

from collections.abc import Iterator

import pytest

from app.providers.retrying import forget_pauses
from emulators.hetzner.emulator import HetznerEmulator
from tests.providers.hetzner.hetzner_cloud import Cloud


@pytest.fixture
def hetzner() -> Iterator[Cloud]:
    with HetznerEmulator() as emulator:
        cloud = Cloud(emulator)
        yield cloud
        for account in cloud.opened:
            account.close()
        # A pause that one test's cloud asked for binds no other test.
        forget_pauses()
