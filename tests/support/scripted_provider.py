"""A provider whose accounts are plain data: what each credential sees, what goes wrong, and what was asked of it.

provider.accounts["key"] = ScriptedAccount({Scope("vm", "r1"): [Resource("a")], Scope("vm", "r2"): Broken(error)})
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

import pytest
from pydantic import SecretStr

from app.core.domain.costs import Bill
from app.core.domain.errors import AuthenticationFailed
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers import registry
from app.providers.base import Account, Credentials, Provider, Session

Answer = TypeVar("Answer")

NAME = "scripted"
WAIT_S = 30
"""How long a held listing waits before it gives up, so that a broken test ends."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A listing that raises `error` after these resources."""

    error: BaseException
    after: Sequence[Resource] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A listing that waits for `until` before it begins; `begun` is set when it is asked for."""

    until: threading.Event
    resources: Sequence[Resource] = ()
    begun: threading.Event = field(default_factory=threading.Event)


Listing = Sequence[Resource] | Iterator[Resource] | Broken | Held | BaseException


@dataclass(slots=True)
class ScriptedAccount:
    """What one credential sees. Change it between syncs to change the cloud.

    identify, bill, listing  an exception there is raised by the call of that name (`listing`: by `scopes`)
    hook                     called with the name of each call, in its thread: "identify", "scopes", "collect", "bill"
    """

    scopes: Mapping[Scope, Listing] = field(default_factory=dict)
    bill: Bill | BaseException | None = None
    identify: str | BaseException = "account"
    listing: BaseException | None = None
    hook: Callable[[str], None] = lambda _call: None


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the credential's key, the call's name, and the scope of a `collect`."""

    key: str
    name: str
    scope: Scope | None = None


class Nested(Credentials):
    """Secrets one level down."""

    private_key: SecretStr
    login: str = "someone"


class ScriptedCredentials(Credentials):
    """The key chooses the account; the secrets are there to be found where they do not belong."""

    key: str
    secret: SecretStr | None = None
    account: Nested | None = None


class ScriptedProvider:
    """The provider. `calls` lists every call in the order they came."""

    name: ClassVar[str] = NAME
    title: ClassVar[str] = "Scripted cloud"
    credentials: ClassVar[type[Credentials]] = ScriptedCredentials

    def __init__(self) -> None:
        self.accounts: dict[str, ScriptedAccount] = {}
        self.calls: list[Call] = []
        self.sessions: list[Session] = []

    def open(self, credentials: ScriptedCredentials, session: Session) -> Account:
        """Return the account of that key; a key that is not there fails when it is identified."""
        self.sessions.append(session)
        return _OpenAccount(self, credentials.key, session)

    def register(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Make the registry know this provider, beside those that are installed."""
        real_get, real_names = registry.get, registry.names

        def get(name: str) -> Provider:
            return self if name == NAME else real_get(name)

        monkeypatch.setattr(registry, "get", get)
        monkeypatch.setattr(registry, "names", lambda: tuple(sorted({*real_names(), NAME})))


class _OpenAccount:
    def __init__(self, provider: ScriptedProvider, key: str, session: Session) -> None:
        self._provider, self._key, self._session = provider, key, session

    def identify(self) -> str:
        account = self._call("identify")
        return _or_raise(account.identify)

    def scopes(self) -> Sequence[Scope]:
        account = self._call("scopes")
        if account.listing is not None:
            raise account.listing
        return list(account.scopes)

    def collect(self, scope: Scope) -> Iterator[Resource]:
        listing = self._call("collect", scope).scopes[scope]
        if isinstance(listing, Held):
            listing.begun.set()
            if not listing.until.wait(WAIT_S):
                raise AssertionError("a held listing was never let go")
            listing = listing.resources
        if isinstance(listing, BaseException):
            raise listing
        if isinstance(listing, Broken):
            yield from listing.after
            raise listing.error
        yield from listing

    def bill(self) -> Bill | None:
        return _or_raise(self._call("bill").bill)

    def close(self) -> None:
        self._provider.calls.append(Call(self._key, "close"))

    def _call(self, name: str, scope: Scope | None = None) -> ScriptedAccount:
        self._provider.calls.append(Call(self._key, name, scope))
        self._session.stats.calls += 1
        account = self._provider.accounts.get(self._key)
        if account is None:
            raise AuthenticationFailed("the cloud does not know this key")
        account.hook(name)
        return account


def _or_raise(answer: "Answer | BaseException") -> "Answer":
    if isinstance(answer, BaseException):
        raise answer
    return answer
