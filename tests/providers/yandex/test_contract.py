"""Yandex Cloud keeps the contract of providers."""

from collections.abc import Iterator

import pytest

from app.providers.yandex import YandexProvider
from emulators.kit.contract import ProviderContract, Subject
from emulators.yandex import seed, services
from emulators.yandex.accounts import Account
from emulators.yandex.emulator import YandexEmulator
from emulators.yandex.objects import Ids

_TYPES = {
    "/compute/v1/instances": "compute:instance",
    "/compute/v1/disks": "compute:disk",
    "/managed-postgresql/v1/clusters": "mdb:postgresql",
    "/storage/v1/buckets": "storage:bucket",
}


class TestYandex(ProviderContract):
    provider = YandexProvider()

    @pytest.fixture
    def subject(self) -> Iterator[Subject]:
        with YandexEmulator(longest_page=2) as emulator:
            account = seed.open_account(emulator)
            maker = seed.maker_of(account, account.home_folder, Ids(1))
            for number in range(5):
                maker.server(f"web {number}/ü", number, "e9b0")
            services.database(maker, "postgresql", 1)
            services.bucket(maker, "backups")
            credentials = account.credentials()
            stranger = seed.open_account(emulator)
            emulator.accounts.remove(stranger)
            yield Subject(emulator, credentials, stranger.credentials(), _expected(account))


def _expected(account: Account) -> dict[str, set[str]]:
    return {
        type_: {item["id"] for item in account.listings[path, account.home_folder]} for path, type_ in _TYPES.items()
    }
