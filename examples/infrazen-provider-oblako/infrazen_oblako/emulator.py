"""Oblako Demo on this machine: the API's real paths, tokens, cursors and bills, with invented things behind them.

Started alone (`python -m infrazen_oblako.emulator`) it prints its address and ends when its input does.
"""

import sys
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from emulators.kit.pages import Item, Listing, Query, Slice, number
from emulators.kit.server import Emulator, Reply, Request

KEY = {"key_id": "demo", "key_secret": "oblako-demo-secret"}


class Cursors:
    """?cursor= and ?limit=, with `next_cursor` (null on the last page) and `total` beside the list."""

    def place(self, query: Query, items: list[Item]) -> tuple[int, int]:
        """Return where a cursor points and how many items a page has: two, so that little data fills pages."""
        return int(query.get("cursor", ["after-0"])[0].removeprefix("after-")), number(query, "limit", 2, most=2)

    def surroundings(self, page: Slice, query: Query) -> Item:
        """Return the fields beside the list."""
        return {"next_cursor": None if page.is_last else f"after-{page.start + page.size}", "total": page.total}


@dataclass
class Books:
    """What was charged: day -> list of charges. A correction is seen from the second reading on."""

    days: dict[date, list[Item]] = field(default_factory=dict)
    corrections: list[tuple[date, Item]] = field(default_factory=list)

    def read(self, first: date, last: date) -> list[Item]:
        """Return the days from `first` to `last`, oldest first."""
        days = [
            {"day": day.isoformat(), "charges": list(charges)}
            for day, charges in sorted(self.days.items())
            if first <= day <= last
        ]
        for day, charge in self.corrections:
            self.days[day].append(charge)
        self.corrections.clear()
        return days


class OblakoEmulator(Emulator):
    """One project, empty until `servers`, `disks` and `books` are filled."""

    def __init__(self) -> None:
        super().__init__()
        self.servers: list[Item] = []
        self.disks: list[Item] = []
        self.books = Books()
        self._tokens: set[str] = set()
        self._given = 0
        self.routes = [
            ("POST", "/v1/tokens", self.give_token),
            ("GET", "/v1/project", lambda request: Reply({"id": "prj-demo", "name": "demo"})),
            ("GET", "/v1/servers", lambda request: Reply(Listing("servers", self.servers, Cursors()))),
            ("GET", "/v1/disks", lambda request: Reply(Listing("disks", self.disks, Cursors()))),
            ("GET", "/v1/billing/days", self.list_days),
        ]

    def authenticate(self, request: Request) -> Reply | None:
        """Let in who shows a token that was given out."""
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        if request.path == "/v1/tokens" or shown in self._tokens:
            return None
        return self.refusal(401, "the token is unknown or has expired")

    def refusal(self, status: int, words: str) -> Reply:
        """Return an error as Oblako words it."""
        return Reply({"error": {"code": status, "message": words}}, status)

    def expire_tokens(self) -> None:
        """Forget every token."""
        self._tokens.clear()

    def give_token(self, request: Request) -> Reply:
        """Exchange the key for a token."""
        if request.json() != KEY:
            return self.refusal(401, "the key is unknown")
        self._given += 1
        self._tokens.add(f"token-{self._given}")
        return Reply({"token": f"token-{self._given}", "expires_in": 3600})

    def list_days(self, request: Request) -> Reply:
        """Answer with the charges of the days that are asked for."""
        first, last = (date.fromisoformat(request.query[name][0]) for name in ("from", "to"))
        return Reply({"currency": "EUR", "days": self.books.read(first, last)})


def fill(cloud: OblakoEmulator, today: date) -> None:
    """Put three servers, three disks and two billed days into a project; server srv-3 is new today."""
    birthdays = [today - timedelta(days=400), today - timedelta(days=30), today]
    cloud.servers = [server(n, created_on) for n, created_on in enumerate(birthdays, 1)]
    cloud.disks = [disk(n, f"srv-{n}" if n < 3 else None, birthdays[0]) for n in (1, 2, 3)]
    day = [
        charge("compute", "0.60", "srv-1"),
        charge("compute", "0.60", "srv-2"),
        *(charge("storage", "0.15", f"dsk-{n}") for n in (1, 2, 3)),
        charge("support", "1.00"),
    ]
    yesterday, before = today - timedelta(days=1), today - timedelta(days=2)
    cloud.books = Books({before: list(day), yesterday: list(day)}, [(before, charge("compute", "-0.20", "srv-1"))])


def server(n: int, created_on: date) -> Item:
    """Return a server as the API lists it."""
    return {
        "id": f"srv-{n}",
        "name": f"web-{n}",
        "zone": "north-1" if n % 2 else "south-1",
        "state": "running",
        "flavor": {"name": "s2", "vcpus": 2, "ram_mib": 4096},
        "image": "debian-13",
        "labels": {"env": "production", "team": "shop"},
        "private_ips": [f"10.0.0.{n}"],
        "public_ips": [f"192.0.2.{n}"],
        "created_at": f"{created_on.isoformat()}T00:00:00Z",
        "price_hourly": "0.025",
        "price_monthly_cap": "16.80",
    }


def disk(n: int, server_id: str | None, created_on: date) -> Item:
    """Return a disk as the API lists it."""
    return {
        "id": f"dsk-{n}",
        "name": f"data-{n}",
        "zone": "north-1",
        "state": "attached" if server_id else "free",
        "kind": "ssd",
        "size_gb": 45,
        "server_id": server_id,
        "labels": {"env": "production"},
        "created_at": f"{created_on.isoformat()}T00:00:00Z",
        "price_monthly": "4.50",
    }


def charge(service: str, amount: str, resource_id: str | None = None) -> dict[str, Any]:
    """Return a charge as the bill lists it: EUR, as text."""
    return {"service": service, "resource_id": resource_id, "amount": str(Decimal(amount))}


def main() -> None:
    """Serve a filled project until standard input ends."""
    cloud = OblakoEmulator()
    fill(cloud, datetime.now(UTC).date())
    with cloud, suppress(KeyboardInterrupt):
        sys.stdout.write(f"{cloud.url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
