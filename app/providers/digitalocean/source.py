"""Read one list of the API to its end, and make resources of it.

A list has pages of 1 to 200 items, numbered from 1; `links.pages.next` is there when one more follows, `meta.total`
counts them all. A few lists come in one answer.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qs, urlsplit

from pydantic import Field

from app.core.domain.resources import Resource
from app.providers.answers import Record, read
from app.providers.digitalocean.client import PAGE_SIZE, Api
from app.providers.pagination import Page, listed, walk

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Reader:
    """What a collector works with. `day` is the UTC day that is priced."""

    api: Api
    day: date


Collector = Callable[[Reader], Iterator[Resource]]


class _Pages(Record):
    next: str | None = None


class _Links(Record):
    pages: _Pages | None = None


class _Meta(Record):
    total: int | None = Field(None, ge=0)


class _Envelope(Record):
    """What stands beside a list."""

    links: _Links | None = None
    meta: _Meta | None = None


@dataclass(frozen=True, slots=True)
class Source(Generic[R]):
    """One list of the API.

    what       what is listed, for people
    right      the token's scope that it needs
    operation  the SDK's, such as "droplets.list"
    key        where the answer has the list
    """

    what: str
    right: str
    operation: str
    key: str
    model: type[R]
    id_of: Callable[[R], str]
    query: Mapping[str, Any] = field(default_factory=dict)
    is_paged: bool = True

    def records(self, api: Api) -> Iterator[R]:
        """Yield every item of the list, read as `model`. Raises SyncError."""
        yield from walk(lambda number: self._page(api, number), self.id_of, 1)

    def collector(self, resource: Callable[[R, date], Resource | None]) -> Collector:
        """Return a collector of the list. `resource` makes a resource of a record and the day that is priced; None for
        what another list has."""

        def collect(reader: Reader) -> Iterator[Resource]:
            for record in self.records(reader.api):
                made = resource(record, reader.day)
                if made is not None:
                    yield made

        return collect

    def _page(self, api: Api, number: int) -> Page[R]:
        paging = {"page": number, "per_page": PAGE_SIZE} if self.is_paged else {}
        body = api.call(self.what, self.right, attrgetter(self.operation)(api.sdk), **self.query, **paging)
        items = [read(self.model, item, f"one of the {self.what}") for item in listed(body, self.key)]
        if not self.is_paged:
            return Page(items)
        around = read(_Envelope, body, f"a page of {self.what}")
        return Page(items, _next(around, number), around.meta.total if around.meta else None)


def _next(around: _Envelope, number: int) -> int | None:
    """Return the next page's number: the address is not followed, since it has the cloud's own host."""
    link = around.links.pages.next if around.links and around.links.pages else None
    if not link:
        return None
    told = parse_qs(urlsplit(link).query).get("page", [""])[0]
    return int(told) if told.isascii() and told.isdigit() else number + 1
