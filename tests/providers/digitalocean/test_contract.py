from collections.abc import Iterator

import pytest

from app.providers.digitalocean import DigitalOceanProvider
from emulators.kit.contract import ProviderContract, Subject
from tests.providers.digitalocean.cloud import cloud, expected, team_of


class TestDigitalOcean(ProviderContract):
    provider = DigitalOceanProvider()

    @pytest.fixture
    def subject(self) -> Iterator[Subject]:
        with cloud(servers=4, largest_page=3) as (emulator, credentials):
            yield Subject(
                emulator,
                credentials=credentials,
                wrong_credentials={"token": "dop_v1_wrong"},
                expected=expected(team_of(emulator, credentials)),
            )
