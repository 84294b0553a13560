"""The contract of all providers, kept by this one."""

from collections.abc import Iterator

import pytest

from app.providers.hetzner import HetznerProvider
from emulators.hetzner.emulator import HetznerEmulator
from emulators.kit.contract import ProviderContract, Subject
from tests.providers.hetzner.hetzner_cloud import filled

_LISTS = {
    "compute:server": "servers",
    "compute:volume": "volumes",
    "compute:placement-group": "placement_groups",
    "compute:ssh-key": "ssh_keys",
    "network:primary-ip": "primary_ips",
    "network:floating-ip": "floating_ips",
    "network:load-balancer": "load_balancers",
    "network:network": "networks",
    "network:firewall": "firewalls",
    "network:certificate": "certificates",
    "dns:zone": "zones",
    "storage:storage-box": "storage_boxes",
}


def _expected(emulator: HetznerEmulator, token: str) -> dict[str, set[str]]:
    items = emulator.projects[token].items
    images = {kind: {str(i["id"]) for i in items["images"] if i["type"] == kind} for kind in ("snapshot", "backup")}
    listed = {type_: {str(item["id"]) for item in items[name]} for type_, name in _LISTS.items()}
    return listed | {f"compute:{kind}": ids for kind, ids in images.items()}


class TestHetzner(ProviderContract):
    provider = HetznerProvider()

    @pytest.fixture
    def subject(self) -> Iterator[Subject]:
        with filled() as (emulator, credentials):
            expected = _expected(emulator, credentials["token"])
            yield Subject(emulator, credentials, {"token": "x" * 64}, expected)
