"""Read the lists of one project in one region."""

from collections.abc import Iterator, Mapping
from typing import Any

from keystoneauth1.adapter import Adapter
from openstack.proxy import Proxy
from openstack.utils import maximum_supported_microversion

from app.core.domain.errors import PermissionDenied, ResponseInvalid
from app.core.domain.resources import Cost
from app.providers.answers import Record, read
from app.providers.keystone.access import Access, answered
from app.providers.keystone.errors import translated
from app.providers.pagination import Page, listed, walk

PAGE_SIZE = 1000
"""Items asked for at a time. Services cap it at their own limit, which is 1,000 by default."""

Query = Mapping[str, str | int]


_NEWEST = {"compute": "2.72", "shared-file-system": "2.45"}
"""The newest microversions that we understand; a service without an entry is asked for its oldest."""


_USUAL_VERSION = {"image": "/v2"}
"""What stands between the catalog's address and the paths, for services that the SDK does not call unseen."""


class _Item(Record):
    id: str


class _Link(Record):
    rel: str


class _Links(Record):
    links: tuple[_Link, ...] = ()


class Reader:
    """Reads one project's services in one region.

    cost            what the listing says about the cost of each resource
    with_metadata   metadata of servers become tags; not for clouds that keep secrets in them
    """

    def __init__(
        self, access: Access, project_id: str, region: str, *, cost: Cost | None, with_metadata: bool = True
    ) -> None:
        self.project_id, self.region = project_id, region
        self.cost, self.with_metadata = cost, with_metadata
        self._access = access
        self._clients: dict[str, tuple[Proxy, str | None]] = {}

    @property
    def place(self) -> dict[str, str]:
        """What every resource says of where it was found."""
        return {"project_id": self.project_id, "location": self.region}

    def has(self, service: str) -> bool:
        """Tell whether the region has a service."""
        return self._access.catalog.url(service, self.region) is not None

    def url(self, service: str) -> str:
        """Return where a service is, without a slash at the end."""
        url = self._access.catalog.url(service, self.region)
        if url is None:
            raise PermissionDenied(f"the catalog of {self._words} has no {service} any more")
        return url

    def get(self, service: str, path: str, query: Query | None = None) -> Any:
        """Return the JSON at a path of a standard service. Raises SyncErrors that name service, region, project."""
        try:
            try:
                client, microversion = self._client(service)
            except ResponseInvalid:
                # The SDK insists on the service's version document, which some clouds do not serve.
                if service not in _USUAL_VERSION:
                    raise
                return self.get_url(service, f"{_USUAL_VERSION[service]}{path}", query)
            with translated():
                # The SDK's own layer above the adapter keeps each client alive in a cache, and warns about itself.
                response = Adapter.request(
                    client, path, "GET", params=dict(query or {}), microversion=microversion, raise_exc=False, log=False
                )
            return answered(response)
        except PermissionDenied as error:
            raise self._denied(service, error) from None

    def get_url(self, service: str, path: str = "", query: Query | None = None) -> Any:
        """Return the JSON at a path below the catalog's own URL of a service, for those that the SDK does not know."""
        try:
            return self._access.get(self.url(service) + path, params=dict(query or {}))
        except PermissionDenied as error:
            raise self._denied(service, error) from None

    def pages(self, service: str, path: str, key: str, query: Query | None = None) -> Iterator[Any]:
        """Yield every item of a list, page by page; the last item's id asks for the next page."""

        def fetch(marker: str | None) -> Page[Any]:
            place = {"marker": marker} if marker else {}
            body = self.get(service, path, {**(query or {}), "limit": PAGE_SIZE, **place})
            items = listed(body, key)
            return Page(items, _last(items) if _goes_on(body, key) else None)

        return walk(fetch, _id)

    def offset_pages(self, service: str, path: str, key: str) -> Iterator[Any]:
        """Yield every item of a list whose pages are counted; an empty page ends it."""
        seen: set[str] = set()

        def fetch(offset: int) -> Page[Any]:
            items = listed(self.get(service, path, {"limit": PAGE_SIZE, "offset": offset}), key)
            ids = {_id(item) for item in items}
            if not offset:
                seen.clear()
            elif items and ids <= seen:
                raise ResponseInvalid("the cloud's pages have no end: they hold what was read already")
            seen.update(ids)
            return Page(items, offset + len(items) if items else None)

        return walk(fetch, _id, 0)

    def _client(self, service: str) -> tuple[Proxy, str | None]:
        if service not in self._clients:
            self.url(service)
            client = self._access.client(service, self.region)
            with translated():
                self._clients[service] = client, maximum_supported_microversion(client, _NEWEST.get(service))
        return self._clients[service]

    @property
    def _words(self) -> str:
        return f"project {self._access.project_name}, region {self.region}"

    def _denied(self, service: str, error: PermissionDenied) -> PermissionDenied:
        return type(error)(
            f"{service} of {self._words}: {error.message}; give the user a role there that may list, such as reader"
        )


def _id(item: Any) -> str:
    return read(_Item, item, "an item of the list").id


def _goes_on(body: Any, key: str) -> bool:
    # Glance has `next`, the others a list of links.
    links = read(_Links, {"links": body.get(f"{key}_links") or ()}, "the link to the next page").links
    return bool(body.get("next")) or any(link.rel == "next" for link in links)


def _last(items: list[Any]) -> str:
    if not items:
        raise ResponseInvalid("an empty page names a next page")
    return _id(items[-1])
