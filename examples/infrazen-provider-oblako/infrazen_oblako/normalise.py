"""From Oblako's words to InfraZen's: pure functions."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from app.core.domain.costs import Bill, DayCharges, ServiceCharge
from app.core.domain.prices import per_day_of_hours, per_day_of_month
from app.core.domain.resources import Cost, CostBasis, Resource

from infrazen_oblako.api import BilledDay, Billing, Disk, Server

SERVER, DISK = "compute:server", "storage:disk"
CURRENCY = "EUR"
"""Of all list prices."""
CAUSES = {"compute": frozenset({SERVER}), "storage": frozenset({DISK})}
"""Service -> the resource types that cause its charges. The rest, such as support, is caused by none of ours."""
ITEMISED = frozenset(CAUSES)
"""Services whose every charge names its resource."""


def server_resource(server: Server, day: date) -> Resource:
    """Return a server as a resource, with what it costs on `day`."""
    per_day = per_day_of_hours(
        server.price_hourly, day, created_at=server.created_at, monthly_cap=server.price_monthly_cap
    )
    return Resource(
        external_id=server.id,
        name=server.name,
        region=server.zone,
        status=server.state,
        created_at=server.created_at,
        tags=server.labels,
        config={
            "type": server.flavor.name,
            "vcpus": server.flavor.vcpus,
            "memory_mib": server.flavor.ram_mib,
            "image": server.image,
            "private_ips": sorted(server.private_ips),
            "public_ips": sorted(server.public_ips),
        },
        cost=Cost(CostBasis.PRICE_LIST, per_day, CURRENCY),
    )


def disk_resource(disk: Disk, day: date) -> Resource:
    """Return a disk as a resource, with what it costs on `day`."""
    parent = {"parent": {"type": SERVER, "id": disk.server_id}} if disk.server_id else {}
    return Resource(
        external_id=disk.id,
        name=disk.name,
        region=disk.zone,
        status=disk.state,
        created_at=disk.created_at,
        tags=disk.labels,
        config={"type": disk.kind, "size_gb": disk.size_gb, **parent},
        cost=Cost(CostBasis.PRICE_LIST, per_day_of_month(disk.price_monthly, day), CURRENCY),
    )


def bill_of(billing: Billing) -> Bill | None:
    """Return the newest complete day as the bill and the days before as they read now; None when there is no day."""
    days = sorted(billing.days, key=lambda billed: billed.day)
    if not days:
        return None
    *earlier, latest = days
    return Bill(
        charged_on=latest.day,
        currency=billing.currency,
        charges=_by_service(latest),
        by_resource=_by_resource(latest),
        itemised=ITEMISED,
        earlier=tuple(DayCharges(billed.day, _by_service(billed)) for billed in earlier),
    )


def _by_service(billed: BilledDay) -> tuple[ServiceCharge, ...]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for charge in billed.charges:
        sums[charge.service] += charge.amount
    return tuple(ServiceCharge(name, amount, CAUSES.get(name, frozenset())) for name, amount in sorted(sums.items()))


def _by_resource(billed: BilledDay) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for charge in billed.charges:
        if charge.resource_id is not None and charge.service in ITEMISED:
            sums[charge.resource_id] += charge.amount
    return dict(sums)
