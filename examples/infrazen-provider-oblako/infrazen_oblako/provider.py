"""The provider: what a credential looks like, and an account that lists servers, disks and the bill."""

from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from typing import ClassVar

from app.core.domain.costs import Bill
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.base import Credentials, Session
from app.providers.http import HttpClient
from pydantic import Field, SecretStr

from infrazen_oblako.api import Disk, OblakoApi, Server
from infrazen_oblako.auth import KeyAuth
from infrazen_oblako.normalise import DISK, SERVER, bill_of, disk_resource, server_resource

PUBLIC_ENDPOINT = "https://api.oblako.example"
RESTATED_DAYS = 7
"""How long the cloud corrects a day."""


class OblakoCredentials(Credentials):
    """A key of one project, with the role `viewer`."""

    key_id: str = Field(description="id of an API key with the role viewer: Console > Project > Keys")
    key_secret: SecretStr = Field(description="the key's secret, shown once when the key is made")


class OblakoAccount:
    """One project."""

    def __init__(self, credentials: OblakoCredentials, session: Session) -> None:
        base_url = session.api_endpoint or PUBLIC_ENDPOINT
        secret = credentials.key_secret.get_secret_value()
        self._today = session.at.astimezone(UTC).date()
        self._http = HttpClient(
            session,
            base_url,
            principal=f"oblako {credentials.key_id} {secret}",
            auth=KeyAuth(base_url, credentials.key_id, secret),
        )
        self._api = OblakoApi(self._http)

    def identify(self) -> str:
        """Return the project's id."""
        return self._api.fetch_project().id

    def scopes(self) -> Sequence[Scope]:
        """Return the two listings there are; they span all zones."""
        return [Scope(SERVER), Scope(DISK)]

    def collect(self, scope: Scope) -> Iterator[Resource]:
        """Yield the servers or the disks."""
        if scope.resource_type == SERVER:
            for server in self._api.fetch_things("servers", Server, "a server"):
                yield server_resource(server, self._today)
        else:
            for disk in self._api.fetch_things("disks", Disk, "a disk"):
                yield disk_resource(disk, self._today)

    def bill(self) -> Bill | None:
        """Return yesterday's charges, or those of the newest complete day of the last week."""
        first, last = (self._today - timedelta(days=days) for days in (RESTATED_DAYS, 1))
        return bill_of(self._api.fetch_billing(first, last))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class OblakoProvider:
    """Oblako Demo."""

    name: ClassVar[str] = "oblako"
    title: ClassVar[str] = "Oblako Demo"
    credentials: ClassVar[type[OblakoCredentials]] = OblakoCredentials

    def open(self, credentials: OblakoCredentials, session: Session) -> OblakoAccount:
        """Return the account; no call is made yet."""
        return OblakoAccount(credentials, session)
