"""DigitalOcean's two kinds of pages."""

import math
from dataclasses import dataclass
from typing import Any

from emulators.kit.pages import Item, Query, Slice, number

_HOST = "https://api.digitalocean.com"


@dataclass(frozen=True, slots=True)
class Linked:
    """Pages by number, with links to the neighbours and a total. The links have the real host, as in the cloud."""

    path: str
    largest: int

    def place(self, query: Query, items: list[Item]) -> tuple[int, int]:
        """Return where the page begins, and its size."""
        return numbered(query, self.largest)

    def surroundings(self, page: Slice, query: Query) -> Item:
        """Return links and total. A list of one page has no links."""
        here, last = page.start // page.size + 1, math.ceil(page.total / page.size)
        links: dict[str, str] = {}
        if here > 1:
            links |= {"first": self._link(1, page.size), "prev": self._link(here - 1, page.size)}
        if here < last:
            links |= {"next": self._link(here + 1, page.size), "last": self._link(last, page.size)}
        return {"links": {"pages": links} if links else {}, "meta": {"total": page.total}}

    def _link(self, page: int, size: int) -> str:
        return f"{_HOST}{self.path}?page={page}&per_page={size}"


@dataclass(frozen=True, slots=True)
class Counted:
    """The pages of the billing insights, which tell how many there are."""

    largest: int

    def place(self, query: Query, items: list[Item]) -> tuple[int, int]:
        """Return where the page begins, and its size."""
        return numbered(query, self.largest)

    def surroundings(self, page: Slice, query: Query) -> dict[str, Any]:
        """Return the three numbers."""
        return {
            "total_items": page.total,
            "total_pages": math.ceil(page.total / page.size),
            "current_page": page.start // page.size + 1,
        }


def numbered(query: Query, largest: int) -> tuple[int, int]:
    """Return the start and size of a numbered page."""
    size = number(query, "per_page", 20, largest)
    return (number(query, "page", 1, 10**9) - 1) * size, size
