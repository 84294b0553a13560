"""Complete objects of the API, as docs.hetzner.cloud shows them. Keyword arguments replace fields."""

from typing import Any

from emulators.hetzner import prices

Item = dict[str, Any]

CREATED = "2026-02-03T04:05:06+00:00"
_TRAFFIC = 20 * 1024**4
_PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample"
_PEM = "-----BEGIN CERTIFICATE-----\nMIIBexample\n-----END CERTIFICATE-----"


def _base(id_: int, name: str | None, **changed: Any) -> Item:
    return {
        "id": id_,
        "name": name,
        "created": CREATED,
        "labels": {},
        "protection": {"delete": False},
    } | changed


def server(id_: int, name: str = "web-1", *, location: str = "fsn1", type_: str = "cx22", **changed: Any) -> Item:
    """Return a running server with both kinds of public address."""
    kind = prices.server_type(type_)
    public_net = {
        "ipv4": {"id": id_ + 1, "ip": "198.51.100.7", "blocked": False, "dns_ptr": "static.example.com"},
        "ipv6": {"id": id_ + 2, "ip": "2001:db8::/64", "blocked": False, "dns_ptr": []},
        "floating_ips": [],
        "firewalls": [{"id": 38, "status": "applied"}],
    }
    fields = {
        "status": "running",
        "public_net": public_net,
        "private_net": [
            {"network": 4711, "ip": "10.0.0.2", "alias_ips": ["10.0.0.9"], "mac_address": "86:00:ff:2a:7d:e1"}
        ],
        "server_type": kind,
        "location": prices.LOCATIONS[location],
        "image": image(114690387, "ubuntu-24.04", type="system", os_version="24.04", image_size=None),
        "iso": None,
        "rescue_enabled": False,
        "locked": False,
        "backup_window": None,
        "outgoing_traffic": 123456,
        "ingoing_traffic": 654321,
        "included_traffic": _TRAFFIC,
        "protection": {"delete": False, "rebuild": False},
        "volumes": [],
        "load_balancers": [],
        "primary_disk_size": kind["disk"],
        "placement_group": None,
    }
    return _base(id_, name) | fields | changed


def volume(id_: int, name: str = "data", *, location: str = "fsn1", size: int = 100, **changed: Any) -> Item:
    """Return a volume that is attached to nothing."""
    fields = {
        "size": size,
        "status": "available",
        "server": None,
        "location": prices.LOCATIONS[location],
        "linux_device": f"/dev/disk/by-id/scsi-0HC_Volume_{id_}",
        "format": "ext4",
    }
    return _base(id_, name) | fields | changed


def image(id_: int, name: str | None = None, **changed: Any) -> Item:
    """Return a snapshot of server 42."""
    fields = {
        "type": "snapshot",
        "status": "available",
        "description": None if name else "before the upgrade",
        "image_size": 2.3,
        "disk_size": 40.0,
        "created_from": None if name else {"id": 42, "name": "web-1"},
        "bound_to": None,
        "os_flavor": "ubuntu",
        "os_version": "24.04",
        "rapid_deploy": False,
        "architecture": "x86",
        "deprecated": None,
        "deleted": None,
    }
    return _base(id_, name) | fields | changed


def primary_ip(id_: int, name: str = "ip-1", *, location: str = "fsn1", **changed: Any) -> Item:
    """Return an IPv4 address that nothing uses."""
    fields = {
        "ip": "198.51.100.7",
        "type": "ipv4",
        "assignee_id": None,
        "assignee_type": "server",
        "auto_delete": True,
        "blocked": False,
        "dns_ptr": [{"ip": "198.51.100.7", "dns_ptr": "static.example.com"}],
        "location": prices.LOCATIONS[location],
    }
    return _base(id_, name) | fields | changed


def floating_ip(id_: int, name: str = "entry", *, location: str = "fsn1", **changed: Any) -> Item:
    """Return an IPv4 address that can move."""
    fields: Item = {
        "ip": "203.0.113.5",
        "type": "ipv4",
        "description": "front door",
        "server": None,
        "blocked": False,
        "dns_ptr": [],
        "home_location": prices.LOCATIONS[location],
    }
    return _base(id_, name) | fields | changed


def _balanced_service() -> Item:
    check_http = {"domain": None, "path": "/", "response": None, "status_codes": ["2??"], "tls": False}
    return {
        "protocol": "https",
        "listen_port": 443,
        "destination_port": 80,
        "proxyprotocol": False,
        "health_check": {
            "protocol": "http",
            "port": 80,
            "interval": 15,
            "timeout": 10,
            "retries": 3,
            "http": check_http,
        },
        "http": {
            "cookie_name": "HCLBSTICKY",
            "cookie_lifetime": 300,
            "certificates": [897],
            "redirect_http": True,
            "sticky_sessions": False,
            "timeout_idle": 60,
        },
    }


