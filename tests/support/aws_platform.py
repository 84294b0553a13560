"""An AWS emulator that checks credentials, shared by all tests that need a real cloud protocol."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from emulators.aws.emulator import running
from emulators.aws.seed import Company, Seeder

ACCOUNT = "111111111111"


@dataclass(frozen=True)
class Aws:
    """The emulator's address, and a credential of an account with a few resources in one region."""

    url: str
    credentials: dict[str, Any]

    @property
    def wrong_credentials(self) -> dict[str, Any]:
        """The same key with a secret that does not fit."""
        return {**self.credentials, "secret_access_key": "wrong" * 8}


@pytest.fixture(scope="session")
def aws() -> Iterator[Aws]:
    """A running emulator."""
    with running() as emulator:
        seeder = Seeder(emulator)
        key = seeder.make_key(ACCOUNT)
        seeder.fill(Company(ACCOUNT, "acme", servers=4))
        emulator.check_credentials()
        secrets = {"access_key_id": key.access_key_id, "secret_access_key": key.secret_access_key}
        yield Aws(emulator.url, {**secrets, "regions": ["eu-central-1"]})
