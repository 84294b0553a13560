"""The other side of the Selectel tests: an emulated cloud with a filled account."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from typing import Any

from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.base import Deadline, Session
from app.providers.selectel import SelectelProvider
from app.providers.selectel.account import SelectelAccount
from emulators.selectel.emulator import SelectelEmulator
from emulators.selectel.seed import fill

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@contextmanager
def running(*, servers: int = 5, **options: Any) -> Iterator[tuple[SelectelEmulator, dict[str, Any]]]:
    """Yield an emulated cloud and the credentials of its only account."""
    with SelectelEmulator(**options) as emulator:
        yield emulator, fill(emulator, servers=servers, day=DAY)


def open_account(
    emulator: SelectelEmulator, credentials: dict[str, Any], *, patience_s: float = 20, at: datetime = AT
) -> SelectelAccount:
    provider = SelectelProvider()
    session = Session(
        Deadline.after(patience_s),
        api_endpoint=emulator.url,
        at=at,
        connect_timeout_s=1,
        read_timeout_s=2,
        call_timeout_s=5,
    )
    return provider.open(provider.credentials.model_validate(credentials), session)


def read_all(emulator: SelectelEmulator, credentials: dict[str, Any]) -> dict[Scope, list[Resource]]:
    with closing(open_account(emulator, credentials)) as account:
        account.identify()
        return {scope: list(account.collect(scope)) for scope in account.scopes()}
