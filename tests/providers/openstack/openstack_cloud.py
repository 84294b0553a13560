"""The other side of the OpenStack tests: an emulated cloud with a filled account."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any

from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.base import Deadline, Session
from app.providers.openstack import OpenStackProvider
from app.providers.openstack.account import OpenStackAccount
from emulators.openstack.emulator import OpenStackEmulator
from emulators.openstack.seed import fill

DAY = date(2026, 11, 23)


@contextmanager
def running(*, servers: int = 5, **options: Any) -> Iterator[tuple[OpenStackEmulator, dict[str, Any]]]:
    """Yield an emulated cloud and the credentials of its only account."""
    with OpenStackEmulator(**options) as emulator:
        yield emulator, fill(emulator, servers=servers, day=DAY)


def open_account(credentials: dict[str, Any], *, patience_s: float = 20, **session: Any) -> OpenStackAccount:
    provider = OpenStackProvider()
    given = Session(Deadline.after(patience_s), connect_timeout_s=1, read_timeout_s=2, call_timeout_s=5, **session)
    return provider.open(provider.credentials.model_validate(credentials), given)


def read_all(credentials: dict[str, Any]) -> dict[Scope, list[Resource]]:
    with closing(open_account(credentials)) as account:
        account.identify()
        return {scope: list(account.collect(scope)) for scope in account.scopes()}
