import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.providers.aws import AwsCredentials

GOOD: dict[str, Any] = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "very-secret"}
ROLE = "arn:aws:iam::123456789012:role/Inventory"


def test_a_key_alone_is_enough() -> None:
    credentials = AwsCredentials.model_validate(GOOD)
    assert credentials.regions is None
    assert credentials.role_arn is None


def test_regions_are_sorted_and_named_once() -> None:
    credentials = AwsCredentials.model_validate(GOOD | {"regions": ["us-east-1", "eu-west-1", "us-east-1"]})
    assert credentials.regions == ("eu-west-1", "us-east-1")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"access_key_id": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, "looks like the secret"),
        ({"access_key_id": "AKIA IOSFODNN7"}, "only letters and digits"),
        ({"secret_access_key": ""}, "at least 1"),
        ({"access_key_id": "ASIAIOSFODNN7EXAMPLE"}, "session_token is needed"),
        ({"role_arn": "Inventory"}, "not a role's ARN"),
        ({"role_arn": "arn:aws:iam::123456789012:user/me"}, "not a role's ARN"),
        ({"role_arn": ROLE, "external_id": "a b"}, "2 to 1224"),
        ({"external_id": "e-1"}, "add role_arn"),
        ({"regions": []}, "at least one region"),
        ({"regions": ["Frankfurt"]}, "'Frankfurt' is not a region's name"),
        ({"regoins": ["us-east-1"]}, "Extra inputs"),
    ],
)
def test_a_wrong_field_is_explained_without_the_secret(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        AwsCredentials.model_validate(GOOD | changed)
    assert says in str(caught.value)
    assert "very-secret" not in str(caught.value)


def test_no_repr_shows_a_secret() -> None:
    given = GOOD | {"session_token": "very-secret-token"}
    assert "very-secret" not in repr(AwsCredentials.model_validate(given))


def test_the_schema_describes_every_field_and_hides_secrets() -> None:
    schema = AwsCredentials.model_json_schema()
    assert all(field["description"] for field in schema["properties"].values())
    assert schema["required"] == ["access_key_id", "secret_access_key"]
    assert json.dumps(schema).count('"format": "password"') == 2
