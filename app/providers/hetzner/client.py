"""Hetzner's own client on our transport, and every page of its listings as records.

The SDK (hcloud 2.27) knows the addresses, the token and the paths. Its models are not used: they drop `datacenter`,
call the cloud for each reference that is touched, take a listing without `meta` for a whole one, and change the
process's warning filters, which is not for threads. Its own retries are off; it has no time limit of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from hcloud import Client

from app.providers.answers import Record, read
from app.providers.base import Session
from app.providers.hetzner.credentials import HetznerCredentials
from app.providers.hetzner.errors import meaning
from app.providers.hetzner.records import Named
from app.providers.pagination import Page, listed, walk
from app.providers.retrying import shared_pause
from app.providers.transport import HttpTransport, for_requests

PAGE_SIZE = 50
"""The most that the API gives on a page."""
_CLOUD = "https://api.hetzner.cloud/v1"
_STORAGE = "https://api.hetzner.com/v1"
_STORAGE_PATHS = ("/storage_boxes",)

N = TypeVar("N", bound=Named)


class _Pagination(Record):
    next_page: int | None
    total_entries: int | None


class _Meta(Record):
    pagination: _Pagination


class HetznerClient:
    """Calls the API of one project. Raises SyncErrors."""

    def __init__(self, credentials: HetznerCredentials, session: Session) -> None:
        token = credentials.token.get_secret_value()
        self._transport = HttpTransport(session, shared_pause(f"hetzner {token}"), meaning=meaning)
        endpoint = session.api_endpoint and _versioned(session.api_endpoint)
        sdk = Client(token, api_endpoint=endpoint or _CLOUD, api_endpoint_hetzner=endpoint or _STORAGE)
        # There is no public way in; both attributes are of hcloud 2.x.
        self._cloud, self._storage = sdk._client, sdk._client_hetzner
        for base in (self._cloud, self._storage):
            base._session.close()
            base._session, base._retry_max_retries = for_requests(self._transport), 0

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        """Return the JSON that a GET answers with."""
        base = self._storage if path in _STORAGE_PATHS else self._cloud
        return base.request("GET", path, params=query or {})

    def items(self, path: str, model: type[N], what: str, query: Mapping[str, str]) -> Iterator[N]:
        """Yield every item of a listing as a record; `what` says what one is: "a server"."""

        def page(number: int) -> Page[N]:
            body = self.get(path, {**query, "page": number, "per_page": PAGE_SIZE})
            items = [read(model, item, what) for item in listed(body, path.rpartition("/")[2])]
            place = read(_Meta, body.get("meta"), "a page of the listing").pagination
            return Page(items, place.next_page, place.total_entries)

        return walk(page, key=lambda item: str(item.id), first=1)

    def close(self) -> None:
        """Close the connections."""
        for base in (self._cloud, self._storage):
            base._session.close()
        self._transport.close()


def _versioned(endpoint: str) -> str:
    """Return an endpoint with the version that paths follow; it is given with or without."""
    base = endpoint.rstrip("/")
    return base if urlsplit(base).path.endswith("/v1") else f"{base}/v1"
