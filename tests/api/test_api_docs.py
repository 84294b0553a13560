import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate

from app.core.domain.errors import AuthenticationFailed
from tests.api.conftest import AddUser, FakeCloud

RUN = "/api/admin/bulk-sync-all-users"
LIST = "/api/admin/bulk-syncs"


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    return client.get("/openapi.json").json


def check(document: dict[str, Any], method: str, path: str, response: Any) -> None:
    """Hold an answer against what the document says about it."""
    described = document["paths"][path][method]["responses"][str(response.status_code)]
    schema = described["content"]["application/json"]["schema"]
    OAS30Validator({**schema, "components": document["components"]}).validate(response.json)


def fields(document: dict[str, Any], name: str) -> set[str]:
    return set(document["components"]["schemas"][name]["properties"])


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    operations = {(method, path) for path, item in document["paths"].items() for method in item}
    assert operations == {
        ("post", "/api/auth/login-password"),
        ("post", "/api/auth/logout"),
        ("get", "/api/auth/me"),
        ("post", RUN),
        ("get", LIST),
        ("get", LIST + "/{run_id}"),
        ("get", "/health"),
        ("get", "/ready"),
    }


def test_operations_have_an_id_each(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(set(ids)) == len(ids) == 8


def test_operations_of_administrators_name_the_cookie(document: dict[str, Any]) -> None:
    scheme = document["components"]["securitySchemes"]["session"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "cookie", "infrazen_session")
    for path, item in document["paths"].items():
        for operation in item.values():
            if path.startswith("/api/admin/"):
                assert operation["security"] == [{"session": []}]
                assert {"200", "401", "403"} <= set(operation["responses"])


def test_errors_have_the_contract_s_shape(document: dict[str, Any]) -> None:
    for item in document["paths"].values():
        for operation in item.values():
            for code, response in operation["responses"].items():
                name = response["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                assert (name in ("Error", "ValidationError")) == (code >= "400")
                assert (name == "ValidationError") == (code == "422")


def test_answers_are_as_described(
    document: dict[str, Any], admin: FlaskClient, add_user: AddUser, cloud: FakeCloud
) -> None:
    add_user("user@example.com", connections=1)
    synced = admin.post(RUN)
    cloud.failure = AuthenticationFailed("the key was revoked")
    failed = admin.post(RUN)
    for response in (synced, failed, admin.post(RUN, json={"user_ids": "x"})):
        check(document, "post", RUN, response)
    check(document, "get", LIST, admin.get(LIST))
    for run_id in (1, 2, 3):
        check(document, "get", LIST + "/{run_id}", admin.get(f"{LIST}/{run_id}"))
    check(document, "get", "/api/auth/me", admin.get("/api/auth/me"))
    check(document, "get", "/ready", admin.get("/ready"))

    # Nothing is answered that is not described.
    skipped_user, synced_user = synced.json["user_results"]
    failed_user = failed.json["user_results"][1]
    assert set(synced.json) == fields(document, "BulkSyncResult")
    assert set(synced_user) == fields(document, "SyncedUser")
    assert set(skipped_user) == fields(document, "SkippedUser")
    assert set(failed_user) == fields(document, "FailedUser")
    assert set(failed_user["provider_errors"][0]) == fields(document, "ProviderError")


def test_the_document_does_not_repeat_the_host_header(client: FlaskClient) -> None:
    document = client.get("/openapi.json", headers={"Host": "evil.example"}).json
    assert document["servers"] == [{"url": "/"}]


def test_the_page_loads_everything_from_here(client: FlaskClient) -> None:
    with client.get("/docs") as response:
        page = response.text
    assert response.content_type == "text/html; charset=utf-8"
    references = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(references) == 4
    for reference in references:
        with client.get(f"/{reference}") as response:
            assert response.status_code == 200, reference
    assert "//" not in page
    assert "<script>" not in page
    assert "style=" not in page


def test_the_page_s_script_names_no_other_server(client: FlaskClient) -> None:
    with client.get("/docs/static/docs.js") as response:
        script = response.text
    assert "://" not in script
    assert "validatorUrl: null" in script
