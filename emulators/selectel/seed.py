"""Fill accounts of an emulated Selectel, the same way every time, with five days of bills."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from zlib import crc32

from emulators.keystone import objects as standard
from emulators.keystone import seed
from emulators.keystone.directory import Project, long_id
from emulators.openstack.seed import TYPES as _STANDARD
from emulators.selectel import billing, objects
from emulators.selectel.account import Account
from emulators.selectel.emulator import REGIONS, SelectelEmulator

TYPES = {key: type_ for key, type_ in _STANDARD.items() if key != "containers"} | {
    "clusters": "mks:cluster",
    "nodegroups": "mks:node-group",
    "datastores": "dbaas:datastore",
    "registries": "craas:registry",
    "result": "dns:zone",
}
"""The key of each list of a project, and the inventory's type of what it holds."""
BILLED = {
    "servers": ("vpc", "cloud_vm", "compute_cores"),
    "volumes": ("vpc", "volume_gigabytes_universal", "volume_gigabytes_universal"),
    "snapshots": ("vpc", "snapshot", "snapshot_gigabytes"),
    "backups": ("vpc", "backup", "volume_backup_gigabytes"),
    "images": ("vpc", "image", "image_gigabytes"),
    "floatingips": ("vpc", "network_floatingips", "network_floatingips"),
    "routers": ("vpc", "network_routers", "network_routers"),
    "loadbalancers": ("vpc", "load_balancers", "load_balancers_basic"),
    "shares": ("vpc", "share", "share_gigabytes_universal"),
    "clusters": ("mks", "mks_cluster", "mks_cluster_regional"),
    "datastores": ("dbaas", "dbaas_datastore", "dbaas_compute_cores"),
    "registries": ("craas", "craas_registry", "craas_storage"),
    "containers": ("storage", "bucket", "storage_standard"),
}
"""What is billed for each list: provider key, type of object, metric."""
_DAYS = 5
_EVERYWHERE = "everywhere"


def fill(
    emulator: SelectelEmulator, *, servers: int, day: date, changes: int = 0, number: str | None = None
) -> dict[str, Any]:
    """Make an account with two projects: servers in the second region, one of everything beside them.

    Returns the credentials. `day` is the day of the sync; it and the four days before it have bills, so that every
    Moscow day that a sync may ask for is there. `changes` is how many times something has appeared, changed and
    vanished since.
    """
    account = emulator.add_account(number or str(100001 + len(emulator.accounts)), projects=("prod", "test"))
    prod, test = account.projects
    half = servers // 2
    fill_region(emulator, prod, REGIONS[1], servers - half, day, changes)
    test_place = seed.Place(emulator, test, REGIONS[1], day)
    seed.add_servers(test_place, range(half))
    seed.add_storage(seed.Place(emulator, prod, REGIONS[0], day))
    add_account_wide(account)
    add_bills(emulator, account, day)
    return emulator.credentials(account)


def fill_region(
    emulator: SelectelEmulator, project: Project, region: str, servers: int, day: date, changes: int = 0
) -> None:
    """Put servers and one of everything into a project's region."""
    place = seed.Place(emulator, project, region, day)
    seed.add_servers(place, range(servers))
    seed.add_storage(place)
    seed.add_network(place)
    seed.change_servers(place, servers, changes)
    _add_managed(place)


def add_account_wide(account: Account) -> None:
    """Add two public subnets, a licence and a dedicated server."""
    project = account.projects[0]
    account.subnets += [objects.public_subnet(project, n, f"203.0.113.{16 * n}/28", region="ru-3") for n in (5, 6)]
    account.licenses.append(objects.license_(project, 5, region="ru-3"))
    account.dedicated.append(objects.dedicated(account.number, "archive"))


def add_bills(emulator: SelectelEmulator, account: Account, day: date) -> None:
    """Add the statistics of a day and the four before it, with a server that is gone and traffic of no object."""
    for back in range(_DAYS):
        text = f"{day - timedelta(days=back)}"
        for project in account.projects:
            for (project_id, region, key), items in list(emulator.things.items()):
                if project_id == project.id and key in BILLED:
                    account.rows += _rows(account, project, region, key, items, text)
        gone = {"id": long_id("gone", account.number), "name": "gone", "type": "cloud_vm"}
        account.rows.append(
            billing.row(account, "vpc", text, 77, project=None, thing=gone, metric="compute_ram", region="ru-3b")
        )
        account.rows.append(
            billing.row(account, "cdn", text, 5, project=None, thing=None, metric="cdn_traffic", region="")
        )


def kopecks(id_: str, metric: str) -> int:
    """Return what a thing costs per day by a metric: any amount, the same every time."""
    return 100 + crc32(f"{id_}/{metric}".encode()) % 5000


def _rows(
    account: Account, project: Project, region: str, key: str, items: list[dict[str, Any]], day: str
) -> Iterator[dict[str, Any]]:
    provider_key, type_, metric = BILLED[key]
    metrics = (metric, "compute_ram") if key == "servers" else (metric,)
    for item in items:
        id_ = item.get("id") or item["name"]
        parent = next((a["server_id"] for a in item.get("attachments", [])), "")
        thing = {"id": id_, "name": item.get("name", ""), "type": type_, "parent_id": parent}
        where = region if key == "containers" or region == _EVERYWHERE else f"{region}a"
        for name in metrics:
            value = kopecks(id_, name)
            owner = (project.id, project.name)
            yield billing.row(account, provider_key, day, value, project=owner, thing=thing, metric=name, region=where)


def _add_managed(place: seed.Place) -> None:
    project, born, zone = place.project, place.born, place.zone
    cluster_id = place.id("cluster")
    servers = [server["id"] for server in place.cloud.things[project.id, place.region, "servers"]][:2]
    place.put("clusters", objects.cluster(project, cluster_id, "k8s", born, region=place.region))
    place.put("nodegroups", objects.node_group(cluster_id, place.id("group"), born, zone=zone, servers=servers))
    place.put("datastores", objects.datastore(project, place.id("database"), "orders", born, zone=zone))
    place.put("datastore-types", *objects.datastore_types())
    place.put("containers", standard.container("static_segments", count=7, size=4096))
    registry = objects.registry(place.id("registry"), "apps", born)
    place.cloud.put(project, _EVERYWHERE, "registries", registry)
    for n in range(3):
        zone_ = objects.zone(project, place.id("zone", n), f"shop-{n}.example.", born)
        place.cloud.put(project, _EVERYWHERE, "result", zone_)


def expected(emulator: SelectelEmulator, credentials: dict[str, Any]) -> dict[str, set[str]]:
    """Return resource type -> the ids that the account has in the emulator."""
    account = emulator.accounts[credentials["account_id"]]
    own = {project.id for project in account.projects}
    found: dict[str, set[str]] = {type_: set() for type_ in (*TYPES.values(), "storage:bucket")}
    for (project, region, key), items in emulator.things.items():
        if project in own and key in TYPES:
            found[TYPES[key]] |= {item["id"] for item in items}
        if project in own and key == "containers":
            names = {item["name"] for item in items if not item["name"].endswith("_segments")}
            found["storage:bucket"] |= {f"{project}/{region}/{name}" for name in names}
    found["vpc:subnet"] = {str(item["id"]) for item in account.subnets}
    found["vpc:license"] = {str(item["id"]) for item in account.licenses}
    found["dedicated:server"] = {item["uuid"] for item in account.dedicated}
    return {type_: ids for type_, ids in found.items() if ids}
