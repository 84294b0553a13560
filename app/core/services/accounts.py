"""The border to a cloud's plugin: what opens a connection's account, and what keeps its errors presentable."""

import logging
import traceback
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from app.core.domain.costs import Bill
from app.core.domain.errors import AuthenticationFailed, SyncError, TerminalError
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.core.models import CloudProvider
from app.core.services.runtime import Runtime
from app.providers import registry
from app.providers.base import Account, Deadline, Provider, Session
from app.security.redaction import Redactor, ScrubbedTraceback
from app.security.vault import CredentialUnreadable

log = logging.getLogger(__name__)


class UnexpectedError(SyncError):
    """A plugin or we have a bug; the log explains it under the incident that the message names."""

    code = "unexpected_error"


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection as loaded; `credentials` is still encrypted, and stays out of the repr."""

    id: int
    name: str
    provider: str
    credentials: str | None = field(repr=False)
    api_endpoint: str | None
    endpoint_trusted: bool = True

    @classmethod
    def of(cls, row: CloudProvider) -> "Connection":
        """Copy what a sync needs from the row."""
        return cls(
            row.id,
            row.connection_name,
            row.provider_type,
            row.credentials,
            row.api_endpoint,
            row.endpoint_trusted,
        )


def account_session(runtime: Runtime, connection: Connection, deadline: Deadline) -> Session:
    """Return the limits of one connection's sync: the connection's own time limit inside the deadline given."""
    settings = runtime.settings
    return Session(
        deadline=deadline.within(settings.connection_timeout),
        api_endpoint=connection.api_endpoint,
        endpoint_trusted=connection.endpoint_trusted,
        at=runtime.clock(),
        connect_timeout_s=settings.connect_timeout,
        read_timeout_s=settings.read_timeout,
        call_timeout_s=settings.call_timeout,
    )


def open_account(runtime: Runtime, connection: Connection, session: Session, redactor: Redactor) -> Account:
    """Decrypt a connection's credential and open its account; no call is made yet.

    The redactor learns the secrets; the account's own errors are scrubbed of them already. Raises AuthenticationFailed
    when the credential cannot be read or does not fit the provider's schema, and TerminalError when the provider is
    not installed.
    """
    try:
        provider = registry.get(connection.provider)
    except registry.UnknownProvider as error:
        raise TerminalError(str(error)) from error
    if connection.credentials is None:
        raise AuthenticationFailed("no credential is stored for this connection; add it again")
    try:
        stored = runtime.vault.decrypt(connection.credentials)
    except CredentialUnreadable as error:
        raise AuthenticationFailed(str(error)) from error
    redactor.learn_unchecked(provider.credentials, stored)
    credentials = parse_credentials(provider, stored)
    redactor.learn(credentials)
    return _PresentableAccount(provider.open(credentials, session), redactor)


def parse_credentials(provider: Provider, credentials: Mapping[str, Any]) -> Any:
    """Return the credentials as the provider's own class. Raises AuthenticationFailed that names the wrong keys."""
    try:
        return provider.credentials.model_validate(credentials)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'credentials'}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_url=False, include_input=False)
        )
        redactor = Redactor()
        redactor.learn_unchecked(provider.credentials, credentials)
        raise AuthenticationFailed(redactor.scrub(f"the credential does not fit {provider.title}: {wrong}")) from None


@contextmanager
def presentable_errors(connection: Connection, redactor: Redactor) -> Iterator[None]:
    """Let nothing out of the block but SyncErrors whose messages hold no secret.

    Anything else is logged with its traceback, scrubbed too, and becomes an UnexpectedError that names the incident.
    """
    try:
        with _scrubbed(redactor):
            yield
    except SyncError:
        raise
    except Exception:
        incident = uuid.uuid4().hex[:12]
        # The traceback as it is may hold a secret.
        told = ScrubbedTraceback(redactor.scrub(traceback.format_exc()))
        log.error(
            "unexpected error %s in connection %s (%s)",
            incident,
            connection.id,
            connection.provider,
            exc_info=(ScrubbedTraceback, told, None),
        )
        raise UnexpectedError(f"unexpected error, see {incident} in the log") from None


@contextmanager
def _scrubbed(redactor: Redactor) -> Iterator[None]:
    """Take the secrets out of the message of a SyncError that leaves the block."""
    try:
        yield
    except SyncError as error:
        error.message = redactor.scrub(error.message)
        error.args = (error.message,)
        raise error from None


class _PresentableAccount:
    """An account none of whose words holds a secret: each call's own error, and the bill's note."""

    def __init__(self, account: Account, redactor: Redactor) -> None:
        self._account, self._redactor = account, redactor

    def identify(self) -> str:
        with _scrubbed(self._redactor):
            return self._account.identify()

    def scopes(self) -> Sequence[Scope]:
        with _scrubbed(self._redactor):
            return self._account.scopes()

    def collect(self, scope: Scope) -> Iterator[Resource]:
        with _scrubbed(self._redactor):
            yield from self._account.collect(scope)

    def bill(self) -> Bill | None:
        with _scrubbed(self._redactor):
            bill = self._account.bill()
        return bill if bill is None or bill.note is None else replace(bill, note=self._redactor.scrub(bill.note))

    def close(self) -> None:
        self._account.close()
