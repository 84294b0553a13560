"""All clouds of the demo on this machine, each with its accounts."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from emulators.aws.emulator import running as running_aws
from emulators.beget.emulator import BegetEmulator
from emulators.beget.seed import fill as fill_beget
from emulators.demo.aws import AwsAccounts
from emulators.demo.aws import fill as fill_aws
from emulators.digitalocean.emulator import DigitalOceanEmulator
from emulators.digitalocean.seed import fill as fill_digitalocean
from emulators.hetzner.emulator import HetznerEmulator
from emulators.hetzner.seed import fill as fill_hetzner
from emulators.openstack.emulator import OpenStackEmulator
from emulators.openstack.seed import fill as fill_openstack
from emulators.selectel.emulator import SelectelEmulator
from emulators.selectel.seed import fill as fill_selectel
from emulators.yandex.emulator import YandexEmulator
from emulators.yandex.seed import fill as fill_yandex

EMULATORS: Mapping[str, tuple[Callable[[], Any], Callable[..., dict[str, Any]], int]] = {
    "beget": (BegetEmulator, fill_beget, 6),
    "digitalocean": (DigitalOceanEmulator, fill_digitalocean, 12),
    "hetzner": (HetznerEmulator, fill_hetzner, 25),
    "openstack": (OpenStackEmulator, fill_openstack, 10),
    "selectel": (SelectelEmulator, fill_selectel, 15),
    "yandex": (YandexEmulator, fill_yandex, 30),
}
"""Provider -> its emulator, what fills an account in it, and the account's number of servers."""
MAX_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Clouds:
    """Running emulators. `endpoints` and `credentials` are by provider; AWS has several accounts."""

    endpoints: Mapping[str, str]
    credentials: Mapping[str, dict[str, Any]]
    aws: AwsAccounts


@contextmanager
def running(*, changes: int) -> Iterator[Clouds]:
    """Run all clouds for the length of the block; their accounts have changed that many times."""
    day = datetime.now(UTC).date()
    with ExitStack() as stack:
        aws = stack.enter_context(running_aws())
        endpoints, credentials = {"aws": aws.url}, {}
        for provider, (emulator_class, fill, servers) in EMULATORS.items():
            emulator = stack.enter_context(emulator_class())
            endpoints[provider] = emulator.url
            credentials[provider] = fill(emulator, servers=servers, day=day, changes=min(changes, MAX_CHANGES))
        yield Clouds(endpoints, credentials, fill_aws(aws, changes=changes))
