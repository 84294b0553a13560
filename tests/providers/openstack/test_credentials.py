"""What is accepted as a credential, and what is said about what is not."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.providers.openstack.credentials import OpenStackCredentials

PASSWORD = {"auth_url": "https://cloud.example:5000/v3", "username": "anna", "password": "hunter2"}
APPLICATION = {
    "auth_url": "https://cloud.example:5000",
    "application_credential_id": "a1",
    "application_credential_secret": "hunter2",
}


@pytest.mark.parametrize("given", [PASSWORD, APPLICATION, PASSWORD | {"project_name": "prod"}])
def test_a_password_or_an_application_credential_is_accepted(given: dict[str, Any]) -> None:
    assert "hunter2" not in repr(OpenStackCredentials.model_validate(given))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (PASSWORD | {"auth_url": "cloud.example"}, "not an address of keystone"),
        (PASSWORD | {"auth_url": "https://anna:x@cloud.example/v3"}, "plain address"),
        (PASSWORD | {"auth_url": "https://cloud.example/v2.0"}, "version 2 of the Identity API is too old"),
        (PASSWORD | {"regions": []}, "name at least one region"),
        (PASSWORD | APPLICATION, "either username and password"),
        ({"auth_url": "https://cloud.example"}, "either username and password"),
        ({"auth_url": "https://cloud.example", "username": "anna"}, "username and password go together"),
        ({k: v for k, v in APPLICATION.items() if "secret" not in k}, "has an id and a secret"),
        (APPLICATION | {"project_id": "p"}, "belongs to one project already"),
        (PASSWORD | {"project_id": "p", "project_name": "n"}, "not by both"),
    ],
)
def test_what_does_not_fit_is_named_in_plain_words(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        OpenStackCredentials.model_validate(given)


def test_every_field_is_described() -> None:
    fields = OpenStackCredentials.model_json_schema()["properties"]
    assert all(field["description"] for field in fields.values())


def test_regions_are_sorted_and_named_once() -> None:
    given = PASSWORD | {"regions": ["b", "a", "b"]}
    assert OpenStackCredentials.model_validate(given).regions == ("a", "b")
