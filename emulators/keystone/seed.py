"""Fill a project's region with one of everything, and with as many servers as wanted."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from emulators.keystone import network_objects, objects
from emulators.keystone.cloud import KeystoneCloud
from emulators.keystone.directory import Project, long_id

SIZES = (
    {"name": "SL1.1-1024", "vcpus": 1, "ram": 1024, "disk": 0},
    {"name": "SL1.2-4096", "vcpus": 2, "ram": 4096, "disk": 0},
    {"name": "BL1.4-16384-64", "vcpus": 4, "ram": 16384, "disk": 64},
)
_AGE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Place:
    """A project's region in an emulated cloud, as it was on a day."""

    cloud: KeystoneCloud
    project: Project
    region: str
    day: date

    @property
    def born(self) -> datetime:
        """When the things of a place were made: long before the day."""
        return datetime.combine(self.day, time(8), UTC) - _AGE

    @property
    def zone(self) -> str:
        """The first zone of the region."""
        return f"{self.region}a"

    def id(self, kind: str, number: int = 0) -> str:
        """Return the id of the place's thing of a kind with a number."""
        return long_id(self.project.id, self.region, kind, number)

    def has(self, key: str) -> bool:
        """Tell whether the place's list has anything."""
        return bool(self.cloud.things[self.project.id, self.region, key])

    def put(self, key: str, *items: dict[str, Any]) -> None:
        """Add things to the place's list."""
        self.cloud.put(self.project, self.region, key, *items)


def add_servers(place: Place, numbers: range, **more: Any) -> None:
    """Add servers, each with a disk."""
    project, born, zone = place.project, place.born, place.zone
    for n in numbers:
        size, server_id, disk_id = SIZES[n % len(SIZES)], place.id("server", n), place.id("disk", n)
        disks = {"os-extended-volumes:volumes_attached": [{"id": disk_id, "delete_on_termination": True}]}
        server = objects.server(project, server_id, f"web-{n}", born, zone=zone, size=size, **(disks | more))
        attached = [objects.attachment(server_id, disk_id)]
        disk = objects.volume(project, disk_id, f"disk-{n}", born, size=20 + 5 * n, zone=zone, attachments=attached)
        place.put("servers", server)
        place.put("volumes", disk)
    if not place.has("flavors"):
        place.put("flavors", *(objects.flavor(s["name"], s["name"], s["vcpus"], s["ram"], s["disk"]) for s in SIZES))  # type: ignore[arg-type]


def add_storage(place: Place) -> None:
    """Add a free disk, a snapshot, a backup, an image, a share, and two containers."""
    project, born, zone = place.project, place.born, place.zone
    free = place.id("free disk")
    place.put("volumes", objects.volume(project, free, "spare", born, size=100, zone=zone, metadata={"team": "data"}))
    place.put("snapshots", objects.snapshot(project, place.id("snapshot"), "before", born, size=100, volume_id=free))
    place.put("backups", objects.backup(place.id("backup"), "nightly", born, size=100, volume_id=free, zone=zone))
    place.put("images", objects.image(project, place.id("image"), "golden", born, size=1_234_567_890))
    place.put("shares", objects.share(project, place.id("share"), "files", born, size=50, zone=zone))
    place.put("containers", objects.container("backups", count=12, size=5_000_000_000))
    place.put("containers", objects.container("static", count=3, size=1024))


def add_network(place: Place) -> None:
    """Add a network with a subnet, a router, a load balancer, a free floating IP and one that a server uses."""
    project, born = place.project, place.born
    network, subnet, port = place.id("network"), place.id("subnet"), place.id("port")
    place.put("networks", network_objects.network(project, network, "net", born, subnets=[subnet]))
    place.put(
        "subnets", network_objects.subnet(project, subnet, "sub", born, network_id=network, cidr="192.168.0.0/24")
    )
    place.put("routers", network_objects.router(project, place.id("router"), "out", born, address="203.0.113.1"))
    balancer = network_objects.load_balancer(project, place.id("lb"), "front", born, address="192.168.0.9")
    place.put("loadbalancers", balancer)
    owner = {"device_id": place.id("server"), "owner": f"compute:{place.zone}"}
    place.put("ports", network_objects.port(project, port, **owner, address="192.168.0.4", subnet_id=subnet))
    used, free = place.id("floating ip"), place.id("free floating ip")
    place.put("floatingips", network_objects.floating_ip(project, used, born, address="203.0.113.7", port_id=port))
    place.put("floatingips", network_objects.floating_ip(project, free, born, address="203.0.113.8"))


def change_servers(place: Place, servers: int, changes: int) -> None:
    """Per change: one server appears, one is switched off, one vanishes with its disk."""
    add_servers(place, range(servers, servers + changes), status="BUILD")
    listed, disks = (place.cloud.things[place.project.id, place.region, key] for key in ("servers", "volumes"))
    for n in range(min(changes, servers // 2)):
        listed[:] = [s for s in listed if s["id"] != place.id("server", n + 1)]
        disks[:] = [d for d in disks if d["id"] != place.id("disk", n + 1)]
        for server in listed:
            if server["id"] == place.id("server", servers - 1 - n):
                server["status"] = "SHUTOFF"
