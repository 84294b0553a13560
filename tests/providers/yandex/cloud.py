"""An emulated Yandex Cloud account, and accounts opened on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.base import Deadline, Session
from app.providers.yandex import YandexProvider
from app.providers.yandex.account import YandexAccount
from emulators.yandex import seed
from emulators.yandex.accounts import Account
from emulators.yandex.emulator import YandexEmulator
from emulators.yandex.objects import Ids, Maker

DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@contextmanager
def cloud_of(servers: int = 4, **options: Any) -> Iterator[tuple[YandexEmulator, dict[str, Any]]]:
    """Yield the emulator and the credentials of an account with some of everything."""
    with YandexEmulator(**options) as emulator:
        yield emulator, seed.fill(emulator, servers=servers, day=DAY)


@dataclass
class Cloud:
    """The emulator, and one account of it that a test fills."""

    emulator: YandexEmulator
    opened: list[YandexAccount] = field(default_factory=list)
    account: Account = field(init=False)
    maker: Maker = field(init=False)

    def __post_init__(self) -> None:
        self.account = seed.open_account(self.emulator)
        self.maker = seed.maker_of(self.account, self.folder, Ids(1))

    @property
    def folder(self) -> str:
        return self.account.folders[0]["id"]

    @property
    def payer(self) -> str:
        return self.account.billing_accounts[0]["id"]

    @property
    def credentials(self) -> dict[str, Any]:
        return self.account.credentials()

    def put(self, path: str, *items: dict[str, Any]) -> None:
        self.account.listings[path, self.folder] += items

    def open(self, *, without_key: bool = False, **options: Any) -> YandexAccount:
        names = {"api_endpoint", "endpoint_trusted", "call_timeout_s", "at", "deadline"}
        own = {name: options.pop(name) for name in names & options.keys()}
        session = Session(
            **{"deadline": Deadline.after(30), "api_endpoint": self.emulator.url, "at": NOON, "connect_timeout_s": 2}
            | own
        )
        given = options if without_key else {**self.credentials, **options}
        account = YandexProvider().open(YandexProvider.credentials.model_validate(given), session)
        self.opened.append(account)
        return account

    def listed(self, resource_type: str, **options: Any) -> list[Resource]:
        return list(self.open(**options).collect(Scope(resource_type, self.folder)))

    def one(self, resource_type: str, path: str, **item: Any) -> Resource:
        """Return the resource that a listing's only item becomes."""
        self.put(path, item)
        (found,) = self.listed(resource_type)
        return found

    def paths(self) -> list[str]:
        return [request.path for request in self.emulator.requests]
