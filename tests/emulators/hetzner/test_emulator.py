"""The emulator answers in a form that Hetzner's own SDK reads."""

from collections.abc import Iterator
from datetime import date

import pytest
from hcloud import APIException, Client

from emulators.hetzner.emulator import LISTS, HetznerEmulator
from emulators.hetzner.seed import fill


@pytest.fixture
def emulator() -> Iterator[HetznerEmulator]:
    with HetznerEmulator(page_size=3) as emulator:
        yield emulator


def _client(emulator: HetznerEmulator, token: str) -> Client:
    endpoint = f"{emulator.url}/v1"
    return Client(token, api_endpoint=endpoint, api_endpoint_hetzner=endpoint, timeout=5)


@pytest.mark.parametrize("name", LISTS)
def test_the_sdk_reads_every_page_of_every_listing(emulator: HetznerEmulator, name: str) -> None:
    token = fill(emulator, servers=41, day=date(2026, 11, 10))["token"]
    client = _client(emulator, token)
    found = getattr(client, name).get_all()
    assert [item.id for item in found] == [item["id"] for item in emulator.projects[token].items[name]]
    assert len(found) > 3
    client._client._session.close()
    client._client_hetzner._session.close()


@pytest.mark.parametrize(
    ("token", "code", "words"), [("nobody", "unauthorized", "authenticate"), ("ours", "forbidden", "permissions")]
)
def test_the_sdk_reads_refusals(emulator: HetznerEmulator, token: str, code: str, words: str) -> None:
    emulator.add_project("ours")
    emulator.deny({"token": "ours"}, "servers")
    client = _client(emulator, token)
    with pytest.raises(APIException, match=words) as caught:
        client.servers.get_list()
    assert caught.value.code == code
    client._client._session.close()
    client._client_hetzner._session.close()
