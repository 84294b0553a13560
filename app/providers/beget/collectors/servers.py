"""Virtual servers. Their disk is part of them and of their price; licences of software cost extra."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pydantic import Field

from app.core.domain.resources import UNKNOWN_COST, Cost, Resource
from app.providers.answers import read
from app.providers.beget.fields import Count, Flag, Id, Lenient, Moment, Price, compact, gb_of_mb
from app.providers.beget.pricing import listed, per_day
from app.providers.beget.reader import Reader

TYPE = "vps:server"
_GONE = "REMOVED"


class _Configuration(Lenient):
    name: str = ""
    group: str = ""
    cpu_count: Count = 0
    memory: Count = 0
    disk_size: Count = 0
    price_day: Price = Decimal(0)
    price_month: Price = Decimal(0)
    region: str = ""


class _Billing(Lenient):
    price_day: Price = Decimal(0)
    price_month: Price = Decimal(0)


class _LicenseBilling(Lenient):
    daily: _Billing = _Billing()
    monthly: _Billing = _Billing()


class _License(Lenient):
    display_name: str = ""
    type: str = ""
    billing: _LicenseBilling = _LicenseBilling()

    def per_day(self, day: date) -> Decimal:
        """Roubles on the day; zero for one that is free."""
        billing = self.billing
        return per_day(billing.daily.price_day, billing.daily.price_month or billing.monthly.price_month, day)


class _Software(Lenient):
    name: str = ""
    display_name: str = ""
    version: str = ""
    license: list[_License] = Field(default_factory=list)


class _Network(Lenient):
    id: str = ""


class _PrivateNetwork(Lenient):
    ip: list[str] = Field(default_factory=list)
    network: _Network = _Network()


class Server(Lenient):
    """A server of `GET /v1/vps/server/list`. Memory and disk are in MB."""

    id: Id
    display_name: str = ""
    hostname: str = ""
    slug: str = ""
    status: str = ""
    region: str = ""
    ip_address: str = ""
    additional_ip_address: list[str] = Field(default_factory=list)
    date_create: Moment = None
    project_id: str = ""
    archived: Flag = False
    rescue_mode: Flag = False
    configuration: _Configuration = _Configuration()
    software: _Software = _Software()
    private_network: list[_PrivateNetwork] = Field(default_factory=list)


def servers(reader: Reader) -> Iterator[Resource]:
    """Yield the servers of all regions."""
    for item in reader.client.items("/v1/vps/server/list", "vps"):
        server = read(Server, item, "a server")
        if server.status != _GONE:
            yield normalise(server, reader.day)


def normalise(server: Server, day: date) -> Resource:
    """Return a server as a resource with its cost on the day."""
    return Resource(
        external_id=server.id,
        name=server.display_name or server.hostname or server.slug,
        region=server.region or server.configuration.region,
        status=server.status,
        created_at=server.date_create,
        config=_config(server),
        cost=_cost(server, day),
    )


def _config(server: Server) -> dict[str, object]:
    plan, software = server.configuration, server.software
    return compact(
        type=plan.name,
        group=plan.group,
        vcpus=plan.cpu_count,
        memory_mib=plan.memory,
        disk_gb=gb_of_mb(plan.disk_size),
        image=" ".join(filter(None, (software.display_name or software.name, software.version))),
        licenses=sorted(license_.display_name or license_.type for license_ in software.license),
        hostname=server.hostname,
        public_ips=sorted(filter(None, {server.ip_address, *server.additional_ip_address})),
        private_ips=sorted({ip for network in server.private_network for ip in network.ip}),
        private_networks=sorted({entry.network.id for entry in server.private_network} - {""}),
        project_id=server.project_id,
        archived=server.archived,
        rescue_mode=server.rescue_mode,
    )


def _cost(server: Server, day: date) -> Cost:
    """A stopped server costs as much as a running one. What an archived one costs is not published."""
    plan = per_day(server.configuration.price_day, server.configuration.price_month, day)
    if server.archived or not plan:
        return UNKNOWN_COST
    return listed(plan + sum((license_.per_day(day) for license_ in server.software.license), Decimal(0)))
