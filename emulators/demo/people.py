"""The demo's users: one for every case an operator meets."""

from dataclasses import dataclass
from typing import Any

from emulators.demo.clouds import Clouds

DOMAIN = "demo.infrazen.example"


@dataclass(frozen=True, slots=True)
class DemoConnection:
    """A connection to an emulated account."""

    name: str
    provider: str
    credentials: dict[str, Any]
    endpoint: str
    auto_sync: bool = True


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A user and the case that it shows."""

    name: str
    shows: str
    role: str = "user"
    currency: str = "USD"
    is_active: bool = True
    connections: tuple[DemoConnection, ...] = ()

    @property
    def email(self) -> str:
        """The user's address, on a domain that belongs to nobody."""
        return f"{self.name}@{DOMAIN}"


def people(clouds: Clouds) -> list[DemoUser]:
    """Return the demo's users, with connections to the running clouds."""

    def aws(name: str, credentials: dict[str, Any], *, auto_sync: bool = True) -> DemoConnection:
        return DemoConnection(name, "aws", credentials, clouds.endpoints["aws"], auto_sync)

    def cloud(provider: str) -> DemoConnection:
        return DemoConnection(provider, provider, clouds.credentials[provider], clouds.endpoints[provider])

    keys = clouds.aws
    return [
        DemoUser("admin", "an administrator without connections", role="admin"),
        DemoUser("anna", "one connection, all fine", connections=(aws("acme", keys.acme),)),
        DemoUser(
            "boris",
            "two connections, one of them through an assumed role",
            connections=(aws("acme-read-only", keys.acme), aws("globex", keys.through_a_role)),
        ),
        DemoUser(
            "carla",
            "a connection, but not for bulk runs",
            connections=(aws("globex", keys.globex, auto_sync=False),),
        ),
        DemoUser("dmitri", "a credential that AWS does not know", connections=(aws("old-account", keys.unknown),)),
        DemoUser("elena", "a credential that may not see databases", connections=(aws("initech", keys.initech),)),
        DemoUser("fyodor", "deactivated", is_active=False, connections=(aws("globex", keys.globex),)),
        DemoUser(
            "galina",
            "three Russian clouds, totals in roubles",
            currency="RUB",
            connections=tuple(cloud(provider) for provider in ("yandex", "selectel", "beget")),
        ),
        DemoUser(
            "hanna",
            "clouds that charge in euros and dollars, totals in euros",
            currency="EUR",
            connections=tuple(cloud(provider) for provider in ("hetzner", "digitalocean")),
        ),
        DemoUser(
            "igor",
            "all seven clouds; OpenStack names no prices",
            currency="RUB",
            connections=(
                aws("acme", keys.acme),
                *(cloud(p) for p in ("yandex", "selectel", "beget", "digitalocean", "hetzner", "openstack")),
            ),
        ),
        DemoUser("visitor", "a demo user", role="demouser", connections=(aws("acme", keys.acme),)),
    ]
