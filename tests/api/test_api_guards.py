import pytest
from flask.testing import FlaskClient

from tests.api.conftest import AddUser, LogIn

LOGOUT = "/api/auth/logout"


@pytest.mark.parametrize("path", ["/health", "/docs", "/openapi.json", "/nothing", "/api/auth/me"])
def test_every_answer_has_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_answers_of_the_api_are_not_kept(client: FlaskClient) -> None:
    assert client.get("/api/auth/me").headers["Cache-Control"] == "no-store"
    assert client.get("/api/nothing").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:81", "http://localhost.evil", "["]
)
def test_a_page_of_another_site_cannot_use_the_session(add_user: AddUser, log_in: LogIn, origin: str) -> None:
    add_user("user@example.com")
    client = log_in("user@example.com")
    response = client.post(LOGOUT, headers={"Origin": origin})
    assert response.status_code == 403
    assert response.json == {
        "success": False,
        "error": "this request comes from a page of another site",
        "message": "Forbidden",
    }
    assert client.get("/api/auth/me").status_code == 200


@pytest.mark.parametrize("origin", ["http://localhost", "https://LOCALHOST", None])
def test_our_own_pages_and_programs_can(add_user: AddUser, log_in: LogIn, origin: str | None) -> None:
    add_user("user@example.com")
    headers = {"Origin": origin} if origin else {}
    assert log_in("user@example.com").post(LOGOUT, headers=headers).status_code == 200


def test_reading_and_requests_without_a_session_are_not_concerned(
    client: FlaskClient, add_user: AddUser, log_in: LogIn
) -> None:
    add_user("user@example.com")
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert log_in("user@example.com").get("/api/auth/me", headers=elsewhere).status_code == 200
    assert client.post(LOGOUT, headers=elsewhere).status_code == 200
    assert "Access-Control-Allow-Origin" not in client.get("/health", headers=elsewhere).headers
