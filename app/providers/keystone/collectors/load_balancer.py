"""Load balancers of Octavia."""

from collections.abc import Iterator

from app.core.domain.resources import Resource
from app.providers.answers import Record, read
from app.providers.keystone.fields import Moment, Words, known, split_addresses, tagged
from app.providers.keystone.reader import Reader

LOAD_BALANCER = "load-balancer:load-balancer"


class _Named(Record):
    id: str


class LoadBalancer(Record):
    """A load balancer; `provisioning_status` is what it is, `operating_status` how its members do right now."""

    id: str
    name: Words
    provisioning_status: str
    vip_address: str | None = None
    project_id: str | None = None
    flavor_id: str | None = None
    provider: str | None = None
    availability_zone: Words = ""
    created_at: Moment | None
    listeners: tuple[_Named, ...] = ()
    tags: tuple[str, ...] = ()


def collect_load_balancers(reader: Reader) -> Iterator[Resource]:
    """Yield the project's load balancers; an administrator's token sees those of all projects."""
    query = {"project_id": reader.project_id}
    for item in reader.pages("load-balancer", "/lbaas/loadbalancers", "loadbalancers", query):
        balancer = read(LoadBalancer, item, "a load balancer")
        if balancer.project_id in (None, reader.project_id):
            yield normalise_load_balancer(balancer, reader)


def normalise_load_balancer(balancer: LoadBalancer, reader: Reader) -> Resource:
    """Return a load balancer as a resource."""
    config = known(type=balancer.flavor_id, provider=balancer.provider)
    config |= split_addresses([(balancer.vip_address, False)] if balancer.vip_address else [])
    return Resource(
        external_id=balancer.id,
        name=balancer.name,
        region=balancer.availability_zone or reader.region,
        status=balancer.provisioning_status,
        created_at=balancer.created_at,
        tags=tagged(balancer.tags),
        config=config | {"listeners": sorted(listener.id for listener in balancer.listeners)} | reader.place,
        cost=reader.cost,
    )
