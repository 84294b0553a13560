"""What Oblako's API answers, and the calls that ask for it."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from app.providers.answers import Record, read
from app.providers.http import HttpClient
from app.providers.pagination import Page, listed, walk
from pydantic import AwareDatetime

PAGE_SIZE = 100


class Project(Record):
    """The project that a key belongs to."""

    id: str


class Flavor(Record):
    """A server's size."""

    name: str
    vcpus: int
    ram_mib: int


class Thing(Record):
    """What servers and disks have in common."""

    id: str
    name: str = ""
    zone: str = ""
    state: str = ""
    labels: Mapping[str, str] = {}
    created_at: AwareDatetime | None = None


class Server(Thing):
    """A server; prices are in EUR, and a month never costs more than its cap."""

    flavor: Flavor
    image: str = ""
    private_ips: tuple[str, ...] = ()
    public_ips: tuple[str, ...] = ()
    price_hourly: Decimal
    price_monthly_cap: Decimal | None = None


class Disk(Thing):
    """A disk; `server_id` is None for one that is attached to nothing. The price is in EUR a month."""

    kind: str = ""
    size_gb: int
    server_id: str | None = None
    price_monthly: Decimal


class Charge(Record):
    """One charge of a day; without `resource_id` it is for the project as a whole."""

    service: str
    resource_id: str | None = None
    amount: Decimal


class BilledDay(Record):
    """What one complete UTC day cost. The cloud corrects a day for a week."""

    day: date
    charges: tuple[Charge, ...]


class Billing(Record):
    """The days that were asked for, oldest first; days that are not complete are left out."""

    currency: str
    days: tuple[BilledDay, ...]


class Surroundings(Record):
    """What stands beside the list on every page."""

    next_cursor: str | None = None
    total: int | None = None


T = TypeVar("T", bound=Thing)


class OblakoApi:
    """The calls that this provider makes; each raises the errors of `app.core.domain.errors`."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def fetch_project(self) -> Project:
        """Return the key's project."""
        return read(Project, self._http.get("/v1/project"), "the project")

    def fetch_things(self, key: str, record: type[T], what: str) -> Iterator[T]:
        """Yield every item of the listing `/v1/KEY`."""

        def fetch(cursor: str | None) -> Page[T]:
            query: dict[str, Any] = {"limit": PAGE_SIZE}
            if cursor:
                query["cursor"] = cursor
            body = self._http.get(f"/v1/{key}", query)
            things = [read(record, item, what) for item in listed(body, key)]
            beside = read(Surroundings, body, f"the page of {key}")
            return Page(things, next=beside.next_cursor or None, total=beside.total)

        return walk(fetch, key=lambda thing: thing.id)

    def fetch_billing(self, first: date, last: date) -> Billing:
        """Return the charges of some UTC days, `last` included."""
        query = {"from": first.isoformat(), "to": last.isoformat()}
        return read(Billing, self._http.get("/v1/billing/days", query), "the bill")
