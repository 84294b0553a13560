from typing import Any

import pytest
from pydantic import ValidationError

from app.providers.beget.credentials import BegetCredentials


def test_the_accounts_password_stands_in_for_the_hosting_apis() -> None:
    one = BegetCredentials.model_validate({"login": "demo1", "password": "p"})
    two = BegetCredentials.model_validate({"login": "demo1", "password": "p", "api_password": "q", "hosting": False})
    assert (one.hosting_password.get_secret_value(), one.hosting) == ("p", True)
    assert (two.hosting_password.get_secret_value(), two.hosting) == ("q", False)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"login": "", "password": "p"}, "the login is empty"),
        ({"login": "a b", "password": "p"}, "only letters"),
        ({"login": "a", "password": ""}, "the password is empty"),
        ({"login": "a", "password": "p", "api_password": ""}, "the password is empty"),
        ({"login": "a"}, "Field required"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        BegetCredentials.model_validate(given)


def test_every_field_is_described() -> None:
    schema = BegetCredentials.model_json_schema()
    assert all(field["description"] for field in schema["properties"].values())
