"""What is accepted as a credential, and what is said about what is not."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.providers.selectel.credentials import SelectelCredentials

GIVEN = {"account_id": "123456", "service_username": "svc", "service_password": "hunter2", "api_key": "static-hunter2"}


def test_secrets_are_hidden() -> None:
    assert "hunter2" not in repr(SelectelCredentials.model_validate(GIVEN))


def test_ids_of_projects_are_made_alike() -> None:
    ids = ["0F" * 16, "0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f"]
    assert SelectelCredentials.model_validate(GIVEN | {"project_ids": ids}).project_ids == ("0f" * 16,)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"account_id": "acme"}, "an account's number has only digits"),
        ({"project_ids": ["prod"]}, "'prod' is not a project's id: 32 hex digits"),
        ({"project_ids": []}, "name at least one project"),
        ({"service_password": ""}, "at least 1 item"),
    ],
)
def test_what_does_not_fit_is_named_in_plain_words(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        SelectelCredentials.model_validate(GIVEN | given)


def test_every_field_is_described() -> None:
    fields = SelectelCredentials.model_json_schema()["properties"]
    assert all(field["description"] for field in fields.values())
