"""Container registries. The account pays one plan for all of them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from app.core.domain.resources import Resource
from app.providers.answers import Record, read
from app.providers.digitalocean.client import Api
from app.providers.digitalocean.fields import Count, Id, Moment, compact
from app.providers.digitalocean.pricing import by_the_month
from app.providers.digitalocean.source import Reader, Source

_RIGHT = "registry:read"


class Registry(Record):
    """An item of /v2/registries. How much it stores changes by itself and is not kept."""

    name: Id
    region: str = ""
    created_at: Moment = None


class _Tier(Record):
    slug: str
    monthly_price_in_cents: Count


class _Subscription(Record):
    tier: _Tier


class Plan(Record):
    """The answer of /v2/registries/subscription."""

    subscription: _Subscription


def registry(record: Registry, day: date, plan: Plan, share: int) -> Resource:
    """Return a registry, which costs its part of the plan: one of `share`. Storage above the plan's is not counted."""
    tier = plan.subscription.tier
    return Resource(
        external_id=record.name,
        name=record.name,
        region=record.region,
        created_at=record.created_at,
        config=compact(plan=tier.slug),
        cost=by_the_month(Decimal(tier.monthly_price_in_cents) / 100 / share, day),
    )


_REGISTRIES = Source("registries", _RIGHT, "registries.list", "registries", Registry, lambda r: r.name, is_paged=False)


def collect(reader: Reader) -> Iterator[Resource]:
    """Yield every registry. The plan is asked for when there is one."""
    found = {record.name: record for record in _REGISTRIES.records(reader.api)}
    if found:
        plan = _plan(reader.api)
        for record in found.values():
            yield registry(record, reader.day, plan, len(found))


def _plan(api: Api) -> Plan:
    what = "plan of the registries"
    return read(Plan, api.call(what, _RIGHT, api.sdk.registries.get_subscription), f"the {what}")


COLLECTORS = {"registry:registry": collect}
