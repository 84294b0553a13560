"""What one call lists for all projects and regions: public subnets, licences, dedicated servers."""

from collections.abc import Iterator

from app.core.domain.resources import Resource
from app.providers.answers import Record, read
from app.providers.keystone.fields import Words, known
from app.providers.pagination import listed
from app.providers.selectel.plane import AccountPlane

SUBNET, LICENSE, DEDICATED = "vpc:subnet", "vpc:license", "dedicated:server"


class _User(Record):
    id: str


class PublicSubnet(Record):
    """A public subnet that the account rents."""

    id: str
    cidr: str
    region: str
    status: Words = ""
    project_id: Words = ""
    servers: tuple[_User, ...] = ()


class License(Record):
    """A licence, such as of Windows."""

    id: str
    type: str
    region: str
    status: Words = ""
    project_id: Words = ""
    servers: tuple[_User, ...] = ()


class Dedicated(Record):
    """A dedicated server; `service_uuid` is its model. Prices are not read: their form is not documented."""

    uuid: str
    service_type: Words = ""
    service_uuid: Words = ""
    location_uuid: Words = ""
    state: str
    user_desc: Words = ""


def collect_subnets(plane: AccountPlane) -> Iterator[Resource]:
    """Yield the public subnets of all projects."""
    for item in listed(plane.get("/vpc/resell/v2/subnets", {"detailed": "true"}), "subnets"):
        subnet = read(PublicSubnet, item, "a public subnet")
        if plane.reads(subnet.project_id):
            yield _resource(subnet, subnet.cidr, {"cidr": subnet.cidr})


def collect_licenses(plane: AccountPlane) -> Iterator[Resource]:
    """Yield the licences of all projects."""
    for item in listed(plane.get("/vpc/resell/v2/licenses", {"detailed": "true"}), "licenses"):
        license_ = read(License, item, "a licence")
        if plane.reads(license_.project_id):
            yield _resource(license_, license_.type, {"type": license_.type})


def collect_dedicated_servers(plane: AccountPlane) -> Iterator[Resource]:
    """Yield the account's dedicated servers."""
    for item in listed(plane.get_by_token("/servers/v2/resource"), "result"):
        server = read(Dedicated, item, "a dedicated server")
        yield Resource(
            external_id=server.uuid,
            name=server.user_desc,
            region=server.location_uuid,
            status=server.state,
            config=known(type=server.service_uuid, kind=server.service_type),
        )


def _resource(item: PublicSubnet | License, name: str, config: dict[str, str]) -> Resource:
    return Resource(
        external_id=item.id,
        name=name,
        region=item.region,
        status=item.status,
        config={**config, **known(project_id=item.project_id), "servers": sorted(user.id for user in item.servers)},
    )
