from collections.abc import Iterator

import pytest

from app.providers.beget import BegetProvider
from emulators.kit.contract import ProviderContract, Subject
from tests.providers.beget.beget_cloud import account_of, beget_cloud, everything


class TestBeget(ProviderContract):
    provider = BegetProvider()

    @pytest.fixture
    def subject(self) -> Iterator[Subject]:
        with beget_cloud(servers=5, page_size=2) as (emulator, credentials):
            wrong = {**credentials, "password": "wrong"}
            yield Subject(emulator, credentials, wrong, everything(account_of(emulator, credentials)))
