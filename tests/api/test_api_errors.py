import io

import pytest
from apiflask import APIFlask
from flask import abort
from flask.testing import FlaskClient

from tests.api.conftest import AddUser

LOGIN = "/api/auth/login-password"


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/nothing", "/api/admin/", "/docs/assets/index.html", "/%00"])
def test_an_unknown_address_is_404(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.content_type) == (404, "application/json")
    assert set(response.json) == {"success", "error", "message"}
    assert (response.json["success"], response.json["message"]) == (False, "Not Found")


def test_a_wrong_method_is_405_and_tells_the_right_ones(client: FlaskClient) -> None:
    response = client.get(LOGIN)
    assert (response.status_code, response.json["message"]) == (405, "Method Not Allowed")
    assert set(response.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"sync_type=manual",
        b"\xff\xfe\xff",
        b"[" * 100_000,
        b'{"username": ' + b"9" * 5000 + b"}",
        b'{"username": "\\ud800", "password": "x"}',
        b'{"username": "a@example.com", "password": "\\udfff"}',
        b'{"\\ud800": 1}',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_body_that_is_no_usable_json_is_400(client: FlaskClient, body: bytes) -> None:
    response = client.post(LOGIN, data=body, content_type="application/json")
    assert (response.status_code, response.json["message"]) == (400, "Bad Request")
    assert response.json["success"] is False


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", None])
def test_a_body_of_another_type_is_415(client: FlaskClient, content_type: str | None) -> None:
    response = client.post(LOGIN, data=b'{"username": "a", "password": "b"}', content_type=content_type)
    assert (response.status_code, response.json["message"]) == (415, "Unsupported Media Type")


def test_a_body_that_is_too_large_is_413(client: FlaskClient) -> None:
    response = client.post(LOGIN, data=b" " * (1024 * 1024 + 1), content_type="application/json")
    assert (response.status_code, response.json["message"]) == (413, "Request Entity Too Large")


def test_a_body_without_a_length_that_is_too_large_is_413(client: FlaskClient) -> None:
    response = client.post(
        LOGIN,
        input_stream=io.BytesIO(b'{"username": "a", "password": "b"}' + b" " * 1024 * 1024),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert (response.status_code, response.json["message"]) == (413, "Request Entity Too Large")


def test_a_body_without_a_length_is_read(client: FlaskClient) -> None:
    response = client.post(
        LOGIN,
        input_stream=io.BytesIO(b'{"username": "a", "password": "b"}'),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert response.status_code == 401


def test_an_unexpected_error_tells_nothing_but_where_to_look(
    app: APIFlask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("the password is hunter2")

    response = client.get("/broken?token=abc")
    incident = response.json["error"].split()[3]
    assert response.status_code == 500
    assert response.json == {
        "success": False,
        "error": f"unexpected error, see {incident} in the log",
        "message": "Internal Server Error",
    }
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert incident in caplog.text
    assert "RuntimeError: the password is hunter2" in caplog.text
    assert "token=abc" not in caplog.text


def test_an_unreachable_database_is_500(app: APIFlask, client: FlaskClient, add_user: AddUser) -> None:
    runtime = app.extensions["infrazen"]
    engine = runtime.sessions.kw["bind"]
    add_user("user@example.com")
    runtime.sessions.configure(bind=engine.execution_options(schema_translate_map={None: "elsewhere"}))
    response = client.post(LOGIN, json={"username": "user@example.com", "password": "x"})
    assert (response.status_code, response.json["message"]) == (500, "Internal Server Error")
    assert "elsewhere" not in response.text


def test_an_abort_within_a_view_has_the_shape_too(app: APIFlask, client: FlaskClient) -> None:
    @app.get("/gone")
    def gone() -> str:
        abort(410, "it was here yesterday")

    response = client.get("/gone")
    assert response.status_code == 410
    assert response.json == {"success": False, "error": "it was here yesterday", "message": "Gone"}


def test_a_redirect_is_no_error(app: APIFlask, client: FlaskClient) -> None:
    app.add_url_rule("/folder/", "folder", lambda: "here")
    response = client.get("/folder")
    assert (response.status_code, response.headers["Location"]) == (308, "http://localhost/folder/")


def test_head_and_options(client: FlaskClient) -> None:
    head = client.head("/health")
    assert (head.status_code, head.data, head.content_type) == (200, b"", "application/json")
    assert (client.head("/nothing").status_code, client.head("/nothing").data) == (404, b"")
    options = client.options(LOGIN)
    assert (options.status_code, options.data) == (200, b"")
    assert set(options.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
