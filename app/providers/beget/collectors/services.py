"""Managed databases, object storage and CDN, which come in one listing; and projects, which group things.

A service's details stand under a key named for its type. Those of storage hold access keys and passwords: only the
fields named here are read, nothing else is kept.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from pydantic import Field

from app.core.domain.resources import Cost, Resource
from app.providers.answers import read
from app.providers.beget.fields import Count, Flag, Id, Lenient, Moment, Price, compact, gb_of_mb
from app.providers.beget.pricing import FREE, listed, per_day
from app.providers.beget.reader import Reader

FAMILIES = {"MYSQL": "cloud:mysql", "POSTGRESQL": "cloud:postgresql", "S_3": "cloud:s3", "S3": "cloud:s3",
            "CDN": "cloud:cdn"}  # fmt: skip
"""What a service's type begins with -> resource type."""
OTHER = "cloud:other"
_ENGINES = {"cloud:mysql": "mysql", "cloud:postgresql": "postgresql"}
_SUSPENDED = "SUSPENDED"
_NO_DETAILS = "_"


class _Plan(Lenient):
    cpu_count: Count = 0
    memory: Count = 0
    disk_size: Count = 0
    version: str = ""
    display_version: str = ""


class _Address(Lenient):
    ip: str = ""


class _Addresses(Lenient):
    public: list[_Address] = Field(default_factory=list)
    private: list[_Address] = Field(default_factory=list)


class _Details(Lenient):
    host: str = ""
    port: Count = 0
    fqdn: str = ""
    public: Flag = False
    configuration: _Plan = _Plan()
    address_info: _Addresses = _Addresses()


class _Service(Lenient):
    id: Id
    display_name: str = ""
    slug: str = ""
    type: str = ""
    status: str = ""
    status_details: str = _NO_DETAILS
    region: str = ""
    created_at: Moment = None
    project_id: str = ""
    configuration_id: str = ""
    price_day: Price = Decimal(0)
    price_month: Price = Decimal(0)

    @property
    def resource_type(self) -> str:
        """The family of the service; types that are new at Beget are `cloud:other`."""
        return next((type_ for prefix, type_ in FAMILIES.items() if self.type.startswith(prefix)), OTHER)

    def cost(self, day: date) -> Cost:
        """A suspended service costs nothing; the traffic of storage and CDN is not in the price."""
        return FREE if self.status == _SUSPENDED else listed(per_day(self.price_day, self.price_month, day))


class _Project(Lenient):
    id: Id
    name: str = ""
    is_default: Flag = False
    created_at: Moment = None


def of_type(resource_type: str) -> Callable[[Reader], Iterator[Resource]]:
    """Return what yields the services of one family."""
    return partial(_services, resource_type=resource_type)


def projects(reader: Reader) -> Iterator[Resource]:
    """Yield the projects; what costs is in them."""
    for item in reader.client.items("/v1/cloud/projects/list", "projects", inside="page"):
        project = read(_Project, item, "a project")
        yield Resource(
            external_id=project.id,
            name=project.name,
            created_at=project.created_at,
            config=compact(is_default=project.is_default),
            cost=FREE,
        )


def _services(reader: Reader, resource_type: str) -> Iterator[Resource]:
    for service, details in reader.kept(_listing):
        if service.resource_type == resource_type:
            yield Resource(
                external_id=service.id,
                name=service.display_name or service.slug,
                region=service.region,
                status=service.status,
                created_at=service.created_at,
                config=_config(service, details),
                cost=service.cost(reader.day),
            )


def _listing(reader: Reader) -> list[tuple[_Service, _Details]]:
    return [_read(item) for item in reader.client.items("/v1/cloud", "service")]


def _read(item: Any) -> tuple[_Service, _Details]:
    service = read(_Service, item, "a cloud service")
    details = item.get(service.type.lower().replace("_", "")) or {}
    return service, read(_Details, details, f"the cloud service {service.id}")


def _config(service: _Service, details: _Details) -> dict[str, object]:
    plan, addresses = details.configuration, details.address_info
    return compact(
        type=service.type,
        engine=_ENGINES.get(service.resource_type),
        version=plan.display_version or plan.version,
        vcpus=plan.cpu_count,
        memory_mib=plan.memory,
        disk_gb=gb_of_mb(plan.disk_size),
        configuration_id=service.configuration_id,
        host=details.host,
        port=details.port,
        fqdn=details.fqdn,
        public=details.public,
        public_ips=sorted({address.ip for address in addresses.public} - {""}),
        private_ips=sorted({address.ip for address in addresses.private} - {""}),
        project_id=service.project_id,
        status_details="" if service.status_details == _NO_DETAILS else service.status_details,
    )
