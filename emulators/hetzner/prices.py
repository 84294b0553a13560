"""The emulated cloud's places, sizes and prices. The form is the real one, the amounts are examples."""

from decimal import Decimal
from typing import Any

Item = dict[str, Any]

_PLACES = {
    "fsn1": ("DE", "Falkenstein", "eu-central"),
    "nbg1": ("DE", "Nuremberg", "eu-central"),
    "hel1": ("FI", "Helsinki", "eu-central"),
    "ash": ("US", "Ashburn, VA", "us-east"),
}
LOCATIONS: dict[str, Item] = {
    name: {
        "id": number,
        "name": name,
        "description": f"{city} DC Park 1",
        "country": country,
        "city": city,
        "latitude": 50.47612,
        "longitude": 12.370071,
        "network_zone": zone,
    }
    for number, (name, (country, city, zone)) in enumerate(_PLACES.items(), start=1)
}
_VAT = Decimal("1.19")
_TB = 1024**4
SERVER_TYPES = {
    # name: cores, memory in GB, disk in GB, per hour, per month
    "cx22": (2, 4.0, 40, "0.0060", "3.7900"),
    "cx32": (4, 8.0, 80, "0.0113", "6.8000"),
    "ccx13": (2, 8.0, 80, "0.0200", "12.4900"),
}
LOAD_BALANCER_TYPES = {"lb11": (5, 25, "0.0088", "5.3900"), "lb21": (15, 75, "0.0264", "16.4000")}
BOX_TYPES = {"bx11": (1, "0.0051", "3.2000"), "bx21": (5, "0.0175", "10.9000")}


def price(net: str) -> Item:
    """Return an amount as the cloud writes it: without and with VAT."""
    return {"net": net, "gross": f"{Decimal(net) * _VAT:.10f}"}


def hourly(per_hour: str, per_month: str) -> list[Item]:
    """Return the prices of a type in every location."""
    return [
        {
            "location": name,
            "price_hourly": price(per_hour),
            "price_monthly": price(per_month),
            "included_traffic": 20 * _TB,
            "price_per_tb_traffic": price("1.0000"),
        }
        for name in LOCATIONS
    ]


def server_type(name: str) -> Item:
    """Return a server type as it stands in a server."""
    cores, memory, disk, per_hour, per_month = SERVER_TYPES[name]
    dedicated = name.startswith("ccx")
    return {
        "id": 22 + list(SERVER_TYPES).index(name),
        "name": name,
        "description": name.upper(),
        "category": "General Purpose" if dedicated else "Cost-Optimized",
        "cores": cores,
        "memory": memory,
        "disk": disk,
        "deprecated": False,
        "deprecation": None,
        "prices": hourly(per_hour, per_month),
        "storage_type": "local",
        "cpu_type": "dedicated" if dedicated else "shared",
        "architecture": "x86",
        "locations": [
            {"id": place["id"], "name": place["name"], "deprecation": None, "available": True, "recommended": True}
            for place in LOCATIONS.values()
        ],
    }


def load_balancer_type(name: str) -> Item:
    """Return a load balancer type as it stands in a load balancer."""
    services, targets, per_hour, per_month = LOAD_BALANCER_TYPES[name]
    return {
        "id": 1 + list(LOAD_BALANCER_TYPES).index(name),
        "name": name,
        "description": name.upper(),
        "max_connections": 10000,
        "max_services": services,
        "max_targets": targets,
        "max_assigned_certificates": 10,
        "deprecated": None,
        "prices": hourly(per_hour, per_month),
    }


def storage_box_type(name: str) -> Item:
    """Return a storage box type as it stands in a storage box."""
    terabytes, per_hour, per_month = BOX_TYPES[name]
    amounts = {"price_hourly": price(per_hour), "price_monthly": price(per_month), "setup_fee": price("0.0000")}
    return {
        "id": 1333 + list(BOX_TYPES).index(name),
        "name": name,
        "description": name.upper(),
        "snapshot_limit": 10,
        "automatic_snapshot_limit": 10,
        "subaccounts_limit": 100,
        "size": terabytes * _TB,
        "deprecation": None,
        "prices": [{"location": place, **amounts} for place in ("fsn1", "hel1")],
    }


def price_list(currency: str = "EUR") -> Item:
    """Return the answer to /pricing."""
    by_type = {"ipv4": ("0.0008", "0.5000", "3.0000"), "ipv6": ("0.0000", "0.0000", "1.0000")}
    return {
        "currency": currency,
        "vat_rate": "19.00",
        "image": {"price_per_gb_month": price("0.0110")},
        "volume": {"price_per_gb_month": price("0.0440")},
        "server_backup": {"percentage": "20.0000000000"},
        "traffic": {"price_per_tb": price("1.0000")},
        "floating_ip": {"price_monthly": price("3.0000")},
        "floating_ips": [
            {"type": kind, "prices": [{"location": name, "price_monthly": price(floating)} for name in LOCATIONS]}
            for kind, (_, _, floating) in by_type.items()
        ],
        "primary_ips": [
            {"type": kind, "prices": hourly(per_hour, per_month)} for kind, (per_hour, per_month, _) in by_type.items()
        ],
        "server_types": [
            {"id": type_["id"], "name": type_["name"], "prices": type_["prices"]}
            for type_ in map(server_type, SERVER_TYPES)
        ],
        "load_balancer_types": [
            {"id": type_["id"], "name": type_["name"], "prices": type_["prices"]}
            for type_ in map(load_balancer_type, LOAD_BALANCER_TYPES)
        ],
    }
