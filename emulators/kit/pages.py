"""Listings in pages, the way each cloud numbers them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from emulators.kit.faults import Fault, Kind

Query = Mapping[str, list[str]]
Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Slice:
    """One page: its items, and where it stands. `start` is the index of its first item, `size` the page's size."""

    items: list[Item]
    start: int
    size: int
    total: int

    @property
    def is_last(self) -> bool:
        """True when nothing follows."""
        return self.start + self.size >= self.total


class Paging(Protocol):
    """How a cloud asks for a page, and what it says beside the items."""

    def place(self, query: Query, items: list[Item]) -> tuple[int, int]:
        """Return the index of the first item that is asked for, and the page's size."""
        ...

    def surroundings(self, page: Slice, query: Query) -> Item:
        """Return the fields that stand beside the list."""
        ...


@dataclass(frozen=True, slots=True)
class Listing:
    """A whole listing, which the server cuts into pages: {key: items of the page, **surroundings}."""

    key: str
    items: list[Item]
    paging: Paging
    empty_is_omitted: bool = False

    def answer(self, query: Query, meets: Callable[[], list[Fault]]) -> Item:
        """Return one page's body. `meets` tells, for a second or later page, the faults that it meets."""
        start, size = self.paging.place(query, self.items)
        if not start:
            return self._body(self._page(self.items, start, size), query)
        kinds = {fault.kind for fault in meets()}
        if Kind.SAME_PAGE_FOR_EVER in kinds:
            return self._body(Slice(self.items[:size], 0, size, len(self.items) + size), query)
        items = list(self.items)
        if Kind.ITEMS_MOVE in kinds and len(items) > start:
            items[start - 1], items[start] = items[start], items[start - 1]
        page = self._page(items, start, size)
        if Kind.ITEM_ON_TWO_PAGES in kinds:
            page = Slice([self.items[start - 1], *page.items], page.start, page.size, page.total)
        return self._body(page, query)

    def _page(self, items: list[Item], start: int, size: int) -> Slice:
        return Slice(items[start : start + size], start, size, len(items))

    def _body(self, page: Slice, query: Query) -> Item:
        listed = {} if self.empty_is_omitted and not page.items else {self.key: page.items}
        return listed | self.paging.surroundings(page, query)


def number(query: Query, name: str, default: int, most: int) -> int:
    """Return a number of the query, at most `most`."""
    return min(int(query.get(name, [str(default)])[0]), most)


@dataclass(frozen=True, slots=True)
class WholeList:
    """Everything at once."""

    def place(self, query: Query, items: list[Item]) -> tuple[int, int]:
        """Return all."""
        return 0, max(1, len(items))

    def surroundings(self, page: Slice, query: Query) -> Item:
        """Nothing stands beside it."""
        return {}
