"""Complete objects as Neutron and Octavia tell them."""

from datetime import datetime

from emulators.keystone.directory import Project, long_id
from emulators.keystone.objects import Object, zulu


def port(project: Project, id_: str, *, device_id: str, owner: str, address: str, subnet_id: str) -> Object:
    """Return a port; `owner` is such as `compute:nova`."""
    return {
        "id": id_,
        "name": "",
        "status": "ACTIVE",
        "admin_state_up": True,
        "project_id": project.id,
        "tenant_id": project.id,
        "network_id": long_id("network", project.id),
        "device_id": device_id,
        "device_owner": owner,
        "mac_address": "fa:16:3e:00:00:01",
        "fixed_ips": [{"ip_address": address, "subnet_id": subnet_id}],
        "security_groups": [],
        "tags": [],
    }


def floating_ip(project: Project, id_: str, born: datetime, *, address: str, port_id: str | None = None) -> Object:
    """Return a floating IP; without a port it is free."""
    return {
        "id": id_,
        "floating_ip_address": address,
        "fixed_ip_address": "192.168.0.4" if port_id else None,
        "port_id": port_id,
        "router_id": long_id("router", project.id) if port_id else None,
        "status": "ACTIVE" if port_id else "DOWN",
        "floating_network_id": long_id("external"),
        "project_id": project.id,
        "tenant_id": project.id,
        "description": "",
        "created_at": zulu(born),
        "updated_at": zulu(born),
        "revision_number": 3,
        "tags": [],
    }


def router(project: Project, id_: str, name: str, born: datetime, *, address: str) -> Object:
    """Return a router with a way out."""
    outside = [{"ip_address": address, "subnet_id": long_id("external-subnet")}]
    return {
        "id": id_,
        "name": name,
        "status": "ACTIVE",
        "admin_state_up": True,
        "project_id": project.id,
        "tenant_id": project.id,
        "external_gateway_info": {
            "network_id": long_id("external"),
            "enable_snat": True,
            "external_fixed_ips": outside,
        },
        "availability_zones": [],
        "routes": [],
        "created_at": zulu(born),
        "updated_at": zulu(born),
        "revision_number": 2,
        "tags": [],
        "description": "",
    }


def network(
    project: Project, id_: str, name: str, born: datetime, *, subnets: list[str], shared: bool = False
) -> Object:
    """Return a network."""
    return {
        "id": id_,
        "name": name,
        "status": "ACTIVE",
        "admin_state_up": True,
        "project_id": project.id,
        "tenant_id": project.id,
        "shared": shared,
        "router:external": shared,
        "mtu": 1500,
        "subnets": subnets,
        "availability_zones": [],
        "port_security_enabled": True,
        "created_at": zulu(born),
        "updated_at": zulu(born),
        "tags": [],
        "description": "",
    }


def subnet(project: Project, id_: str, name: str, born: datetime, *, network_id: str, cidr: str) -> Object:
    """Return a subnet."""
    return {
        "id": id_,
        "name": name,
        "network_id": network_id,
        "cidr": cidr,
        "ip_version": 4,
        "gateway_ip": cidr.replace(".0/24", ".1"),
        "enable_dhcp": True,
        "allocation_pools": [],
        "dns_nameservers": [],
        "host_routes": [],
        "project_id": project.id,
        "tenant_id": project.id,
        "created_at": zulu(born),
        "updated_at": zulu(born),
        "tags": [],
        "description": "",
    }


def load_balancer(project: Project, id_: str, name: str, born: datetime, *, address: str) -> Object:
    """Return a load balancer of Octavia."""
    return {
        "id": id_,
        "name": name,
        "description": "",
        "provisioning_status": "ACTIVE",
        "operating_status": "ONLINE",
        "admin_state_up": True,
        "project_id": project.id,
        "vip_address": address,
        "vip_port_id": long_id("vip-port", id_),
        "vip_subnet_id": long_id("subnet", project.id),
        "vip_network_id": long_id("network", project.id),
        "vip_qos_policy_id": None,
        "listeners": [{"id": long_id("listener", id_)}],
        "pools": [],
        "provider": "amphora",
        "flavor_id": long_id("lb-flavor"),
        "availability_zone": None,
        "created_at": born.strftime("%Y-%m-%dT%H:%M:%S"),
        "updated_at": born.strftime("%Y-%m-%dT%H:%M:%S"),
        "tags": [],
    }
