"""Objects as the API sends them, with all their fields."""

import uuid
from typing import Any

Item = dict[str, Any]

REGIONS = {"fra1": "Frankfurt 1", "nyc3": "New York 3", "sgp1": "Singapore 1"}
SIZES = {
    "s-1vcpu-1gb": (1, 1024, 25, 6.0, 0.00893),
    "s-2vcpu-4gb": (2, 4096, 80, 24.0, 0.03571),
    "c-4": (4, 8192, 50, 84.0, 0.125),
}
"""slug -> vCPUs, MiB, GB, USD a month, USD an hour"""
SECRET = "planted-do-secret"  # noqa: S105 - to be looked for in what is stored
_SPACE = uuid.UUID("8c2f0d2e-5d5b-4f0e-9c55-2f1d0c8b7a10")


def uid(kind: str, number: int) -> str:
    """Return an id that is the same every time."""
    return str(uuid.uuid5(_SPACE, f"{kind} {number}"))


def region(slug: str) -> Item:
    """Return a region object."""
    return {
        "slug": slug,
        "name": REGIONS[slug],
        "features": ["backups", "ipv6", "metadata", "storage"],
        "available": True,
        "sizes": list(SIZES),
    }


def size(slug: str) -> Item:
    """Return a size object."""
    vcpus, memory, disk, monthly, hourly = SIZES[slug]
    return {
        "slug": slug,
        "memory": memory,
        "vcpus": vcpus,
        "disk": disk,
        "transfer": 4.0,
        "price_monthly": monthly,
        "price_hourly": hourly,
        "regions": list(REGIONS),
        "available": True,
        "description": "Basic",
    }


def droplet(number: int, name: str, slug: str, place: str, created_at: str, tags: list[str] | None = None) -> Item:
    """Return a droplet; its id is 900 and the number."""
    vcpus, memory, disk, *_ = SIZES[slug]
    address = f"{number // 250 % 250}.{number % 250 + 1}"
    return {
        "id": 900 + number,
        "name": name,
        "memory": memory,
        "vcpus": vcpus,
        "disk": disk,
        "disk_info": [{"type": "local", "size": {"amount": disk, "unit": "gib"}}],
        "locked": False,
        "status": "active",
        "kernel": None,
        "created_at": created_at,
        "features": ["monitoring", "private_networking"],
        "backup_ids": [],
        "next_backup_window": None,
        "snapshot_ids": [],
        "image": image(55, "13 x64", "base", public=True) | {"slug": "debian-13-x64"},
        "volume_ids": [],
        "size": size(slug),
        "size_slug": slug,
        "networks": {
            "v4": [
                {"ip_address": f"10.114.{address}", "netmask": "255.255.240.0", "gateway": "", "type": "private"},
                {
                    "ip_address": f"198.18.{address}",
                    "netmask": "255.255.240.0",
                    "gateway": "198.18.0.1",
                    "type": "public",
                },
            ],
            "v6": [],
        },
        "region": region(place),
        "tags": tags or [],
        "vpc_uuid": uid("vpc", list(REGIONS).index(place)),
    }


def image(number: int, name: str, kind: str, *, public: bool = False, created_at: str = "2026-01-05T00:00:00Z") -> Item:
    """Return an image: base, snapshot, backup or custom."""
    return {
        "id": number,
        "name": name,
        "distribution": "Debian",
        "slug": None,
        "public": public,
        "regions": ["fra1"],
        "created_at": created_at,
        "min_disk_size": 25,
        "type": kind,
        "size_gigabytes": 2.36,
        "description": "",
        "tags": [],
        "status": "available",
        "error_message": "",
    }


def volume(number: int, name: str, gib: int, place: str, created_at: str, droplet_id: int | None) -> Item:
    """Return a volume."""
    return {
        "id": uid("volume", number),
        "region": region(place),
        "droplet_ids": [] if droplet_id is None else [droplet_id],
        "name": name,
        "description": "",
        "size_gigabytes": gib,
        "created_at": created_at,
        "filesystem_type": "ext4",
        "filesystem_label": "data",
        "tags": [],
    }


def snapshot(number: int, name: str, gb: float, kind: str, source: str, created_at: str) -> Item:
    """Return a snapshot of a droplet or volume."""
    return {
        "id": str(6000 + number) if kind == "droplet" else uid("snapshot", number),
        "name": name,
        "regions": ["fra1"],
        "created_at": created_at,
        "resource_id": source,
        "resource_type": kind,
        "min_disk_size": 25,
        "size_gigabytes": gb,
        "tags": ["keep:30d"],
    }


def load_balancer(number: int, name: str, units: int, droplet_ids: list[int], created_at: str) -> Item:
    """Return a regional load balancer."""
    rule = {"entry_protocol": "http", "entry_port": 80, "target_protocol": "http", "target_port": 80}
    return {
        "id": uid("load balancer", number),
        "name": name,
        "ip": f"203.0.113.{number % 250 + 1}",
        "ipv6": "",
        "size_unit": units,
        "size": "",
        "algorithm": "round_robin",
        "status": "active",
        "created_at": created_at,
        "forwarding_rules": [rule | {"certificate_id": "", "tls_passthrough": False}],
        "health_check": {"protocol": "http", "port": 80, "path": "/", "check_interval_seconds": 10},
        "sticky_sessions": {"type": "none"},
        "region": region("fra1"),
        "tag": "env:prod",
        "droplet_ids": droplet_ids,
        "redirect_http_to_https": False,
        "enable_proxy_protocol": False,
        "enable_backend_keepalive": False,
        "vpc_uuid": uid("vpc", 0),
        "disable_lets_encrypt_dns_records": False,
        "project_id": uid("project", 0),
        "http_idle_timeout_seconds": 60,
        "firewall": {"deny": [], "allow": []},
        "type": "REGIONAL",
        "network": "EXTERNAL",
        "network_stack": "IPV4",
    }


def reserved_ip(number: int, holder: Item | None) -> Item:
    """Return a reserved IPv4 address, idle without a droplet."""
    return {
        "ip": f"192.0.2.{number % 250 + 1}",
        "droplet": holder,
        "region": region("fra1"),
        "locked": False,
        "project_id": uid("project", 0),
    }
