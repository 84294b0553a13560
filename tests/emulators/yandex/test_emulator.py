"""The emulator refuses what the real cloud refuses."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest

from emulators.yandex import seed
from emulators.yandex.accounts import Account, key_of
from emulators.yandex.emulator import YandexEmulator

AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens"


@pytest.fixture
def cloud() -> Iterator[YandexEmulator]:
    with YandexEmulator(longest_page=2) as emulator:
        seed.open_account(emulator)
        yield emulator


def ask(cloud: YandexEmulator, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{cloud.url}{path}", headers=headers, trust_env=False)


def sign_in(cloud: YandexEmulator, algorithm: str = "PS256", **changes: Any) -> httpx.Response:
    account, now = cloud.accounts[0], int(time.time())
    claims = {"iss": account.service_account_id, "aud": AUDIENCE, "iat": now, "exp": now + 3600} | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    text = jwt.encode(claims, key_of(account.number), algorithm=algorithm, headers={"kid": account.key_id})
    return httpx.post(f"{cloud.url}/iam/v1/tokens", json={"jwt": text}, trust_env=False)


def token(cloud: YandexEmulator) -> str:
    return f"Bearer {sign_in(cloud).json()['iamToken']}"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"algorithm": "RS256"}, 401),
        ({"aud": "https://elsewhere.example/"}, 401),
        ({"iss": "another"}, 401),
        ({"exp": int(time.time()) - 10}, 401),
        ({"exp": int(time.time()) + 90_000}, 400),
        ({"iat": None}, 401),
    ],
)
def test_a_jwt_is_checked(cloud: YandexEmulator, changes: dict[str, Any], status: int) -> None:
    answer = sign_in(cloud, **changes)
    assert answer.status_code == status
    if status == 200:
        # Nanoseconds, as the real cloud sends them.
        assert len(answer.json()["expiresAt"].split(".")[1]) == len("123456789Z")
    else:
        assert set(answer.json()) == {"code", "message", "details"}


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"{}", b'{"jwt": "a.b.c"}', b'{"jwt": "", "yandexPassportOauthToken": ""}']
)
def test_a_proof_that_is_malformed_is_a_bad_request(cloud: YandexEmulator, body: bytes) -> None:
    assert httpx.post(f"{cloud.url}/iam/v1/tokens", content=body, trust_env=False).status_code == 400


def test_tokens_end(cloud: YandexEmulator) -> None:
    good = token(cloud)
    assert ask(cloud, "/resource-manager/v1/clouds", authorization=good).status_code == 200
    cloud.expire_tokens()
    answer = ask(cloud, "/resource-manager/v1/clouds", authorization=good)
    assert (answer.status_code, answer.json()["code"]) == (401, 16)


def test_pages_follow_by_opaque_tokens_and_empty_lists_are_left_out(cloud: YandexEmulator) -> None:
    account: Account = cloud.accounts[0]
    path = f"/compute/v1/disks?folderId={account.home_folder}"
    good = token(cloud)
    assert ask(cloud, path, authorization=good).json() == {}
    account.listings["/compute/v1/disks", account.home_folder] = [{"id": str(number)} for number in range(3)]
    first = ask(cloud, path, authorization=good).json()
    assert [disk["id"] for disk in first["disks"]] == ["0", "1"]
    second = ask(cloud, f"{path}&pageToken={first['nextPageToken']}", authorization=good).json()
    assert second == {"disks": [{"id": "2"}]}
    assert ask(cloud, f"{path}&pageToken=no", authorization=good).status_code == 400


def test_a_listing_is_of_one_folder_that_the_caller_has(cloud: YandexEmulator) -> None:
    good = token(cloud)
    assert ask(cloud, "/compute/v1/disks", authorization=good).status_code == 400
    assert ask(cloud, "/compute/v1/disks?folderId=b1gother", authorization=good).status_code == 403