def load_balancer(
    id_: int,
    name: str = "lb-1",
    *,
    location: str = "fsn1",
    type_: str = "lb11",
    servers: tuple[int, ...] = (),
    **changed: Any,
) -> Item:
    """Return a load balancer in front of some servers."""
    targets = [
        {
            "type": "server",
            "server": {"id": server},
            "use_private_ip": False,
            "health_status": [{"listen_port": 443, "status": "healthy"}],
        }
        for server in servers
    ]
    public_net = {
        "enabled": True,
        "ipv4": {"ip": "192.0.2.3", "dns_ptr": "lb.example.com"},
        "ipv6": {"ip": "2001:db8:1::1", "dns_ptr": None},
    }
    fields = {
        "public_net": public_net,
        "private_net": [{"network": 4711, "ip": "10.0.0.3"}],
        "location": prices.LOCATIONS[location],
        "load_balancer_type": prices.load_balancer_type(type_),
        "algorithm": {"type": "round_robin"},
        "services": [_balanced_service()],
        "targets": targets,
        "outgoing_traffic": 1,
        "ingoing_traffic": 2,
        "included_traffic": _TRAFFIC,
    }
    return _base(id_, name) | fields | changed


def network(id_: int, name: str = "internal", *, servers: tuple[int, ...] = (), **changed: Any) -> Item:
    """Return a private network with one subnet."""
    subnet = {
        "type": "cloud",
        "ip_range": "10.0.0.0/24",
        "network_zone": "eu-central",
        "gateway": "10.0.0.1",
        "vswitch_id": None,
    }
    fields = {
        "ip_range": "10.0.0.0/16",
        "subnets": [subnet],
        "routes": [{"destination": "10.100.1.0/24", "gateway": "10.0.0.8"}],
        "servers": list(servers),
        "load_balancers": [],
        "expose_routes_to_vswitch": False,
    }
    return _base(id_, name) | fields | changed


def firewall(id_: int, name: str = "web", *, servers: tuple[int, ...] = (), **changed: Any) -> Item:
    """Return a firewall with one rule."""
    rule = {
        "direction": "in",
        "protocol": "tcp",
        "port": "443",
        "source_ips": ["0.0.0.0/0", "::/0"],
        "destination_ips": [],
        "description": None,
    }
    fields = {"rules": [rule], "applied_to": [{"type": "server", "server": {"id": server}} for server in servers]}
    return _without_protection(_base(id_, name) | fields | changed)


def placement_group(id_: int, name: str = "apart", *, servers: tuple[int, ...] = (), **changed: Any) -> Item:
    """Return a placement group."""
    return _without_protection(_base(id_, name) | {"type": "spread", "servers": list(servers)} | changed)


def ssh_key(id_: int, name: str = "laptop", **changed: Any) -> Item:
    """Return an SSH key."""
    fields = {"fingerprint": "b7:2f:30:a0:2f:6c:58:6c:21:04:58:61:ba:06:3b:2f", "public_key": _PUBLIC_KEY}
    return _without_protection(_base(id_, name) | fields | changed)


def certificate(id_: int, name: str = "shop", **changed: Any) -> Item:
    """Return a certificate that Hetzner renews."""
    fields = {
        "type": "managed",
        "certificate": _PEM,
        "not_valid_before": "2026-02-03T00:00:00+00:00",
        "not_valid_after": "2026-05-04T00:00:00+00:00",
        "domain_names": ["shop.example.com", "example.com"],
        "fingerprint": "03:c7:55:9b:2a:d1:04:17:09:f6:d0:7f:18:34:63:d4",
        "status": {"issuance": "completed", "renewal": "scheduled", "error": None},
        "used_by": [],
    }
    return _without_protection(_base(id_, name) | fields | changed)


def zone(id_: int, name: str = "example.com", **changed: Any) -> Item:
    """Return a DNS zone."""
    servers = ["hydrogen.ns.hetzner.com.", "oxygen.ns.hetzner.com."]
    authority = {
        "assigned": servers,
        "delegated": servers,
        "delegation_last_check": CREATED,
        "delegation_status": "valid",
    }
    fields = {
        "mode": "primary",
        "ttl": 3600,
        "status": "ok",
        "record_count": 12,
        "registrar": "other",
        "primary_nameservers": [],
        "authoritative_nameservers": authority,
    }
    return _base(id_, name) | fields | changed


def storage_box(
    id_: int, name: str = "archive", *, location: str = "fsn1", type_: str = "bx11", **changed: Any
) -> Item:
    """Return a storage box."""
    access = ("reachable_externally", "samba_enabled", "ssh_enabled", "webdav_enabled", "zfs_enabled")
    fields = {
        "status": "active",
        "username": f"u{id_}",
        "storage_box_type": prices.storage_box_type(type_),
        "location": prices.LOCATIONS[location],
        "server": f"u{id_}.your-storagebox.de",
        "system": "FSN1-BX355",
        "access_settings": dict.fromkeys(access, False),
        "stats": {"size": 2342236717056, "size_data": 2102612983808, "size_snapshots": 239623733248},
        "snapshot_plan": None,
    }
    return _base(id_, name) | fields | changed


def _without_protection(item: Item) -> Item:
    return {key: value for key, value in item.items() if key != "protection"}
