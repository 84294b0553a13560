"""Hetzner's Cloud API, and the storage boxes of its second host, as docs.hetzner.cloud describes them.

Read-only: listings with pages, one project per token, the price list. Nothing here was compared with the real API.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from emulators.hetzner import prices
from emulators.kit.pages import Item, Listing, Query, Slice, number
from emulators.kit.server import Emulator, Reply, Request

LISTS = (
    "servers",
    "volumes",
    "images",
    "primary_ips",
    "floating_ips",
    "load_balancers",
    "networks",
    "firewalls",
    "placement_groups",
    "ssh_keys",
    "certificates",
    "zones",
    "storage_boxes",
)
MAX_PAGE_SIZE, _PAGE_SIZE = 50, 25
_HOURLY_LIMIT = 3600
_CODES = {
    400: "invalid_input",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    423: "locked",
    429: "rate_limit_exceeded",
    500: "service_error",
    502: "bad_gateway",
    503: "unavailable",
    504: "timeout",
}


@dataclass(frozen=True, slots=True)
class _Pages:
    """Numbered pages; the cloud never gives more than `cap` items on one."""

    cap: int

    def place(self, query: Query, items: list[Item]) -> tuple[int, int]:
        size = number(query, "per_page", _PAGE_SIZE, self.cap)
        return (number(query, "page", 1, 10**9) - 1) * size, size

    def surroundings(self, page: Slice, query: Query) -> Item:
        place = page.start // page.size + 1
        pagination = {
            "page": place,
            "per_page": page.size,
            "previous_page": place - 1 or None,
            "next_page": None if page.is_last else place + 1,
            "last_page": max(1, math.ceil(page.total / page.size)),
            "total_entries": page.total,
        }
        return {"meta": {"pagination": pagination}}


@dataclass(slots=True)
class Project:
    """What a token belongs to: a list of objects, in the API's own form, for each listing.

    denied  the last parts of the paths that this token may not read
    """

    items: dict[str, list[Item]] = field(default_factory=lambda: {name: [] for name in LISTS})
    pricing: Item = field(default_factory=prices.price_list)
    denied: set[str] = field(default_factory=set)


class HetznerEmulator(Emulator):
    """The API with any number of projects. `page_size` caps the pages below the cloud's own 50."""

    def __init__(self, page_size: int = MAX_PAGE_SIZE) -> None:
        super().__init__()
        self.projects: dict[str, Project] = {}
        self._paging = _Pages(page_size)
        self.routes = [
            ("GET", "/v1/pricing", self._pricing),
            ("GET", "/v1/locations", self._locations),
            ("GET", f"/v1/(?P<name>{'|'.join(LISTS)})", self._list),
        ]

    def add_project(self, token: str) -> Project:
        """Make an empty project that the token belongs to."""
        self.projects[token] = Project()
        return self.projects[token]

    def deny(self, credentials: Mapping[str, str], what: str) -> None:
        """From now on refuse to list `what` (`servers`) to a credential."""
        self.projects[credentials["token"]].denied.add(what)

    def authenticate(self, request: Request) -> Reply | None:
        """Let in whoever has a project's token, unless what is asked for is denied to it."""
        project = self._project(request)
        if project is None:
            return self.refusal(401, "unable to authenticate")
        if request.path.rpartition("/")[2] in project.denied:
            return self.refusal(403, "insufficient permissions for this request")
        return None

    def refusal(self, status: int, words: str) -> Reply:
        """Return an error in the cloud's form."""
        error = {"code": _CODES.get(status, "unknown_error"), "message": words, "details": None}
        return Reply({"error": error}, status, {"X-Correlation-Id": "5e1f0b2c7a9d4e63"})

    def limited(self) -> Reply:
        """Return the refusal of one call too many; `RateLimit-Reset` is when the budget is full, in an hour."""
        reply = self.refusal(429, f"limit of {_HOURLY_LIMIT} requests per hour reached")
        reply.headers |= {
            "RateLimit-Limit": f"{_HOURLY_LIMIT}",
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": f"{time.time() + _HOURLY_LIMIT:.0f}",
        }
        return reply

    def _project(self, request: Request) -> Project | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return self.projects.get(token) if scheme == "Bearer" else None

    def _list(self, request: Request, name: str) -> Reply:
        project = self._project(request)
        items = project.items[name] if project else []
        types = request.query.get("type") if name == "images" else None
        return Reply(self._page(name, [item for item in items if types is None or item["type"] in types]))

    def _locations(self, request: Request) -> Reply:
        return Reply(self._page("locations", list(prices.LOCATIONS.values())))

    def _pricing(self, request: Request) -> Reply:
        project = self._project(request)
        return Reply({"pricing": project.pricing if project else {}})

    def _page(self, name: str, items: list[Any]) -> Listing:
        return Listing(name, items, self._paging)
