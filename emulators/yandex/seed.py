"""Fill accounts of the emulated cloud: a company with two clouds and three folders, the same every time."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from emulators.yandex import services
from emulators.yandex.accounts import Account, Usage
from emulators.yandex.emulator import YandexEmulator
from emulators.yandex.objects import Ids, Maker
from emulators.yandex.paths import ENGINES

_CREATED = "2026-01-01T08:00:00.123456789Z"
BILLED_DAYS = 7
MAX_CHANGES = 6
"""How often `change` finds something to take away."""
_ODD_NAME = "Общество «Ромашка»/prod 1"
_INSTANCES, _FUNCTIONS = "/compute/v1/instances", "/functions/v1/functions"
_PRICES = {
    _INSTANCES: ("compute", "compute.instance", Decimal("86.4012345678")),
    "/compute/v1/disks": ("compute", "compute.disk", Decimal("7.92")),
    "/compute/v1/snapshots": ("compute", "compute.snapshot", Decimal("0.1234")),
    "/compute/v1/images": ("compute", "compute.image", Decimal("0.21")),
    "/compute/v1/filesystems": ("compute", "compute.filesystem", Decimal("31.68")),
    "/vpc/v1/addresses": ("vpc", "vpc.address", Decimal("6.2208")),
    "/load-balancer/v1/networkLoadBalancers": ("network-load-balancer", "nlb", Decimal("40.4352")),
    "/apploadbalancer/v1/loadBalancers": ("application-load-balancer", "alb", Decimal("105.12")),
    "/managed-kubernetes/v1/clusters": ("managed-kubernetes", "k8s.cluster", Decimal("222.48")),
    "/storage/v1/buckets": ("storage", "storage.bucket", Decimal("3.0517578125")),
    "/kms/v1/keys": ("kms", "kms.key", Decimal("0.1")),
}
_HOST_PRICE = Decimal("151.2")


def fill(
    emulator: YandexEmulator, *, servers: int, day: date, changes: int = 0, ids: int | None = None
) -> dict[str, Any]:
    """Make an account with that many VMs beside the nodes of a cluster; return its credentials.

    day   the day of the sync: bills cover the week before it
    ids   what the ids of its things are made of, by default the account's number: two accounts may have equal ids
    """
    account = open_account(emulator, ids=ids)
    own = Ids(len(emulator.accounts) if ids is None else ids)
    makers = _folders(account, own)
    for number, maker in enumerate(makers):
        _fill_folder(maker, number, range(number, servers, len(makers)))
    change(emulator, account, changes)
    _bill(account, makers, day)
    return account.credentials()


def open_account(emulator: YandexEmulator, *, ids: int | None = None) -> Account:
    """Make an account that has nothing but an empty cloud with one folder."""
    number = len(emulator.accounts) + 1
    own = Ids(10_000 + (number if ids is None else ids))
    # Of the account itself, so that accounts with equal things still are two.
    account = Account(number, f"aje{number:016}s", f"aje{number:016}k")
    account.oauth_token = f"y0_{number:055}"
    emulator.accounts.append(account)
    add_cloud(account, own.make("b1g"), "empty", [(own.make("b1g"), "default")])
    account.home_folder = account.folders[0]["id"]
    payer = own.make("dn2")
    account.billing_accounts.append(
        {
            "id": payer,
            "name": "main",
            "createdAt": _CREATED,
            "countryCode": "RU",
            "currency": "RUB",
            "active": True,
            "balance": "10450.31",
        }
    )
    account.bindings[payer] = [cloud["id"] for cloud in account.clouds]
    return account


def add_cloud(account: Account, cloud_id: str, name: str, folders: list[tuple[str, str]]) -> None:
    """Add a cloud with folders, each (id, name)."""
    account.clouds.append(
        {"id": cloud_id, "createdAt": _CREATED, "name": name, "organizationId": "bpf00000000000000001"}
    )
    account.folders += [
        {"id": id_, "cloudId": cloud_id, "createdAt": _CREATED, "name": folder, "status": "ACTIVE"}
        for id_, folder in folders
    ]


def maker_of(account: Account, folder_id: str, ids: Ids) -> Maker:
    """Return what makes things in a folder of the account."""
    cloud = next(folder["cloudId"] for folder in account.folders if folder["id"] == folder_id)
    return Maker(account, ids, cloud, folder_id, _CREATED)


def change(emulator: YandexEmulator, account: Account, times: int) -> None:
    """Let a VM appear, another change and a function vanish, up to MAX_CHANGES times."""
    folder = account.folders[-1]["id"]
    maker = maker_of(account, folder, Ids(20_000 + account.number))
    for number in range(min(times, MAX_CHANGES)):
        older = account.listings[_INSTANCES, folder]
        if number < len(older):
            older[number]["labels"] = {"release": f"2026.{number + 1}"}
        maker.server(f"burst-{number}", 100 + number, "e9bsubnet00000000001")
        functions = account.listings[_FUNCTIONS, folder]
        if functions:
            functions.pop(0)


def _folders(account: Account, ids: Ids) -> list[Maker]:
    prod, test = ids.make("b1g"), ids.make("b1g")
    add_cloud(account, prod, "prod", [(ids.make("b1g"), "default"), (ids.make("b1g"), "data")])
    add_cloud(account, test, "test", [(ids.make("b1g"), "sandbox")])
    account.folders[-1]["status"] = "PENDING_DELETION"
    payer = account.billing_accounts[0]["id"]
    account.bindings[payer] = [cloud["id"] for cloud in account.clouds]
    return [maker_of(account, folder["id"], ids) for folder in account.folders[1:]]


def _fill_folder(maker: Maker, number: int, servers: range) -> None:
    network, subnet = maker.network()
    made = [maker.server(f"web-{index:03}", index, subnet["id"], {"env": "prod"}) for index in servers]
    disks = maker.account.listings["/compute/v1/disks", maker.folder_id]
    if made:
        made[0]["name"] = _ODD_NAME
        maker.snapshot(disks[0])
    if number == 0:
        maker.images_and_files()
        maker.addresses()
        maker.balancers(network["id"], subnet["id"])
        services.kubernetes(maker, network["id"], subnet["id"])
        services.platform(maker)
    if number == 1:
        for index, engine in enumerate(ENGINES):
            services.database(maker, engine, index)
    services.bucket(maker, f"{maker.folder_id}-backups")
    for index in range(MAX_CHANGES):
        services.function(maker, f"resize-{index}")


def _bill(account: Account, makers: list[Maker], day: date) -> None:
    rows = account.usage[account.billing_accounts[0]["id"]]
    for back in range(1, BILLED_DAYS + 1):
        on = day - timedelta(days=back)
        for maker in makers:
            rows += [row for path in _PRICES for row in _priced(maker, path, on)]
            rows += _hosts(maker, on)
        rows += _of_no_resource(makers[0], on)


def _priced(maker: Maker, path: str, on: date) -> list[Usage]:
    service, kind, price = _PRICES[path]
    items = maker.account.listings[path, maker.folder_id]
    return [_usage(maker, on, item["id"], item.get("name", ""), service, kind, price) for item in items]


def _hosts(maker: Maker, on: date) -> list[Usage]:
    own = {
        item["id"]: engine
        for engine in ENGINES
        for item in maker.account.listings[f"/managed-{engine}/v1/clusters", maker.folder_id]
    }
    return [
        _usage(maker, on, host["name"], host["name"], f"managed-{own[host['clusterId']]}", "mdb.host", _HOST_PRICE)
        for hosts in maker.account.hosts.values()
        for host in hosts
        if host["clusterId"] in own
    ]


def _of_no_resource(maker: Maker, on: date) -> list[Usage]:
    """What belongs to no resource: traffic of the folder, and a thing that is gone and of no known service."""
    traffic = Usage(on, "", Decimal("12.34"), service="vpc", cloud_id=maker.cloud_id, folder_id=maker.folder_id)
    gone = Usage(on, "fhmgone0000000000001", Decimal("5.5"), cloud_id=maker.cloud_id, folder_id=maker.folder_id)
    return [traffic, gone]


def _usage(maker: Maker, on: date, id_: str, name: str, service: str, kind: str, price: Decimal) -> Usage:
    discount = -(price / 10).quantize(Decimal("1e-10")) if service == "compute" else Decimal(0)
    return Usage(on, id_, price, discount, name, service, kind, maker.cloud_id, maker.folder_id)
