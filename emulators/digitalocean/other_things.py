"""The smaller objects of the API."""

from emulators.digitalocean.things import REGIONS, SECRET, Item, uid


def registry(name: str, created_at: str) -> Item:
    """Return a container registry."""
    return {
        "name": name,
        "created_at": created_at,
        "region": "fra1",
        "storage_usage_bytes": 29393920,
        "storage_usage_bytes_updated_at": created_at,
    }


def vpc(number: int, created_at: str) -> Item:
    """Return the default network of a region."""
    slug = list(REGIONS)[number]
    return {
        "id": uid("vpc", number),
        "urn": f"do:vpc:{uid('vpc', number)}",
        "name": f"default-{slug}",
        "description": "",
        "region": slug,
        "ip_range": f"10.114.{16 * number}.0/20",
        "default": True,
        "created_at": created_at,
    }


def nat_gateway(number: int, created_at: str) -> Item:
    """Return a NAT gateway."""
    return {
        "id": uid("gateway", number),
        "name": f"gateway-{number}",
        "type": "PUBLIC",
        "state": "ACTIVE",
        "region": "fra1",
        "size": 1,
        "vpcs": [{"vpc_uuid": uid("vpc", 0), "gateway_ip": "10.114.0.2", "default_gateway": True}],
        "egresses": {"public_gateways": [{"ipv4": f"203.0.113.{200 + number}"}]},
        "udp_timeout_seconds": 30,
        "icmp_timeout_seconds": 30,
        "tcp_timeout_seconds": 300,
        "created_at": created_at,
        "updated_at": created_at,
        "project_id": uid("project", 0),
    }


def reserved_ipv6(number: int, droplet: Item | None, created_at: str) -> Item:
    """Return a reserved IPv6 address."""
    return {
        "ip": f"2001:db8:44:{number}::1",
        "region_slug": "fra1",
        "reserved_at": created_at,
        "droplet": droplet,
    }


def domain(name: str) -> Item:
    """Return a domain with its zone file."""
    return {"name": name, "ttl": 1800, "zone_file": f"$ORIGIN {name}.\n$TTL 1800\n{name}. IN A 198.18.0.1\n"}


def project(number: int, name: str, created_at: str, *, default: bool) -> Item:
    """Return a project."""
    return {
        "id": uid("project", number),
        "owner_uuid": uid("owner", 0),
        "owner_id": 258992,
        "name": name,
        "description": "",
        "purpose": "Web Application",
        "environment": "Production",
        "is_default": default,
        "created_at": created_at,
        "updated_at": created_at,
    }


def spaces_key(number: int, bucket: str, created_at: str) -> Item:
    """Return a key of Spaces; its secret is told only once, when it is made."""
    return {
        "name": f"key-{number}",
        "access_key": f"DO00EXAMPLE{number:09d}",
        "grants": [{"bucket": bucket, "permission": "read"}],
        "created_at": created_at,
    }


def share(number: int, name: str, created_at: str) -> Item:
    """Return an NFS share."""
    return {
        "id": uid("share", number),
        "name": name,
        "size_gib": 50,
        "region": "nyc3",
        "status": "ACTIVE",
        "host": "10.128.0.9",
        "mount_path": "/share",
        "vpc_ids": [uid("vpc", 1)],
        "created_at": created_at,
    }


def namespace(number: int, label: str, created_at: str) -> Item:
    """Return a namespace of functions, its key included."""
    return {
        "api_host": "https://faas-fra1-1.doserverless.example",
        "namespace": f"fn-{uid('namespace', number)}",
        "uuid": uid("namespace", number),
        "label": label,
        "region": "fra1",
        "key": SECRET,
        "created_at": created_at,
        "updated_at": created_at,
    }
