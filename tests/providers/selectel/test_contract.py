"""Selectel keeps the contract that all providers keep."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.providers.selectel import SelectelProvider
from emulators.kit.contract import ProviderContract, Subject
from emulators.selectel.emulator import SelectelEmulator
from emulators.selectel.seed import add_account_wide, add_bills, expected, fill_region
from tests.providers.selectel.selectel_cloud import DAY


class TestSelectel(ProviderContract):
    provider = SelectelProvider()

    @pytest.fixture
    def subject(self) -> Iterator[Subject]:
        with SelectelEmulator(page_size=2) as emulator:
            account = emulator.add_account("123456", projects=())
            project = emulator.add_project(account, "prod", regions=("ru-3",))
            fill_region(emulator, project, "ru-3", 5, DAY)
            add_account_wide(account)
            add_bills(emulator, account, datetime.now(UTC).date())
            credentials = emulator.credentials(account)
            yield Subject(
                emulator,
                credentials=credentials,
                wrong_credentials={**credentials, "service_password": "guess"},
                expected=expected(emulator, credentials),
            )
