"""Pages as OpenStack's services cut them: by marker with links, by marker with `next`, or by offset."""

from dataclasses import dataclass
from urllib.parse import urlencode

from emulators.kit.pages import Item, Query, Slice, number


@dataclass(frozen=True, slots=True)
class Markers:
    """`?limit=&marker=<last id>`, and a list of links as long as something follows."""

    key: str
    url: str
    cap: int

    def place(self, query: Query, items: list[Item]) -> tuple[int, int]:
        """Return what follows the marker's item."""
        marker = query.get("marker", [""])[0]
        ids = [item["id"] for item in items]
        return ids.index(marker) + 1 if marker in ids else 0, number(query, "limit", self.cap, self.cap)

    def surroundings(self, page: Slice, query: Query) -> Item:
        """Return the link to the next page."""
        if page.is_last or not page.items:
            return {}
        return {f"{self.key}_links": [{"rel": "next", "href": f"{self.url}?{_after(page, query)}"}]}


@dataclass(frozen=True, slots=True)
class GlanceMarkers(Markers):
    """The same with paths: `first`, `next`, `schema`."""

    def surroundings(self, page: Slice, query: Query) -> Item:
        """Return the paths of the first and the next page."""
        around = {"first": "/v2/images", "schema": "/v2/schemas/images"}
        return around if page.is_last or not page.items else around | {"next": f"/v2/images?{_after(page, query)}"}


@dataclass(frozen=True, slots=True)
class Offsets:
    """`?limit=&offset=`; Manila."""

    cap: int

    def place(self, query: Query, items: list[Item]) -> tuple[int, int]:
        """Return the offset as it was asked for."""
        return number(query, "offset", 0, 10**9), number(query, "limit", self.cap, self.cap)

    def surroundings(self, page: Slice, query: Query) -> Item:
        """Nothing stands beside it."""
        return {}


@dataclass(frozen=True, slots=True)
class Names:
    """`?limit=&marker=<last name>`, without any link; Swift."""

    cap: int

    def place(self, query: Query, items: list[Item]) -> tuple[int, int]:
        """Return what comes after the name, whether or not there is such a container."""
        marker = query.get("marker", [""])[0]
        return sum(item["name"] <= marker for item in items), number(query, "limit", self.cap, self.cap)

    def surroundings(self, page: Slice, query: Query) -> Item:
        """Nothing stands beside it."""
        return {}


def _after(page: Slice, query: Query) -> str:
    kept = {name: values[0] for name, values in query.items() if name != "marker"}
    return urlencode(kept | {"marker": page.items[-1]["id"]})
