"""Connections: adding and checking them, switching them on and off, removing them, and re-encrypting them."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from app.core.domain.intervals import SyncInterval
from app.core.models import CloudProvider
from app.core.persistence import connections, inventory, users
from app.core.persistence.engine import in_transaction
from app.core.services.accounts import (
    Connection,
    account_session,
    open_account,
    parse_credentials,
    presentable_errors,
)
from app.core.services.connection_check import CheckResult, check
from app.core.services.runtime import Runtime
from app.providers import registry
from app.providers.base import Deadline
from app.providers.network import resolve
from app.security.redaction import Redactor
from app.security.vault import CredentialUnreadable

CHECK_TIMEOUT_S = 60.0
_MAX_NAME, _MAX_ENDPOINT = 100, 500
_ROTATED_AT_ONCE = 200
_PORTS = {"http": 80, "https": 443}


class ConnectionProblem(ValueError):
    """What was asked cannot be done; the message says why."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """How re-encryption went; `unreadable` names the connections that none of the keys decrypts."""

    rotated: int
    unreadable: tuple[str, ...]


class ConnectionService:
    """Manages connections. Each method is one unit of work; clouds are called outside of transactions."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def add(
        self,
        email: str,
        *,
        provider: str,
        name: str,
        credentials: Mapping[str, Any],
        api_endpoint: str | None = None,
        auto_sync: bool = True,
        interval: SyncInterval = SyncInterval.DAILY,
        endpoint_trusted: bool = True,
        check: bool = True,
    ) -> CheckResult | None:
        """Store a connection after checking its credential with the cloud, or unchecked.

        `endpoint_trusted` says that an operator chose the endpoint: one that a customer chose must be a public address,
        now and whenever it is called.
        Raises UnknownUser, UnknownProvider, ConnectionProblem for a bad name or endpoint, and a SyncError when the
        credential does not fit the schema or the check fails; nothing is stored then.
        """
        _check_name(name)
        _check_endpoint(api_endpoint, trusted=endpoint_trusted)
        with self._runtime.sessions() as session:
            user_id = users.require(session, email).id
            _require_free(session, user_id, name)
        parse_credentials(registry.get(provider), credentials)
        token = self._runtime.vault.encrypt(credentials)
        result = self._check(Connection(0, name, provider, token, api_endpoint, endpoint_trusted)) if check else None
        with self._runtime.sessions.begin() as session:
            _require_free(session, user_id, name)
            session.add(
                CloudProvider(
                    user_id=user_id,
                    provider_type=provider,
                    connection_name=name,
                    credentials=token,
                    api_endpoint=api_endpoint,
                    endpoint_trusted=endpoint_trusted,
                    auto_sync=auto_sync,
                    sync_interval=interval.value,
                    created_at=self._runtime.clock(),
                )
            )
        return result

    def set_credentials(
        self,
        email: str,
        name: str,
        credentials: Mapping[str, Any],
        *,
        api_endpoint: str | None = None,
        check: bool = True,
    ) -> CheckResult | None:
        """Replace a connection's credential, and its endpoint if one is given; its inventory and history go on.

        Raises what `add` raises; nothing is changed then.
        """
        with self._runtime.sessions() as session:
            old = Connection.of(_require(session, email, name))
        _check_endpoint(api_endpoint, trusted=old.endpoint_trusted)
        parse_credentials(registry.get(old.provider), credentials)
        token = self._runtime.vault.encrypt(credentials)
        fresh = replace(old, credentials=token, api_endpoint=api_endpoint or old.api_endpoint)
        result = self._check(fresh) if check else None
        with self._runtime.sessions.begin() as session:
            row = _require(session, email, name)
            row.credentials, row.api_endpoint = fresh.credentials, fresh.api_endpoint
        return result

    def test(self, email: str, name: str) -> CheckResult:
        """Check a stored credential with its cloud. Raises UnknownUser, ConnectionProblem, SyncError."""
        with self._runtime.sessions() as session:
            connection = Connection.of(_require(session, email, name))
        return self._check(connection, with_bill=True)

    def change(
        self,
        email: str,
        name: str,
        *,
        is_active: bool | None = None,
        auto_sync: bool | None = None,
        interval: SyncInterval | None = None,
    ) -> None:
        """Change what is given, leave the rest. Raises UnknownUser, ConnectionProblem."""
        with self._runtime.sessions.begin() as session:
            row = _require(session, email, name)
            if is_active is not None:
                row.is_active = is_active
            if auto_sync is not None:
                row.auto_sync = auto_sync
            if interval is not None:
                row.sync_interval = interval.value

    def confirm(self, email: str, name: str) -> int:
        """Believe that the connection's resources in doubt are gone; return how many were.

        Raises UnknownUser, ConnectionProblem.
        """
        with self._runtime.sessions() as session:
            connection_id = _require(session, email, name).id
            latest = inventory.latest_sync(session, connection_id)
        if latest is None:
            return 0
        # History runs forward even when this machine's clock was set back.
        at = max(self._runtime.clock(), latest[0] + timedelta(microseconds=1))
        return in_transaction(
            self._runtime.sessions, lambda session: inventory.delete_suspects(session, connection_id, at=at)
        )

    def remove(self, email: str, name: str) -> None:
        """Forget the credential and hide the connection; its history stays. Raises UnknownUser, ConnectionProblem."""
        with self._runtime.sessions.begin() as session:
            row = _require(session, email, name)
            row.is_deleted, row.deleted_key, row.credentials = True, row.id, None

    def listing(self, email: str | None = None) -> Sequence[tuple[CloudProvider, str]]:
        """Return (connection, its user's e-mail) of all users, or one. Raises UnknownUser."""
        with self._runtime.sessions() as session:
            user_id = None if email is None else users.require(session, email).id
            return [(row, owner) for row, owner in connections.listing(session, user_id)]

    def rotate_keys(self) -> Rotation:
        """Re-encrypt every credential with the first key, in short transactions; safe to repeat and to interrupt."""
        rotated, unreadable, after = 0, [], 0
        while True:
            with self._runtime.sessions.begin() as session:
                rows = connections.with_credentials(session, after=after, limit=_ROTATED_AT_ONCE)
                for row in rows:
                    try:
                        fresh = self._runtime.vault.rotate(row.credentials or "")
                    except CredentialUnreadable:
                        unreadable.append(f"{row.connection_name} (user {row.user_id})")
                    else:
                        rotated += connections.replace_credentials(session, row, fresh)
                if not rows:
                    return Rotation(rotated, tuple(unreadable))
                after = rows[-1].id

    def unreadable(self) -> tuple[str, ...]:
        """Name the connections whose credential none of the keys decrypts."""
        found, after = [], 0
        with self._runtime.sessions() as session:
            while rows := connections.with_credentials(session, after=after, limit=_ROTATED_AT_ONCE):
                for row in rows:
                    try:
                        self._runtime.vault.decrypt(row.credentials or "")
                    except CredentialUnreadable:
                        found.append(f"{row.connection_name} (user {row.user_id})")
                after = rows[-1].id
        return tuple(found)

    def _check(self, connection: Connection, *, with_bill: bool = False) -> CheckResult:
        session, redactor = account_session(self._runtime, connection, Deadline.after(CHECK_TIMEOUT_S)), Redactor()
        with (
            presentable_errors(connection, redactor),
            closing(open_account(self._runtime, connection, session, redactor)) as account,
        ):
            return check(account, with_bill=with_bill)


def _require(session: Session, email: str, name: str) -> CloudProvider:
    row = connections.find(session, users.require(session, email).id, name)
    if row is None:
        raise ConnectionProblem(f"{email} has no connection {name!r}; `infrazen connections list` shows all")
    return row


def _require_free(session: Session, user_id: int, name: str) -> None:
    if connections.find(session, user_id, name) is not None:
        raise ConnectionProblem(f"this user has a connection {name!r} already")


def _check_name(name: str) -> None:
    if not (name.strip() and name.isprintable() and len(name) <= _MAX_NAME):
        raise ConnectionProblem(f"a connection's name has 1 to {_MAX_NAME} printable characters")


def _check_endpoint(url: str | None, *, trusted: bool) -> None:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not parts.username
    except ValueError:
        fits = False
    if not fits or len(url) > _MAX_ENDPOINT:
        raise ConnectionProblem(f"{url!r} is no endpoint such as https://cloud.example.com:8443")
    if not trusted and parts.hostname:
        _require_public(parts.hostname, parts.port or _PORTS[parts.scheme])


def _require_public(host: str, port: int) -> None:
    try:
        resolve(host, port, public_only=True)
    except OSError as error:
        raise ConnectionProblem(f"the name {host} cannot be resolved") from error
