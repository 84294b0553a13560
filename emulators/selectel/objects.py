"""Complete objects as Selectel's managed services and the account's plane tell them."""

from datetime import datetime
from typing import Any

from emulators.keystone.directory import Project, hex_id, long_id

Object = dict[str, Any]


def _z(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def cluster(project: Project, id_: str, name: str, born: datetime, *, region: str) -> Object:
    """Return a Kubernetes cluster."""
    return {
        "id": id_,
        "name": name,
        "status": "ACTIVE",
        "created_at": _z(born),
        "updated_at": _z(born),
        "project_id": project.id,
        "network_id": long_id("network", project.id),
        "subnet_id": long_id("subnet", project.id),
        "kube_api_ip": "203.0.113.40",
        "kube_version": "1.31.4",
        "region": region,
        "zonal": False,
        "private_kube_api": False,
        "enable_autorepair": True,
        "enable_patch_version_auto_upgrade": True,
        "maintenance_window_start": "01:00:00",
        "pki_tree_updated_at": _z(born),
        "kubernetes_options": {"feature_gates": [], "admission_controllers": []},
    }


def node_group(cluster_id: str, id_: str, born: datetime, *, zone: str, servers: list[str]) -> Object:
    """Return a group of nodes; `servers` are the nodes' ids in Nova."""
    nodes = [
        {"id": long_id("node", server), "hostname": f"node-{n}", "ip": f"192.168.0.{10 + n}", "os_server_id": server}
        for n, server in enumerate(servers)
    ]
    return {
        "id": id_,
        "cluster_id": cluster_id,
        "created_at": _z(born),
        "updated_at": _z(born),
        "flavor_id": "1013",
        "volume_gb": 30,
        "volume_type": f"fast.{zone}",
        "local_volume": False,
        "availability_zone": zone,
        "status": "ACTIVE",
        "nodes": nodes,
        "labels": {"team": "web"},
        "taints": [],
        "preemptible": False,
        "enable_autoscale": False,
        "autoscale_min_nodes": None,
        "autoscale_max_nodes": None,
        "nodegroup_type": "STANDARD",
        "available_additional_info": {},
        "user_data": "I2Nsb3VkLWNvbmZpZw==",
    }


def datastore_types() -> list[Object]:
    """Return the engines that are on offer."""
    return [
        {"id": long_id("type", "postgresql-17"), "engine": "postgresql", "version": "17"},
        {"id": long_id("type", "redis-7"), "engine": "redis", "version": "7"},
    ]


def datastore(project: Project, id_: str, name: str, born: datetime, *, zone: str) -> Object:
    """Return a PostgreSQL cluster of two instances."""
    instances = [
        {
            "id": long_id("instance", id_, n),
            "ip": f"192.168.0.{20 + n}",
            "floating_ip": "203.0.113.50" if not n else None,
            "role": "REPLICA" if n else "MASTER",
            "status": "ACTIVE",
            "availability_zone": zone,
            "hostname": f"db-{n}",
        }
        for n in range(2)
    ]
    return {
        "id": id_,
        "name": name,
        "status": "ACTIVE",
        "enabled": True,
        "project_id": project.id,
        "subnet_id": long_id("subnet", project.id),
        "type_id": long_id("type", "postgresql-17"),
        "flavor_id": hex_id("flavor", "dbaas"),
        "flavor": {"vcpus": 2, "ram": 4096, "disk": 32},
        "node_count": 2,
        "created_at": _z(born),
        "updated_at": _z(born),
        "connection": {"master": "master.db.example"},
        "instances": instances,
        "config": {"max_connections": 100},
        "pooler": {"mode": "transaction", "size": 30},
        "backup_retention_days": 7,
    }


def registry(id_: str, name: str, born: datetime) -> Object:
    """Return a container registry."""
    return {
        "id": id_,
        "name": name,
        "createdAt": born.strftime("%Y-%m-%dT%H:%M:%S.123456Z"),
        "status": "ACTIVE",
        "size": 1024,
        "sizeLimit": 21474836480,
        "used": 0.5,
    }


def zone(project: Project, id_: str, name: str, born: datetime) -> Object:
    """Return a DNS zone."""
    return {
        "id": id_,
        "name": name,
        "project_id": project.id,
        "created_at": _z(born),
        "updated_at": _z(born),
        "comment": "",
        "delegation_checked_at": None,
        "last_check_status": False,
        "last_delegated_at": None,
        "disabled": False,
    }


def public_subnet(project: Project, number: int, cidr: str, *, region: str) -> Object:
    """Return a public subnet that the account rents."""
    return {
        "id": number,
        "cidr": cidr,
        "network_id": long_id("public network", number),
        "subnet_id": long_id("public subnet", number),
        "project_id": project.id,
        "region": region,
        "status": "ACTIVE",
        "servers": [],
    }


def license_(project: Project, number: int, *, region: str) -> Object:
    """Return a licence of Windows."""
    return {
        "id": number,
        "project_id": project.id,
        "region": region,
        "type": "license_windows_2019_standard",
        "status": "DOWN",
        "servers": [],
    }


def dedicated(number: str, name: str) -> Object:
    """Return a dedicated server."""
    return {
        "uuid": long_id("dedicated", number, name),
        "service_type": "server",
        "service_uuid": long_id("model", "EL50"),
        "location_uuid": long_id("location", "MSK-2"),
        "state": "active",
        "hw_uuid": long_id("hardware", name),
        "user_desc": name,
        "billing": {"has_auto_renewal": True, "price_plan_uuid": long_id("plan", "month")},
    }
