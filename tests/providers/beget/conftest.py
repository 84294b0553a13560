"""An emulated Beget whose one account a test fills itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.beget.account import BegetAccount
from emulators.beget.accounts import Account
from emulators.beget.emulator import BegetEmulator
from tests.providers.beget.beget_cloud import open_account


@dataclass
class Cloud:
    emulator: BegetEmulator
    holds: Account
    opened: list[BegetAccount] = field(default_factory=list)

    def open(self, **credentials: Any) -> BegetAccount:
        given = {"login": self.holds.login, "password": self.holds.password} | credentials
        account = open_account(self.emulator, given)
        self.opened.append(account)
        return account

    def listing(self, resource_type: str) -> list[Resource]:
        return list(self.open().collect(Scope(resource_type)))

    def only(self, resource_type: str) -> Resource:
        [resource] = self.listing(resource_type)
        return resource

    def paths(self) -> list[str]:
        return [request.path for request in self.emulator.requests]


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with BegetEmulator() as emulator:
        cloud = Cloud(emulator, emulator.add(Account("demo1", "the password")))
        yield cloud
        for account in cloud.opened:
            account.close()
