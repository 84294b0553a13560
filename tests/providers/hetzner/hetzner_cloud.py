"""The other side of the Hetzner tests: an emulated project, filled by the test, and our account of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.base import Deadline, Session
from app.providers.hetzner import HetznerProvider
from app.providers.hetzner.account import HetznerAccount
from emulators.hetzner.emulator import HetznerEmulator, Project
from emulators.hetzner.seed import fill

TOKEN = "jEheVytlAoFl7F8MqUQ7jAo2hOXASztXjEheVytlAoFl7F8MqUQ7jAo2hOXASztX"
AT = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
"""The moment of the tests' syncs: in a month of 30 days."""
_DAY = AT.date()


@contextmanager
def filled(servers: int = 12, day: date = _DAY, page_size: int = 5) -> Iterator[tuple[HetznerEmulator, dict[str, str]]]:
    """Yield an emulator and the credentials of a project in it."""
    with HetznerEmulator(page_size) as emulator:
        yield emulator, fill(emulator, servers=servers, day=day)


def open_account(url: str, token: str = TOKEN, *, at: datetime = AT, deadline_s: float = 20) -> HetznerAccount:
    provider = HetznerProvider()
    session = Session(Deadline.after(deadline_s), api_endpoint=url, at=at, connect_timeout_s=1, read_timeout_s=5)
    return provider.open(provider.credentials.model_validate({"token": token}), session)


class Cloud:
    """An emulated project, and what our account sees of it."""

    def __init__(self, emulator: HetznerEmulator) -> None:
        self.emulator = emulator
        self.project: Project = emulator.add_project(TOKEN)
        self.opened: list[HetznerAccount] = []

    def open(self, token: str = TOKEN, *, endpoint: str | None = None, **options: Any) -> HetznerAccount:
        account = open_account(endpoint or self.emulator.url, token, **options)
        self.opened.append(account)
        return account

    def listed(self, resource_type: str, **options: Any) -> list[Resource]:
        return list(self.open(**options).collect(Scope(resource_type)))

    def seen(self, resource_type: str, list_: str, item: dict[str, Any], **options: Any) -> Resource:
        """Put one item into the project and return what is seen of it."""
        self.project.items[list_] = [item]
        (resource,) = self.listed(resource_type, **options)
        return resource
