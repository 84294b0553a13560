"""What is accepted as a credential, and in which words the rest is refused."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError

from app.providers.yandex import YandexProvider
from emulators.yandex.accounts import Account
from tests.providers.yandex.cloud import Cloud

SCHEMA = YandexProvider.credentials
KEY: dict[str, Any] = Account(1, "aje0s", "aje0k").credentials()["service_account_key"]


def refusal(**given: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        SCHEMA.model_validate(given)
    assert "PRIVATE KEY-----" not in str(caught.value)
    return str(caught.value)


def test_a_key_is_taken_as_object_or_as_pasted_text() -> None:
    as_object = SCHEMA.model_validate({"service_account_key": KEY})
    as_text = SCHEMA.model_validate({"service_account_key": json.dumps(KEY, indent=2)})
    assert as_object == as_text


def test_the_comment_before_the_key_is_cut_off() -> None:
    key = SCHEMA.model_validate({"service_account_key": KEY}).service_account_key
    assert KEY["private_key"].startswith("PLEASE DO NOT REMOVE")
    assert key is not None
    assert key.private_key.get_secret_value().startswith("-----BEGIN PRIVATE KEY-----")


def test_no_repr_shows_the_key() -> None:
    credentials = SCHEMA.model_validate({"service_account_key": KEY})
    middle = KEY["private_key"].splitlines()[5]
    assert middle not in repr(credentials)
    assert middle not in str(credentials.model_dump())


def test_every_field_is_described() -> None:
    assert all(field.description for field in SCHEMA.model_fields.values())


def test_exactly_one_credential_is_needed() -> None:
    assert "give a service_account_key" in refusal()
    assert "oauth_token and iam_token" in refusal(oauth_token="y0_x", iam_token="t1.x")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"private_key": "hello"}, "no BEGIN PRIVATE KEY"),
        ({"private_key": KEY["private_key"].replace("\nMII", "\nXII")}, "damaged"),
        ({"service_account_id": ""}, "service_account_id"),
        ({"id": None}, "service_account_key.id"),
    ],
)
def test_a_key_that_cannot_work_is_named(change: dict[str, Any], words: str) -> None:
    assert words in refusal(service_account_key=KEY | change)


def test_a_key_of_another_kind_is_refused() -> None:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert "no RSA key" in refusal(service_account_key=KEY | {"private_key": pem.decode()})


@pytest.mark.parametrize("text", ["{", "[1]", "just words"])
def test_text_that_is_no_key_file_is_refused(text: str) -> None:
    assert "key file" in refusal(service_account_key=text)


def test_an_id_that_is_none_is_refused() -> None:
    assert "this is not one" in refusal(iam_token="t1.x", folder_id="my folder/1")


def test_each_kind_of_credential_signs_in(cloud: Cloud) -> None:
    assert cloud.open().identify() == cloud.account.clouds[0]["id"]
    assert cloud.open(without_key=True, oauth_token=cloud.account.oauth_token).identify()
    token = cloud.emulator.tokens.give(cloud.account)["iamToken"]
    assert cloud.open(without_key=True, iam_token=token).identify()
