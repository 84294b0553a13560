"""The words that DigitalOcean's objects have in common, and the config that all clouds share."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from app.providers.answers import Record

DROPLET = "compute:droplet"
KUBERNETES = "kubernetes:cluster"

Id = Annotated[str, Field(min_length=1)]
Moment = AwareDatetime | None
Amount = Annotated[Decimal, Field(ge=0, lt=10**9)]
"""A price or size that gives a cost which can be stored."""
Count = Annotated[int, Field(ge=0, lt=10**6)]


class Region(Record):
    """The region object of most answers; a few have only its slug."""

    slug: str = ""


def slug(region: Region | None) -> str:
    """Return a region's slug, "" for none: a global load balancer has none."""
    return region.slug if region else ""


def one_of(regions: Sequence[str]) -> str:
    """Return the only region of a list, "" when there are several."""
    return regions[0] if len(regions) == 1 else ""


def split_tags(tags: Sequence[str] | None) -> dict[str, str]:
    """Return DigitalOcean's plain tags as a map: `env:prod` is env = prod, `web` is web = "".

    A key that comes with several values (`k8s:worker`, `k8s:<cluster>`) has them all, sorted, with commas.
    """
    values: dict[str, set[str]] = defaultdict(set)
    for tag in tags or ():
        key, _, value = tag.partition(":")
        values[key].update({value} if value else ())
    return {key: ",".join(sorted(values[key])) for key in sorted(values)}


def compact(**config: Any) -> dict[str, Any]:
    """Return a config without what the cloud did not say: None, "" and empty lists."""
    return {name: value for name, value in config.items() if value is not None and value not in ("", [], {})}


def parent(resource_type: str, external_id: str | None) -> dict[str, str] | None:
    """Return the reference to a parent, None when there is none."""
    return {"type": resource_type, "id": external_id} if external_id else None
