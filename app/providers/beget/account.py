"""One Beget account, open for reading."""

from collections.abc import Iterator, Sequence

from app.core.domain.costs import Bill
from app.core.domain.errors import PermissionDenied, SyncError
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.base import Session
from app.providers.beget.catalog import CLOUD, HOSTING
from app.providers.beget.client import BegetClient
from app.providers.beget.credentials import BegetCredentials
from app.providers.beget.reader import Reader


class BegetAccount:
    """Reads one account. Makes no call before `identify`; used by one thread at a time."""

    def __init__(self, credentials: BegetCredentials, session: Session) -> None:
        self._reads_hosting = credentials.hosting
        self._client = BegetClient(credentials, session)
        self._reader = Reader(self._client)

    def identify(self) -> str:
        """Log in and return the login, which is what Beget names an account by. One call.

        When Beget knows the login and refuses the Cloud API (a second factor, a list of addresses), the hosting API
        may still work: it is asked too, and the scopes of the cloud then fail for themselves.
        """
        try:
            self._client.ensure_login()
        except PermissionDenied as refused:
            self._check_hosting(refused)
        return self._client.login

    def scopes(self) -> Sequence[Scope]:
        """Return one scope for each resource type. No call."""
        return tuple(Scope(type_) for type_ in (*CLOUD, *(HOSTING if self._reads_hosting else ())))

    def collect(self, scope: Scope) -> Iterator[Resource]:
        """Yield the resources of one scope."""
        collector = CLOUD.get(scope.resource_type) or HOSTING[scope.resource_type]
        return collector(self._reader)

    def bill(self) -> Bill | None:
        """Return None: Beget has no API for what was charged. Costs are the prices that the listings tell."""
        return None

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _check_hosting(self, refused: PermissionDenied) -> None:
        if not self._reads_hosting:
            raise refused
        try:
            self._client.hosting("user", "getAccountInfo")
        except SyncError:
            raise refused from None
