"""Fixtures of the Yandex Cloud tests; what they are made of stands in cloud.py."""

from collections.abc import Iterator

import pytest

from emulators.yandex.emulator import YandexEmulator
from tests.providers.yandex.cloud import Cloud


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with YandexEmulator() as emulator:
        cloud = Cloud(emulator)
        yield cloud
        for account in cloud.opened:
            account.close()
