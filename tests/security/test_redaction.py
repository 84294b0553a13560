import base64
import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from app.security.redaction import Redactor

SECRET = 'p@ss/w0rd+"ü\\x'
LINES = ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj", "q83ab=="]
PEM = "\n".join(["-----BEGIN PRIVATE KEY-----", *LINES, "-----END PRIVATE KEY-----", ""])


class Inner(BaseModel):
    password: SecretStr
    login: str = "somebody"


class Schema(BaseModel):
    region: str = "us-east-1"
    token: SecretStr | None = None
    inner: Inner | None = None
    keys: tuple[SecretStr, ...] = ()
    by_name: dict[str, SecretStr] = {}


def redactor(**fields: Any) -> Redactor:
    made = Redactor()
    made.learn(Schema.model_validate(fields))
    return made


def test_nothing_is_masked_before_anything_is_known() -> None:
    assert Redactor().scrub("all of it") == "all of it"
    assert redactor().scrub("us-east-1") == "us-east-1"


@pytest.mark.parametrize(
    "fields",
    [
        {"token": SECRET},
        {"inner": {"password": SECRET}},
        {"keys": ["another one", SECRET]},
        {"by_name": {"first": SECRET}},
    ],
)
def test_secrets_are_found_wherever_the_schema_has_them(fields: dict[str, Any]) -> None:
    said = redactor(region="us-east-1", **fields).scrub(f"somebody in us-east-1 has <{SECRET}>")
    assert said == "somebody in us-east-1 has <***>"


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote(SECRET, safe="").replace("%2F", "%2f"),
        quote_plus(SECRET),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        repr(SECRET)[1:-1],
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
    ],
)
def test_every_form_of_a_secret_is_masked(form: str) -> None:
    said = redactor(token=SECRET).scrub(f"before {form} after")
    assert "w0rd" not in said
    assert form.rstrip("=") not in said
    assert said.startswith("before ***")
    assert said.endswith(" after")


@given(st.text(max_size=9), st.text(st.characters(exclude_categories=["Cs"]), min_size=9, max_size=40))
def test_a_secret_inside_longer_base64_is_masked(login: str, secret: str) -> None:
    login = login.encode(errors="replace").decode()
    header = base64.b64encode(f"{login}:{secret}".encode()).decode()
    said = redactor(token=secret).scrub(f"Basic {header}")
    left = said.removeprefix("Basic ")
    assert "***" in left
    # What remains holds at most a byte of the secret at each end.
    assert len(left.replace("***", "")) <= len(base64.b64encode(f"{login}:".encode())) + 8


@pytest.mark.parametrize("text", [PEM, PEM.replace("\n", "\\n"), json.dumps({"k": PEM}), repr(PEM), *LINES])
def test_a_key_of_several_lines_is_masked_line_by_line(text: str) -> None:
    said = redactor(token=PEM).scrub(f"cannot load {text}!")
    assert not [line for line in LINES if line in said]
    assert "***" in said


def test_the_lines_that_frame_a_key_are_no_secret() -> None:
    assert redactor(token=PEM).scrub("-----BEGIN RSA KEY-----") == "-----BEGIN RSA KEY-----"


def test_of_a_json_document_the_secret_values_are_masked_and_its_ids_are_not() -> None:
    document = json.dumps(
        {"id": "ajeq8n4c", "key_algorithm": "RSA_2048", "private_key": PEM, "client_secret": "hush-hush"}
    )
    said = redactor(token=document).scrub(f"key ajeq8n4c of RSA_2048: {PEM} hush-hush; {document}")
    assert said.startswith("key ajeq8n4c of RSA_2048: ***")
    assert not [secret for secret in (*LINES, "hush-hush", "private_key") if secret in said]


def test_a_blank_secret_masks_no_words() -> None:
    assert redactor(token=" " * 8).scrub("a b") == "a b"


def test_short_values_would_be_found_everywhere_and_are_left() -> None:
    assert redactor(token="error").scrub("an error") == "an error"


def test_a_longer_secret_goes_before_one_that_begins_it() -> None:
    assert redactor(keys=["secret", "secret-and-more"]).scrub("secret-and-more secret") == "*** ***"


@pytest.mark.parametrize(
    ("given", "hidden", "shown"),
    [
        ({"token": 5, "keys": ["one two", {"deep": "three four"}]}, ["one two", "three four"], []),
        ({"inner": {"password": ["hush-hush"]}, "region": "us-east-1"}, ["hush-hush"], ["us-east-1"]),
        ({"token": None, "inner": "no object"}, ["no object"], []),
        ({}, [], ["whatever"]),
    ],
)
def test_a_credential_that_does_not_fit_keeps_its_secrets_too(
    given: dict[str, Any], hidden: list[str], shown: list[str]
) -> None:
    made = Redactor()
    made.learn_unchecked(Schema, given)
    said = made.scrub(" / ".join([*hidden, *shown]))
    assert said == " / ".join([*("***" for _ in hidden), *shown])


def test_a_redactor_does_not_show_what_it_knows() -> None:
    made = redactor(token=SECRET)
    made.scrub(SECRET)
    assert "w0rd" not in f"{made!r} {made}"
