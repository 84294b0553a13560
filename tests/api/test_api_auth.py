import time
from typing import Any

import itsdangerous
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.api import auth
from app.core.models import Role, User
from app.core.services.runtime import Runtime
from app.security.passwords import hash_password
from tests.api.conftest import PASSWORD, AddUser, LogIn, MakeApp

LOGIN = "/api/auth/login-password"
ME = "/api/auth/me"


def attempt(client: FlaskClient, username: str, password: str = PASSWORD, **kw: Any) -> TestResponse:
    return client.post(LOGIN, json={"username": username, "password": password}, **kw)


def change(runtime: Runtime, user_id: int, **columns: Any) -> None:
    with runtime.sessions.begin() as session:
        user = session.get_one(User, user_id)
        for name, value in columns.items():
            setattr(user, name, value)


def test_login_answers_the_user_and_opens_a_session(client: FlaskClient, add_user: AddUser) -> None:
    user_id = add_user("admin@example.com", Role.ADMIN)
    response = attempt(client, "admin@example.com")
    expected = {"success": True, "user": {"id": user_id, "email": "admin@example.com", "role": "admin"}}
    assert (response.status_code, response.json) == (200, expected)
    assert client.get(ME).json == expected


def test_upper_and_lower_case_of_the_address_are_the_same(client: FlaskClient, add_user: AddUser) -> None:
    add_user("admin@example.com")
    assert attempt(client, " Admin@Example.COM ").status_code == 200


