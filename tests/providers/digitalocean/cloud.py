"""The other side of the DigitalOcean tests: an emulated cloud with a team, and accounts that read it."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from typing import Any

from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.base import Deadline, Session
from app.providers.digitalocean import DigitalOceanProvider
from app.providers.digitalocean.account import DigitalOceanAccount
from emulators.digitalocean.emulator import DigitalOceanEmulator, Team
from emulators.digitalocean.seed import fill

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
TODAY = NOW.date()

KEYS = {
    "compute:droplet": ("droplets", "id"),
    "volumes:volume": ("volumes", "id"),
    "nfs:share": ("shares", "id"),
    "spaces:key": ("keys", "access_key"),
    "network:load-balancer": ("load_balancers", "id"),
    "network:reserved-ip": ("reserved_ips", "ip"),
    "network:reserved-ipv6": ("reserved_ipv6s", "ip"),
    "network:vpc": ("vpcs", "id"),
    "network:nat-gateway": ("vpc_nat_gateways", "id"),
    "network:domain": ("domains", "name"),
    "databases:cluster": ("databases", "id"),
    "kubernetes:cluster": ("kubernetes_clusters", "id"),
    "functions:namespace": ("namespaces", "namespace"),
    "projects:project": ("projects", "id"),
    "apps:app": ("apps", "id"),
    "registry:registry": ("registries", "name"),
}
"""Resource type -> the emulator's list, and the field that is the external id; snapshots and images apart."""


@contextmanager
def cloud(*, servers: int = 7, largest_page: int = 200) -> Iterator[tuple[DigitalOceanEmulator, dict[str, Any]]]:
    """Yield a running emulator with one team, and the team's credentials."""
    with DigitalOceanEmulator(largest_page=largest_page) as emulator:
        # A pause that a token was asked for in one test is not for the next.
        yield emulator, fill(emulator, servers=servers, day=TODAY, salt=emulator.url)


def moment_of(day: date) -> datetime:
    """Return a moment of a sync on that day."""
    return datetime.combine(day, NOW.timetz())


def team_of(emulator: DigitalOceanEmulator, credentials: Mapping[str, Any]) -> Team:
    return emulator.teams[credentials["token"]]


def expected(team: Team) -> dict[str, set[str]]:
    """Return what a whole listing finds: resource type -> external ids."""
    found = {type_: {str(item[field]) for item in team.lists.get(key, [])} for type_, (key, field) in KEYS.items()}
    for kind, type_ in (("droplet", "compute:snapshot"), ("volume", "volumes:snapshot")):
        found[type_] = {item["id"] for item in team.lists.get("snapshots", []) if item["resource_type"] == kind}
    images = team.lists.get("images", [])
    found["compute:image"] = {str(item["id"]) for item in images if item["type"] in ("custom", "backup")}
    found["spaces:bucket"] = {name for names in team.buckets.values() for name in names}
    return found


@contextmanager
def opened(
    emulator: DigitalOceanEmulator, credentials: Mapping[str, Any], *, at: datetime = NOW, patience_s: float = 30
) -> Iterator[DigitalOceanAccount]:
    provider = DigitalOceanProvider()
    session = Session(Deadline.after(patience_s), api_endpoint=emulator.url, at=at)
    with closing(provider.open(provider.credentials.model_validate(credentials), session)) as account:
        yield account


def collected(account: DigitalOceanAccount, resource_type: str) -> dict[str, Resource]:
    return {resource.external_id: resource for resource in account.collect(Scope(resource_type))}


def everything(account: DigitalOceanAccount) -> dict[tuple[str, str], Resource]:
    return {
        (scope.resource_type, resource.external_id): resource
        for scope in account.scopes()
        for resource in account.collect(scope)
    }
