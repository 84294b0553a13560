"""Complete objects as the REST API sends them: servers, disks, networks, balancers. Sizes are text, zeros left out."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from emulators.yandex.accounts import Account, Item

ZONES = ("ru-central1-a", "ru-central1-b", "ru-central1-d")
GIB = 2**30
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Ids:
    """Ids like the cloud's: three letters of the service and 17 characters, the same for the same account."""

    def __init__(self, account: int) -> None:
        self._account, self._numbers = account, count(1)

    def make(self, service: str) -> str:
        """Return the next id of a service."""
        return f"{service}{_based36(self._account).rjust(5, '0')}{_based36(next(self._numbers)).rjust(12, '0')}"


def _based36(value: int) -> str:
    text = ""
    while value:
        value, digit = divmod(value, 36)
        text = _DIGITS[digit] + text
    return text


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes things in one folder of an account."""

    account: Account
    ids: Ids
    cloud_id: str
    folder_id: str
    created_at: str

    def put(self, path: str, service: str, name: str, labels: dict[str, str] | None = None, **fields: Any) -> Item:
        """Add an item to a listing; what is empty is left out."""
        item = {
            "id": self.ids.make(service),
            "folderId": self.folder_id,
            "createdAt": self.created_at,
            "name": name,
            "labels": labels,
            **fields,
        }
        return self.put_as_it_is(path, {key: value for key, value in item.items() if value not in (None, "", [], {})})

    def put_as_it_is(self, path: str, item: Item) -> Item:
        """Add an item to a listing of the folder."""
        self.account.listings[path, self.folder_id].append(item)
        return item

    def network(self) -> tuple[Item, Item]:
        """Make a network with a subnet and a NAT gateway."""
        network = self.put("/vpc/v1/networks", "enp", "default", description="Auto-created network")
        subnet = self.put(
            "/vpc/v1/subnets",
            "e9b",
            f"default-{ZONES[0]}",
            networkId=network["id"],
            zoneId=ZONES[0],
            v4CidrBlocks=["10.128.0.0/24"],
        )
        gateway = self.put("/vpc/v1/gateways", "enp", "nat")
        gateway["sharedEgressGateway"] = {}
        return network, subnet

    def server(self, name: str, number: int, subnet_id: str, labels: dict[str, str] | None = None) -> Item:
        """Make a VM with a boot disk; every other one has a second disk, every third a public address."""
        zone = ZONES[number % len(ZONES)]
        boot = self.disk(f"{name}-boot", zone, 20 + 10 * (number % 4))
        more = [self.disk(f"{name}-data", zone, 93)] if number % 2 else []
        address: Item = {"address": f"10.128.{number // 250}.{number % 250 + 4}"}
        if number % 3 == 0:
            address["oneToOneNat"] = {"address": f"198.51.100.{number % 250 + 1}", "ipVersion": "IPV4"}
        server = self.put(
            "/compute/v1/instances",
            "fhm",
            name,
            labels,
            description="made by the seed",
            zoneId=zone,
            platformId="standard-v3",
            resources={"memory": str((2 + 2 * (number % 3)) * GIB), "cores": str(2), "coreFraction": "100"},
            status="STOPPED" if number % 10 == 9 else "RUNNING",
            metadataOptions={"gceHttpEndpoint": "ENABLED", "awsV1HttpEndpoint": "ENABLED"},
            bootDisk=_attached(boot) | {"autoDelete": True},
            secondaryDisks=[_attached(disk) for disk in more],
            networkInterfaces=[
                {
                    "index": "0",
                    "macAddress": f"d0:0d:00:00:{number // 250:02x}:{number % 250:02x}",
                    "subnetId": subnet_id,
                    "primaryV4Address": address,
                    "securityGroupIds": ["enpgroup000000000001"],
                }
            ],
            fqdn=f"{name}.ru-central1.internal",
            schedulingPolicy={"preemptible": True} if number % 4 == 3 else {},
            networkSettings={"type": "STANDARD"},
            placementPolicy={},
        )
        for disk in (boot, *more):
            disk["instanceIds"] = [server["id"]]
        return server

    def disk(self, name: str, zone: str, size_gb: int, labels: dict[str, str] | None = None) -> Item:
        """Make a disk that nothing uses."""
        return self.put(
            "/compute/v1/disks",
            "fhm",
            name,
            labels,
            typeId="network-ssd",
            zoneId=zone,
            size=str(size_gb * GIB),
            blockSize="4096",
            productIds=["f2eproduct0000000001"],
            status="READY",
            sourceImageId="fd8ubuntu00000000001",
            diskPlacementPolicy={},
        )

    def snapshot(self, disk: Item) -> Item:
        """Make a snapshot of a disk."""
        return self.put(
            "/compute/v1/snapshots",
            "fd8",
            f"{disk['name']}-nightly",
            storageSize="1503238554",
            diskSize=disk["size"],
            status="READY",
            sourceDiskId=disk["id"],
        )

    def images_and_files(self) -> None:
        """Make an image and a file storage."""
        self.put(
            "/compute/v1/images",
            "fd8",
            "golden",
            family="golden",
            storageSize="2147483648",
            minDiskSize=str(10 * GIB),
            status="READY",
            os={"type": "LINUX"},
        )
        self.put(
            "/compute/v1/filesystems",
            "fhm",
            "shared",
            typeId="network-ssd",
            zoneId=ZONES[0],
            size=str(100 * GIB),
            blockSize="4096",
            status="READY",
        )

    def addresses(self) -> None:
        """Make a reserved address that nothing uses, and one inside the network."""
        self.put(
            "/vpc/v1/addresses",
            "e9b",
            "spare",
            externalIpv4Address={"address": "203.0.113.10", "zoneId": ZONES[0], "requirements": {}},
            reserved=True,
            type="EXTERNAL",
            ipVersion="IPV4",
        )
        self.put(
            "/vpc/v1/addresses",
            "e9b",
            "",
            internalIpv4Address={"address": "10.128.0.250", "subnetId": "e9bsubnet00000000001"},
            used=True,
            type="INTERNAL",
            ipVersion="IPV4",
        )

    def balancers(self, network_id: str, subnet_id: str) -> None:
        """Make a load balancer of each kind."""
        listener = {"name": "http", "address": "203.0.113.20", "port": "80", "protocol": "TCP", "targetPort": "80"}
        self.put(
            "/load-balancer/v1/networkLoadBalancers",
            "enp",
            "front",
            regionId="ru-central1",
            status="ACTIVE",
            type="EXTERNAL",
            sessionAffinity="CLIENT_IP_PORT_PROTO",
            listeners=[listener | {"ipVersion": "IPV4"}],
        )
        endpoint = {"addresses": [{"externalIpv4Address": {"address": "203.0.113.21"}}], "ports": ["443"]}
        self.put(
            "/apploadbalancer/v1/loadBalancers",
            "ds7",
            "front",
            regionId="ru-central1",
            status="ACTIVE",
            networkId=network_id,
            listeners=[{"name": "https", "endpoints": [endpoint], "tls": {"defaultHandler": {}}}],
            allocationPolicy={"locations": [{"zoneId": ZONES[0], "subnetId": subnet_id}]},
        )


def _attached(disk: Item) -> Item:
    return {"mode": "READ_WRITE", "deviceName": disk["name"], "diskId": disk["id"]}
