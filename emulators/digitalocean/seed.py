"""Teams to fill an emulator with: the same ones every time, and a little change between two syncs."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from emulators.digitalocean import managed_things, other_things, things
from emulators.digitalocean.emulator import DigitalOceanEmulator, Team
from emulators.digitalocean.things import REGIONS, SIZES, Item, uid

BIRTH = "2026-01-10T08:00:00Z"
BILLED_DAYS = 10
WORKERS = 2
_FIRST_WORKER, _FIRST_GUEST = 5000, 6000


def fill(
    emulator: DigitalOceanEmulator, *, servers: int, day: date, changes: int = 0, salt: str = ""
) -> dict[str, Any]:
    """Make a team with that many servers, and a few of everything else; return its credentials.

    day      when the team is looked at: its bill has the days before
    changes  how many times it changed since it was made, see `change`
    salt     makes another token of the same team, which shares no rate limit with the first
    """
    number = len(emulator.teams)
    token = f"dop_v1_{hashlib.sha256(f'team {number}{salt}'.encode()).hexdigest()}"
    team = emulator.add(Team(token, uid("team", number), f"team-{number}"))
    _fill_compute(team, servers)
    if servers:
        _fill_rest(team)
    bill(team, day)
    for step in range(1, changes + 1):
        change(team, step, day)
    return {"token": token, **_spaces(team, number)}


def _spaces(team: Team, number: int) -> dict[str, Any]:
    """Make a key of Spaces and two buckets, and return what the credentials have of them."""
    access, secret = f"DO00TEAM{number:012d}", hashlib.sha256(team.token.encode()).hexdigest()
    team.spaces_keys[access] = secret
    if team.lists["droplets"]:
        team.buckets = {"fra1": ["assets", "backups"]}
    return {"spaces_access_key": access, "spaces_secret_key": secret, "spaces_regions": ["fra1", "nyc3"]}


def change(team: Team, step: int, day: date) -> None:
    """Make a guest appear (that of the step before vanishes), and change the tags of the first server.

    Guests are made on `day`, so that no bill has them yet.
    """
    droplets = team.lists["droplets"]
    team.lists["droplets"] = kept = [each for each in droplets if not each["name"].startswith("guest-")]
    if kept:
        kept[0]["tags"] = ["env:prod", f"release:{step}"]
    kept.append(things.droplet(_FIRST_GUEST + step, f"guest-{step}", "s-1vcpu-1gb", "fra1", f"{day}T00:30:00Z"))


def bill(team: Team, day: date) -> None:
    """Write the bill of the days before `day`: every droplet, volume, balancer and database, and some traffic."""
    for age in range(1, BILLED_DAYS + 1):
        charged_on = day - timedelta(days=age)
        team.points += [_point(team, charged_on, *line) for line in _lines(team)]


def _lines(team: Team) -> list[tuple[str, str, str, Decimal]]:
    droplets = [
        ("1-DO-DROP-0001", each["region"]["slug"], f"{each['name']} ({each['size_slug']})", _per_day(each["size_slug"]))
        for each in team.lists["droplets"]
    ]
    volumes = [
        ("1-DO-VOL-0001", each["region"]["slug"], f"{each['name']} ({size} GB)", Decimal(size) / 280)
        for each in team.lists.get("volumes", [])
        for size in [each["size_gigabytes"]]
    ]
    databases = [
        ("1-DO-DB-0001", each["region"], f"{each['name']} ({each['size']})", Decimal("4.0179"))
        for each in team.lists.get("databases", [])
    ]
    traffic = [("1-DO-BW-0001", "", "Bandwidth over the allowance", Decimal("0.05"))] if droplets else []
    return [*droplets, *volumes, *databases, *traffic]


def _per_day(slug: str) -> Decimal:
    return Decimal(str(SIZES[slug][4])) * 24


def _point(team: Team, day: date, sku: str, region: str, description: str, amount: Decimal) -> Item:
    return {
        "usage_team_urn": f"do:team:{team.uuid}",
        "start_date": f"{day}",
        "total_amount": f"{amount:.4f}",
        "region": region,
        "sku": sku,
        "description": description,
        "group_description": "",
    }


def _fill_compute(team: Team, servers: int) -> None:
    slugs, places = list(SIZES), list(REGIONS)
    droplets = [
        things.droplet(
            index,
            f"web-{index + 1}",
            slugs[index % len(slugs)],
            places[index % len(places)],
            BIRTH,
            ["env:prod" if index % 2 else "env:test", "web"],
        )
        for index in range(servers)
    ]
    volumes = [
        things.volume(index, f"data-{index + 1}", 100, each["region"]["slug"], BIRTH, each["id"])
        for index, each in enumerate(droplets[::2])
    ]
    for item, each in zip(volumes, droplets[::2], strict=True):
        each["volume_ids"] = [item["id"]]
    snapshots = [
        things.snapshot(index, f"{each['name']}-before-update", 12.5, "droplet", str(each["id"]), BIRTH)
        for index, each in enumerate(droplets[::3])
    ]
    snapshots += [
        things.snapshot(index, f"{each['name']}-weekly", 40.0, "volume", each["id"], BIRTH)
        for index, each in enumerate(volumes[::3])
    ]
    team.lists |= {"droplets": droplets, "volumes": volumes, "snapshots": snapshots}


def _fill_rest(team: Team) -> None:
    droplets = team.lists["droplets"]
    ids = [each["id"] for each in droplets]
    first = droplets[0]
    cluster = managed_things.cluster(
        0, "shop", [900 + _FIRST_WORKER + n for n in range(WORKERS)], BIRTH, highly_available=True
    )
    tags = cluster["node_pools"][0]["tags"]
    droplets += [
        things.droplet(_FIRST_WORKER + n, f"default-{n + 1}", "s-2vcpu-4gb", "fra1", BIRTH, tags)
        for n in range(WORKERS)
    ]
    team.plan = managed_things.plan("basic", 500, BIRTH)
    team.lists |= {
        "images": [
            things.image(55, "13 x64", "base", public=True),
            things.image(7001, "golden", "custom"),
            things.image(7002, "web-1-backup", "backup"),
            things.image(6000, "web-1-before-update", "snapshot"),
        ],
        "load_balancers": [things.load_balancer(0, "front", 2, ids[:3], BIRTH)],
        "reserved_ips": [things.reserved_ip(0, first), things.reserved_ip(1, None)],
        "reserved_ipv6s": [other_things.reserved_ipv6(1, first, BIRTH)],
        "databases": [
            managed_things.database(0, "orders", "pg", "17", BIRTH),
            managed_things.database(1, "cache", "valkey", "8", BIRTH),
        ],
        "kubernetes_clusters": [cluster],
        "apps": [managed_things.app(0, "landing", 2, BIRTH)],
        "instance_sizes": [managed_things.instance_size("apps-s-1vcpu-1gb", "12.00")],
        "registries": [other_things.registry("shop-images", BIRTH)],
        "domains": [other_things.domain("shop.example")],
        "vpcs": [other_things.vpc(number, BIRTH) for number in range(len(REGIONS))],
        "vpc_nat_gateways": [other_things.nat_gateway(0, BIRTH)],
        "projects": [other_things.project(0, "shop", BIRTH, default=True)],
        "keys": [other_things.spaces_key(0, "assets", BIRTH)],
        "shares": [other_things.share(0, "uploads", BIRTH)],
        "namespaces": [other_things.namespace(0, "hooks", BIRTH)],
    }
