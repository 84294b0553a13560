"""Fill an emulated project: a small company's servers and what belongs to them, the same every time."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from emulators.hetzner import objects
from emulators.hetzner.emulator import HetznerEmulator, Project

Item = dict[str, Any]

MAX_CHANGES = 6
"""How often `change` finds something to take away."""
_LOCATIONS = ("fsn1", "nbg1", "hel1")
_TYPES = ("cx22", "cx32", "ccx13")
_FIRST_ID = 4200


def fill(emulator: HetznerEmulator, *, servers: int, day: date, changes: int = 0) -> dict[str, str]:
    """Make a project with that many servers, changed so often; return the credentials that read it.

    Everything is older than `day` but what the changes make, which is of that day.
    """
    token = _token(len(emulator.projects))
    filler = _Filler(emulator.add_project(token), day)
    filler.fill(servers)
    for number in range(min(changes, MAX_CHANGES)):
        filler.change(number)
    return {"token": token}


def _token(number: int) -> str:
    return hashlib.sha256(f"hetzner project {number}".encode()).hexdigest()


class _Filler:
    def __init__(self, project: Project, day: date) -> None:
        self._project, self._day = project, day
        self._next = _FIRST_ID

    def fill(self, servers: int) -> None:
        """Make servers with their addresses, every second one with a disk, and one of everything else per ten."""
        made = [self._server(number) for number in range(servers)]
        for start in range(0, servers, 10):
            self._surroundings(start // 10, tuple(made[start : start + 10]))

    def change(self, number: int) -> None:
        """Let a server appear, another one change its type, and a volume vanish."""
        servers, volumes = self._project.items["servers"], self._project.items["volumes"]
        self._server(len(servers), age_days=0)
        if servers:
            changed = objects.server(0, type_=_TYPES[(number + 1) % len(_TYPES)])["server_type"]
            servers[number % len(servers)]["server_type"] = changed
        if volumes:
            gone = volumes.pop(0)
            for server in servers:
                server["volumes"] = [id_ for id_ in server["volumes"] if id_ != gone["id"]]

    def _server(self, number: int, age_days: int | None = None) -> int:
        name, place = f"web-{number + 1}", _LOCATIONS[number % len(_LOCATIONS)]
        made = {"created": self._created(40 + number % 50 if age_days is None else age_days)}
        labels = {"env": "prod" if number % 3 else "test", "team": f"team-{number % 4}"}
        server = self._add(
            "servers",
            objects.server,
            name,
            location=place,
            type_=_TYPES[number % len(_TYPES)],
            labels=labels,
            status="off" if number % 7 == 6 else "running",
            backup_window="22-02" if number % 4 == 1 else None,
            **made,
        )
        address = self._add("primary_ips", objects.primary_ip, f"{name}-v4", location=place, **made)
        address |= {"assignee_id": server["id"], "ip": f"198.51.{100 + number // 250}.{number % 250 + 1}"}
        server["public_net"]["ipv4"] |= {"id": address["id"], "ip": address["ip"]}
        server["public_net"]["ipv6"]["ip"] = f"2001:db8:{number:x}::/64"
        server["private_net"][0] |= {"ip": f"10.0.{number // 250}.{number % 250 + 2}", "alias_ips": []}
        if number % 2 == 0:
            size = 10 * (number % 5 + 1)
            disk = self._add("volumes", objects.volume, f"{name}-data", location=place, size=size, **made)
            disk["server"] = server["id"]
            server["volumes"] = [disk["id"]]
        if server["backup_window"]:
            image = self._add("images", objects.image, None, type="backup", bound_to=server["id"], **made)
            image |= {"description": f"backup of {name}", "created_from": {"id": server["id"], "name": name}}
        return int(server["id"])

    def _surroundings(self, number: int, servers: tuple[int, ...]) -> None:
        made = {"created": self._created(95)}
        source = {"id": servers[0], "name": f"web-{10 * number + 1}"}
        self._add("images", objects.image, None, created_from=source, image_size=2.3 + number, **made)
        self._add("primary_ips", objects.primary_ip, f"spare-{number}", ip=f"203.0.113.{number % 250}", **made)
        self._add("floating_ips", objects.floating_ip, f"entry-{number}", server=servers[0], **made)
        self._add("load_balancers", objects.load_balancer, f"lb-{number}", servers=servers, **made)
        self._add("networks", objects.network, f"internal-{number}", servers=servers, **made)
        self._add("firewalls", objects.firewall, f"web-{number}", servers=servers, **made)
        self._add("placement_groups", objects.placement_group, f"apart-{number}", servers=servers, **made)
        self._add("ssh_keys", objects.ssh_key, f"laptop-{number}", **made)
        self._add("certificates", objects.certificate, f"shop-{number}", **made)
        self._add("zones", objects.zone, f"shop-{number}.example", **made)
        self._add("storage_boxes", objects.storage_box, f"archive-{number}", **made)

    def _add(self, list_: str, make: Callable[..., Item], name: str | None, **fields: Any) -> Item:
        item = make(self._next, name, **fields)
        self._next += 10
        self._project.items[list_].append(item)
        return item

    def _created(self, age_days: int) -> str:
        return (datetime.combine(self._day, time(4, 5, 6), UTC) - timedelta(days=age_days)).isoformat()
