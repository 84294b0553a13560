"""OpenStack keeps the contract that all providers keep."""

from collections.abc import Iterator

import pytest

from app.providers.openstack import OpenStackProvider
from emulators.keystone import seed
from emulators.kit.contract import ProviderContract, Subject
from emulators.openstack.emulator import OpenStackEmulator
from emulators.openstack.seed import expected
from tests.providers.openstack.openstack_cloud import DAY


class TestOpenStack(ProviderContract):
    provider = OpenStackProvider()

    @pytest.fixture
    def subject(self) -> Iterator[Subject]:
        with OpenStackEmulator(page_size=2) as emulator:
            user = emulator.add_user("anna", "secret of anna")
            place = seed.Place(emulator, emulator.add_project(user, "production"), "RegionOne", DAY)
            seed.add_servers(place, range(5))
            seed.add_storage(place)
            seed.add_network(place)
            credentials = {"auth_url": emulator.url, "username": "anna", "password": user.password}
            yield Subject(
                emulator,
                credentials=credentials,
                wrong_credentials={**credentials, "password": "guess"},
                expected=expected(emulator, credentials),
                listing_path="/region/",
            )
