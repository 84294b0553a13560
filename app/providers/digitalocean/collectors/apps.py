"""Apps of App Platform, priced by the sizes of their instances."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from app.core.domain.resources import UNKNOWN_COST, Cost, Resource
from app.providers.answers import Record, read
from app.providers.digitalocean.client import Api
from app.providers.digitalocean.fields import Amount, Count, Id, Moment, Region, compact, slug
from app.providers.digitalocean.pricing import FREE, by_the_capped_month
from app.providers.digitalocean.source import Reader, Source
from app.providers.pagination import listed

_RIGHT = "app:read"


class _Component(Record):
    """A service or worker; one that scales by itself has no count of instances."""

    name: str = ""
    instance_size_slug: str | None = None
    instance_count: Count | None = None


class _Named(Record):
    name: str = ""


class _Spec(Record):
    """The app's parts. Environment variables stand here too, and are not read."""

    name: str
    region: str | None = None
    services: list[_Component] | None = None
    workers: list[_Component] | None = None
    static_sites: list[_Named] | None = None
    jobs: list[_Named] | None = None
    functions: list[_Named] | None = None
    databases: list[_Named] | None = None


class _Deployment(Record):
    phase: str = ""


class App(Record):
    """An item of /v2/apps."""

    id: Id
    spec: _Spec
    created_at: Moment = None
    region: Region | None = None
    active_deployment: _Deployment | None = None
    tier_slug: str | None = None
    live_domain: str | None = None
    project_id: str | None = None


class _InstanceSize(Record):
    slug: str
    usd_per_month: Amount


Prices = Mapping[str, Decimal]


def app(record: App, day: date, prices: Prices) -> Resource:
    """Return an app; `prices` is the month's price of an instance by its size, in USD."""
    spec = record.spec
    instances = [*(spec.services or ()), *(spec.workers or ())]
    return Resource(
        external_id=record.id,
        name=spec.name,
        region=slug(record.region) or spec.region or "",
        status=record.active_deployment.phase if record.active_deployment else "",
        created_at=record.created_at,
        config=compact(
            tier=record.tier_slug,
            domain=record.live_domain,
            project=record.project_id,
            components=sorted(_component(each) for each in instances),
            static_sites=sorted(each.name for each in spec.static_sites or ()),
            jobs=sorted(each.name for each in spec.jobs or ()),
            functions=sorted(each.name for each in spec.functions or ()),
            databases=sorted(each.name for each in spec.databases or ()),
        ),
        cost=_cost(record, instances, day, prices),
    )


def _component(each: _Component) -> str:
    return f"{each.name}: {each.instance_count or 'auto'} x {each.instance_size_slug or 'default'}"


def _cost(record: App, instances: list[_Component], day: date, prices: Prices) -> Cost:
    """Return the price of all instances; unknown when a part of the app is billed by use, or has no known price."""
    spec = record.spec
    if spec.jobs or spec.functions or spec.databases:
        return UNKNOWN_COST
    monthly = Decimal(0)
    for each in instances:
        price = prices.get(each.instance_size_slug or "")
        if price is None or each.instance_count is None:
            return UNKNOWN_COST
        monthly += price * each.instance_count
    return by_the_capped_month(monthly, day, record.created_at) if instances else FREE


_APPS = Source("apps", _RIGHT, "apps.list", "apps", App, lambda r: r.id)


def collect(reader: Reader) -> Iterator[Resource]:
    """Yield every app. The price list is asked for when there is one."""
    prices: Prices | None = None
    for record in _APPS.records(reader.api):
        if prices is None:
            prices = _prices(reader.api)
        yield app(record, reader.day, prices)


def _prices(api: Api) -> Prices:
    what = "sizes of app instances"
    body = api.call(what, _RIGHT, api.sdk.apps.list_instance_sizes)
    sizes = [read(_InstanceSize, item, f"one of the {what}") for item in listed(body, "instance_sizes")]
    return {size.slug: size.usd_per_month for size in sizes}


COLLECTORS = {"apps:app": collect}
