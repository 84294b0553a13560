"""Primary and floating IP addresses: they cost also when nothing uses them."""

from app.core.domain.resources import Resource
from app.providers.hetzner.pricing import Tariff
from app.providers.hetzner.records import LOAD_BALANCER, SERVER, Location, Named, Placed, compact, described, parent

_ASSIGNED, _IDLE = "assigned", "unassigned"
_ASSIGNEES = {"server": SERVER, "load_balancer": LOAD_BALANCER}


class PrimaryIp(Placed):
    """An address that belongs to a server's interface."""

    type: str
    ip: str
    assignee_id: int | None = None
    assignee_type: str | None = None
    auto_delete: bool | None = None


def primary_ip(record: PrimaryIp, tariff: Tariff) -> Resource:
    """Return a primary IP. Hetzner has no word for its state: it is told by what it serves."""
    assignee_type = _ASSIGNEES.get(record.assignee_type or "server", record.assignee_type or "")
    return described(
        record,
        region=record.place,
        status=_IDLE if record.assignee_id is None else _ASSIGNED,
        config=compact(
            type=record.type,
            public_ips=[record.ip],
            parent=parent(assignee_type, record.assignee_id),
            auto_delete=record.auto_delete,
            delete_protection=record.protection.delete,
        ),
        cost=tariff.primary_ip(record.type, record.place, record.created),
    )


class FloatingIp(Named):
    """An address that can move between the servers of a network zone."""

    type: str
    ip: str
    home_location: Location
    server: int | None = None
    description: str | None = None


def floating_ip(record: FloatingIp, tariff: Tariff) -> Resource:
    """Return a floating IP."""
    return described(
        record,
        region=record.home_location.name,
        status=_IDLE if record.server is None else _ASSIGNED,
        config=compact(
            type=record.type,
            public_ips=[record.ip],
            parent=parent(SERVER, record.server),
            description=record.description,
            delete_protection=record.protection.delete,
        ),
        cost=tariff.floating_ip(record.type, record.home_location.name),
    )
