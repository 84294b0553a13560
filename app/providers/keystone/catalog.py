"""A project's service catalog: which services are in which regions, and where."""

from collections.abc import Iterable
from typing import Any

from app.providers.answers import Record, read

ALIASES = {
    "block-storage": ("block-storage", "volumev3", "block-store", "volume"),
    "shared-file-system": ("shared-file-system", "sharev2", "share"),
}
"""Names under which clouds list a service, the best first; any other service goes by its own name only.
Source: the service-types authority of OpenStack."""


class _Endpoint(Record):
    interface: str
    url: str
    region_id: str | None = None
    region: str | None = None


class _Service(Record):
    type: str
    endpoints: tuple[_Endpoint, ...] = ()


class Catalog:
    """The public endpoints of a project, by service and region."""

    def __init__(self, services: Iterable[_Service]) -> None:
        self._urls: dict[tuple[str, str], str] = {}
        for service in services:
            for endpoint in service.endpoints:
                if endpoint.interface == "public":
                    place = service.type, endpoint.region_id or endpoint.region or ""
                    self._urls.setdefault(place, endpoint.url.rstrip("/"))

    @classmethod
    def parse(cls, catalog: Any) -> "Catalog":
        """Read a token's catalog. Raises ResponseInvalid when it is none."""
        return cls(read(_Services, {"services": catalog}, "the service catalog").services)

    @property
    def regions(self) -> set[str]:
        """Every region that has a public endpoint."""
        return {region for _, region in self._urls}

    def url(self, service: str, region: str) -> str | None:
        """Return where a service is in a region, without a slash at the end; None where it is not."""
        names = ALIASES.get(service, (service,))
        return next((self._urls[name, region] for name in names if (name, region) in self._urls), None)


class _Services(Record):
    services: tuple[_Service, ...]
