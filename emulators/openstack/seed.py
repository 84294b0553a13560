"""Fill accounts of an emulated OpenStack cloud, the same way every time."""

from datetime import date
from typing import Any

from emulators.keystone import seed
from emulators.keystone.directory import Project
from emulators.openstack.emulator import OpenStackEmulator

REGIONS = ("RegionOne", "RegionTwo")


def fill(
    emulator: OpenStackEmulator, *, servers: int, day: date, changes: int = 0, name: str | None = None
) -> dict[str, Any]:
    """Make a user with two projects: servers in the first region of each, one of everything beside them.

    Returns the credentials. `changes` is how many times something has appeared, changed and vanished since.
    """
    name = name or f"user-{len(emulator.directory.users) + 1}"
    user = emulator.add_user(name, f"secret of {name}")
    first = emulator.add_project(user, "production", REGIONS)
    second = emulator.add_project(user, "staging", REGIONS[:1])
    half = servers // 2
    _fill(emulator, first, servers - half, day, changes)
    _fill(emulator, second, half, day, 0)
    seed.add_storage(seed.Place(emulator, first, REGIONS[1], day))
    return {"auth_url": f"{emulator.url}/v3", "username": name, "password": user.password}


def _fill(emulator: OpenStackEmulator, project: Project, servers: int, day: date, changes: int) -> None:
    place = seed.Place(emulator, project, REGIONS[0], day)
    seed.add_servers(place, range(servers))
    seed.add_storage(place)
    seed.add_network(place)
    seed.change_servers(place, servers, changes)


def expected(emulator: OpenStackEmulator, credentials: dict[str, Any]) -> dict[str, set[str]]:
    """Return resource type -> the ids that the account has in the emulator."""
    user = next(u for u in emulator.directory.users.values() if u.name == credentials["username"])
    found: dict[str, set[str]] = {type_: set() for type_ in TYPES.values()}
    for (project, region, key), items in emulator.things.items():
        if project in user.projects and key in TYPES:
            prefix = f"{project}/{region}/" if key == "containers" else ""
            found[TYPES[key]] |= {prefix + item["name" if prefix else "id"] for item in items}
    return {type_: ids for type_, ids in found.items() if ids}


TYPES = {
    "servers": "compute:server",
    "volumes": "volume:volume",
    "snapshots": "volume:snapshot",
    "backups": "volume:backup",
    "images": "image:image",
    "floatingips": "network:floating-ip",
    "routers": "network:router",
    "networks": "network:network",
    "subnets": "network:subnet",
    "loadbalancers": "load-balancer:load-balancer",
    "shares": "share:share",
    "containers": "object-store:container",
}
"""The key of each list, and the inventory's type of what it holds."""
