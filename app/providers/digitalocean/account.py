"""One DigitalOcean team, open for reading."""

from collections.abc import Iterator, Sequence
from datetime import UTC

from app.core.domain.costs import Bill
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.answers import Record, read
from app.providers.base import Session
from app.providers.digitalocean.bill import make_bill, read_points
from app.providers.digitalocean.catalog import COLLECTORS
from app.providers.digitalocean.client import Api
from app.providers.digitalocean.credentials import DigitalOceanCredentials
from app.providers.digitalocean.fields import Id
from app.providers.digitalocean.names import Names
from app.providers.digitalocean.source import Reader
from app.providers.digitalocean.spaces import BUCKET, REGIONS, Spaces


class _Team(Record):
    uuid: Id | None = None


class _Account(Record):
    uuid: Id
    team: _Team | None = None


class _AccountAnswer(Record):
    account: _Account


class DigitalOceanAccount:
    """Reads one team. Makes no call before `identify`; remembers the names it lists, to know them on the bill."""

    def __init__(self, credentials: DigitalOceanCredentials, session: Session) -> None:
        self._api = Api(credentials.token.get_secret_value(), session)
        self._spaces = _spaces(credentials, session)
        self._spaces_regions = (credentials.spaces_regions or REGIONS) if self._spaces else ()
        self._today = session.at.astimezone(UTC).date()
        self._names = Names()
        self._team: str | None = None

    def identify(self) -> str:
        """Return the uuid of the token's team, of the user when there is no team. One call."""
        body = self._api.call("account", "account:read", self._api.sdk.account.get)
        account = read(_AccountAnswer, body, "the account").account
        self._team = account.team.uuid if account.team and account.team.uuid else account.uuid
        return self._team

    def scopes(self) -> Sequence[Scope]:
        """Return one scope per type of resource: each list has all regions. No call.

        With a key of Spaces also one per region of buckets.
        """
        return (
            *(Scope(resource_type) for resource_type in COLLECTORS),
            *(Scope(BUCKET, region) for region in self._spaces_regions),
        )

    def collect(self, scope: Scope) -> Iterator[Resource]:
        """Yield the resources of one scope, page by page."""
        for resource in self._listing(scope):
            self._names.add(scope.resource_type, resource)
            yield resource

    def bill(self) -> Bill | None:
        """Return the charges of yesterday, or of the latest day that has any; None when the last week has none.

        Resources are named as far as they were collected before.
        """
        team = self._team or self.identify()
        return make_bill(read_points(self._api, team, self._today), self._names)

    def close(self) -> None:
        """Close the connections."""
        self._api.close()
        if self._spaces is not None:
            self._spaces.close()

    def _listing(self, scope: Scope) -> Iterator[Resource]:
        if self._spaces is not None and scope.resource_type == BUCKET:
            return self._spaces.buckets(scope.location)
        return COLLECTORS[scope.resource_type](Reader(self._api, self._today))


def _spaces(credentials: DigitalOceanCredentials, session: Session) -> Spaces | None:
    access, secret = credentials.spaces_access_key, credentials.spaces_secret_key
    return Spaces(access, secret.get_secret_value(), session) if access and secret else None
