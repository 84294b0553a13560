"""One Hetzner Cloud project, open for reading."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from hashlib import sha256

from app.core.domain.errors import NotOffered, SyncError
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.answers import Record, read
from app.providers.base import Session
from app.providers.hetzner.catalog import LISTINGS
from app.providers.hetzner.client import HetznerClient
from app.providers.hetzner.credentials import HetznerCredentials
from app.providers.hetzner.pricing import PriceList, Tariff

_ID_DIGITS = 16


class _Answer(Record):
    pricing: PriceList


class HetznerAccount:
    """Reads one project. Makes no call before `identify`; used by one thread at a time."""

    def __init__(self, credentials: HetznerCredentials, session: Session) -> None:
        self._client = HetznerClient(credentials, session)
        self._day = session.at.astimezone(UTC).date()
        self._id = f"token-{sha256(credentials.token.get_secret_value().encode()).hexdigest()[:_ID_DIGITS]}"
        self._tariff: Tariff | None = None
        self._no_prices: SyncError | None = None

    def identify(self) -> str:
        """Check the token with one call. The API does not tell the project's id, so that a hash of the token that
        belongs to it stands in: another token of the same project has another id."""
        try:
            self._client.get("/locations", {"per_page": 1})
        except NotOffered:
            self._client.get("/servers", {"per_page": 1})
        return self._id

    def scopes(self) -> Sequence[Scope]:
        """Return one scope per resource type; each covers all locations. No call is made."""
        return tuple(map(Scope, LISTINGS))

    def collect(self, scope: Scope) -> Iterator[Resource]:
        """Yield the resources of one type, page by page."""
        yield from LISTINGS[scope.resource_type].resources(self._client, self._priced())

    def bill(self) -> None:
        """Return None: Hetzner tells no bills or usage. Raises what kept the price list from being read, if anything
        did: the inventory is whole then, and its costs stay as they were."""
        self._priced()
        if self._no_prices is not None:
            raise type(self._no_prices)(f"the price list was not read, costs stay as they were: {self._no_prices}")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _priced(self) -> Tariff:
        """Return the day's prices; they are asked for once, also when that fails."""
        if self._tariff is None:
            try:
                prices = read(_Answer, self._client.get("/pricing"), "the price list").pricing
            except SyncError as error:
                prices, self._no_prices = None, error
            self._tariff = Tariff(self._day, prices)
        return self._tariff