def test_every_refusal_looks_the_same(client: FlaskClient, add_user: AddUser) -> None:
    add_user("user@example.com")
    add_user("gone@example.com", is_active=False)
    add_user("nopassword@example.com", password_hash=None)
    answers = [
        attempt(client, "user@example.com", "wrong"),
        attempt(client, "gone@example.com"),
        attempt(client, "nopassword@example.com"),
        attempt(client, "nobody@example.com"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.text for answer in answers} == {answers[0].text}
    assert answers[0].json == {
        "success": False,
        "error": "wrong e-mail address or password",
        "message": "Login failed",
    }
    assert client.get(ME).status_code == 401


def test_an_unknown_user_costs_a_verification_too(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []
    real = auth.passwords.verify
    monkeypatch.setattr(auth.passwords, "verify", lambda stored, word: verified.append(stored) or real(stored, word))
    attempt(client, "nobody@example.com")
    assert verified == [None]


@pytest.mark.parametrize(("env", "secure"), [("development", False), ("production", True)])
def test_flags_of_the_cookie(make_app: MakeApp, add_user: AddUser, env: str, secure: bool) -> None:
    add_user("user@example.com")
    response = attempt(make_app(env=env).test_client(), "user@example.com", base_url="https://localhost")
    name, *flags = response.headers["Set-Cookie"].split("; ")
    assert name.startswith("infrazen_session=")
    assert set(flags) == {"HttpOnly", "Path=/", "SameSite=Lax"} | ({"Secure"} if secure else set())


def test_login_starts_a_new_session(client: FlaskClient, add_user: AddUser) -> None:
    add_user("user@example.com")
    with client.session_transaction() as session:
        session["planted"] = "by someone else"
    assert attempt(client, "user@example.com").status_code == 200
    with client.session_transaction() as session:
        assert "planted" not in session


def test_logout_ends_the_session(add_user: AddUser, log_in: LogIn) -> None:
    add_user("user@example.com")
    client = log_in("user@example.com")
    response = client.post("/api/auth/logout")
    assert (response.status_code, response.json) == (200, {"success": True})
    assert client.get(ME).status_code == 401
    assert client.post("/api/auth/logout").status_code == 200


def test_me_without_a_session(client: FlaskClient) -> None:
    response = client.get(ME)
    assert response.status_code == 401
    assert response.json == {
        "success": False,
        "error": "log in first: POST /api/auth/login-password",
        "message": "Unauthorized",
    }


def test_the_session_of_a_deactivated_user_stops_at_once(runtime: Runtime, add_user: AddUser, log_in: LogIn) -> None:
    user_id = add_user("user@example.com")
    client = log_in("user@example.com")
    change(runtime, user_id, is_active=False)
    assert client.get(ME).status_code == 401


def test_a_new_password_ends_sessions_of_the_old_one(runtime: Runtime, add_user: AddUser, log_in: LogIn) -> None:
    user_id = add_user("user@example.com")
    client = log_in("user@example.com")
    change(runtime, user_id, password_hash=hash_password("another password"))
    assert client.get(ME).status_code == 401


def test_the_session_of_a_deleted_user_stops(runtime: Runtime, add_user: AddUser, log_in: LogIn) -> None:
    user_id = add_user("user@example.com")
    client = log_in("user@example.com")
    with runtime.sessions.begin() as session:
        session.delete(session.get_one(User, user_id))
    assert client.get(ME).status_code == 401


def test_a_session_ends_after_its_hours(
    add_user: AddUser, log_in: LogIn, monkeypatch: pytest.MonkeyPatch, runtime: Runtime
) -> None:
    add_user("user@example.com")
    client = log_in("user@example.com")
    later = int(time.time() + runtime.settings.session_hours * 3600) + 60
    monkeypatch.setattr(itsdangerous.TimestampSigner, "get_timestamp", lambda self: later)
    assert client.get(ME).status_code == 401


def test_a_session_is_of_no_use_to_another_browser(add_user: AddUser, log_in: LogIn) -> None:
    add_user("user@example.com")
    client = log_in("user@example.com")
    assert client.get(ME, headers={"User-Agent": "another"}).status_code == 401


def test_a_forged_cookie_is_nobody(client: FlaskClient, add_user: AddUser) -> None:
    add_user("user@example.com")
    client.set_cookie("infrazen_session", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.forged")
    assert client.get(ME).status_code == 401


def test_failed_logins_are_limited_by_address(make_app: MakeApp, add_user: AddUser) -> None:
    add_user("user@example.com")
    client = make_app(login_rate_limit="3 per hour").test_client()
    codes = [attempt(client, f"{number}@example.com", "wrong").status_code for number in range(4)]
    assert codes == [401, 401, 401, 429]
    refused = attempt(client, "user@example.com")
    assert refused.status_code == 429
    wait_s = int(refused.headers["Retry-After"])
    assert 0 < wait_s <= 3600
    assert refused.json == {
        "success": False,
        "error": f"too many failed attempts; try again in {wait_s} seconds",
        "message": "Too Many Requests",
    }
    elsewhere = attempt(client, "user@example.com", environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert elsewhere.status_code == 200


def test_failed_logins_are_limited_by_account(make_app: MakeApp, add_user: AddUser) -> None:
    add_user("user@example.com")
    add_user("other@example.com")
    client = make_app(login_rate_limit="3 per hour").test_client()

    def from_address(number: int, username: str, password: str) -> int:
        environ = {"REMOTE_ADDR": f"10.0.0.{number}"}
        return attempt(client, username, password, environ_base=environ).status_code

    names = ["user@example.com", "USER@example.com", " user@example.com"]
    assert [from_address(n, name, "wrong") for n, name in enumerate(names)] == [401, 401, 401]
    assert from_address(8, "user@example.com", PASSWORD) == 429
    assert from_address(9, "other@example.com", PASSWORD) == 200


def test_successful_logins_are_not_limited(make_app: MakeApp, add_user: AddUser) -> None:
    add_user("user@example.com")
    client = make_app(login_rate_limit="2 per hour").test_client()
    assert [attempt(client, "user@example.com").status_code for _ in range(4)] == [200] * 4


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"password": "x"}, "username"),
        ({"username": "a@example.com"}, "password"),
        ({"username": "", "password": "x"}, "username"),
        ({"username": "a\u0000@example.com", "password": "x"}, "username"),
        ({"username": ["a"], "password": "x"}, "username"),
        ({"username": "a@example.com", "password": 1}, "password"),
        ({"username": "a@example.com", "password": "x" * 2000}, "password"),
        ({"username": "a@example.com", "password": "x", "remember": True}, "remember"),
    ],
)
def test_a_login_that_does_not_fit_names_the_field(client: FlaskClient, body: dict[str, Any], field: str) -> None:
    response = client.post(LOGIN, json=body)
    assert response.status_code == 422
    assert list(response.json["details"]) == [field]
    assert response.json["error"].startswith(f"{field}: ")
    assert "x" * 2000 not in response.text


def test_the_log_names_neither_address_nor_password(
    client: FlaskClient, add_user: AddUser, caplog: pytest.LogCaptureFixture
) -> None:
    add_user("user@example.com")
    with caplog.at_level("DEBUG", logger="app"):
        attempt(client, "user@example.com", "not my password")
        attempt(client, "user@example.com")
    assert "log-in refused for a client at 127.0.0.1" in caplog.text
    assert "user@example.com" not in caplog.text
    assert "password" not in caplog.text
