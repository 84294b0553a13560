"""Complete objects as the standard services tell them. Times are those of the API: some have a zone, some do not."""

from datetime import datetime
from typing import Any

from emulators.keystone.directory import Project, hex_id, long_id

Object = dict[str, Any]


def zulu(moment: datetime) -> str:
    """Write a time with its zone."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _naive(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000000")


def server(project: Project, id_: str, name: str, born: datetime, *, zone: str, size: Object, **more: Any) -> Object:
    """Return a server of Nova 2.47 or newer; `size` is a flavor with name, vcpus, ram, disk."""
    fixed = {
        "addr": "192.168.0.4",
        "version": 4,
        "OS-EXT-IPS:type": "fixed",
        "OS-EXT-IPS-MAC:mac_addr": "fa:16:3e:0:0:1",
    }
    return {
        "id": id_,
        "name": name,
        "status": "ACTIVE",
        "tenant_id": project.id,
        "user_id": hex_id("user", project.id),
        "metadata": {},
        "hostId": hex_id("host", id_) + "00000000",
        "image": "",
        "flavor": {
            "original_name": size["name"],
            "vcpus": size["vcpus"],
            "ram": size["ram"],
            "disk": size["disk"],
            "ephemeral": 0,
            "swap": 0,
            "extra_specs": {},
        },
        "created": zulu(born),
        "updated": zulu(born),
        "addresses": {"net": [fixed]},
        "accessIPv4": "",
        "accessIPv6": "",
        "links": [{"rel": "self", "href": f"http://elsewhere.invalid/v2.1/servers/{id_}"}],
        "OS-DCF:diskConfig": "MANUAL",
        "progress": 0,
        "OS-EXT-AZ:availability_zone": zone,
        "config_drive": "",
        "key_name": None,
        "OS-SRV-USG:launched_at": _naive(born),
        "OS-SRV-USG:terminated_at": None,
        "security_groups": [{"name": "default"}],
        "OS-EXT-STS:task_state": None,
        "OS-EXT-STS:vm_state": "active",
        "OS-EXT-STS:power_state": 1,
        "os-extended-volumes:volumes_attached": [],
        "locked": False,
        "locked_reason": None,
        "description": None,
        "tags": [],
        "trusted_image_certificates": None,
        "server_groups": [],
    } | more


def flavor(id_: str, name: str, vcpus: int, ram: int, disk: int) -> Object:
    """Return a flavor; memory in MiB, disk in GiB."""
    return {
        "id": id_,
        "name": name,
        "vcpus": vcpus,
        "ram": ram,
        "disk": disk,
        "swap": "",
        "OS-FLV-EXT-DATA:ephemeral": 0,
        "OS-FLV-DISABLED:disabled": False,
        "os-flavor-access:is_public": True,
        "rxtx_factor": 1.0,
        "links": [],
    }


def volume(project: Project, id_: str, name: str, born: datetime, *, size: int, zone: str, **more: Any) -> Object:
    """Return a volume of Cinder; a server in `attachments` makes it `in-use`."""
    return {
        "id": id_,
        "name": name,
        "status": "in-use" if more.get("attachments") else "available",
        "size": size,
        "availability_zone": zone,
        "created_at": _naive(born),
        "updated_at": _naive(born),
        "attachments": [],
        "description": None,
        "volume_type": f"universal.{zone}",
        "snapshot_id": None,
        "source_volid": None,
        "metadata": {},
        "links": [],
        "user_id": hex_id("user", project.id),
        "bootable": "true",
        "encrypted": False,
        "replication_status": None,
        "consistencygroup_id": None,
        "multiattach": False,
        "migration_status": None,
        "os-vol-tenant-attr:tenant_id": project.id,
        "volume_image_metadata": {"image_name": "Ubuntu 24.04", "min_disk": "5"},
    } | more


def attachment(server_id: str, volume_id: str, device: str = "/dev/sda") -> Object:
    """Return how a volume is attached."""
    return {
        "id": volume_id,
        "attachment_id": long_id("attachment", volume_id, server_id),
        "volume_id": volume_id,
        "server_id": server_id,
        "host_name": None,
        "device": device,
        "attached_at": "2026-01-01T00:00:00.000000",
    }


def snapshot(project: Project, id_: str, name: str, born: datetime, *, size: int, volume_id: str) -> Object:
    """Return a snapshot of a volume."""
    return {
        "id": id_,
        "name": name,
        "status": "available",
        "size": size,
        "volume_id": volume_id,
        "created_at": _naive(born),
        "updated_at": None,
        "description": "",
        "metadata": {},
        "os-extended-snapshot-attributes:project_id": project.id,
        "os-extended-snapshot-attributes:progress": "100%",
    }


def backup(id_: str, name: str, born: datetime, *, size: int, volume_id: str, zone: str) -> Object:
    """Return a backup of a volume."""
    return {
        "id": id_,
        "name": name,
        "status": "available",
        "size": size,
        "object_count": 22,
        "availability_zone": zone,
        "container": "volumebackups",
        "created_at": _naive(born),
        "updated_at": _naive(born),
        "description": None,
        "fail_reason": None,
        "volume_id": volume_id,
        "snapshot_id": None,
        "is_incremental": False,
        "has_dependent_backups": False,
        "data_timestamp": _naive(born),
        "links": [],
    }


def image(project: Project, id_: str, name: str, born: datetime, *, size: int) -> Object:
    """Return a private image of the project; size in bytes."""
    return {
        "id": id_,
        "name": name,
        "status": "active",
        "size": size,
        "virtual_size": None,
        "owner": project.id,
        "visibility": "private",
        "protected": False,
        "checksum": hex_id("checksum", id_),
        "container_format": "bare",
        "disk_format": "qcow2",
        "min_disk": 5,
        "min_ram": 0,
        "created_at": zulu(born),
        "updated_at": zulu(born),
        "tags": [],
        "file": f"/v2/images/{id_}/file",
        "self": f"/v2/images/{id_}",
        "schema": "/v2/schemas/image",
        "os_hidden": False,
    }


def share(project: Project, id_: str, name: str, born: datetime, *, size: int, zone: str) -> Object:
    """Return a file share of Manila."""
    return {
        "id": id_,
        "name": name,
        "status": "available",
        "size": size,
        "share_proto": "NFS",
        "share_type": long_id("share-type"),
        "share_type_name": f"universal.{zone}",
        "availability_zone": zone,
        "created_at": _naive(born),
        "project_id": project.id,
        "share_network_id": long_id("share-network", project.id),
        "description": None,
        "metadata": {},
        "is_public": False,
        "snapshot_id": None,
        "access_rules_status": "active",
        "links": [],
    }


def container(name: str, *, count: int, size: int) -> Object:
    """Return a container of Swift; size in bytes."""
    return {"name": name, "count": count, "bytes": size, "last_modified": "2026-01-02T03:04:05.678900"}
