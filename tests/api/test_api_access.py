import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from app.api.access import require_admin
from app.core.models import Role, User
from app.core.services.runtime import Runtime
from tests.api.conftest import AddUser, LogIn

ADMIN_ONLY = [
    ("POST", "/api/admin/bulk-sync-all-users"),
    ("GET", "/api/admin/bulk-syncs"),
    ("GET", "/api/admin/bulk-syncs/1"),
]


@pytest.mark.parametrize(("method", "path"), ADMIN_ONLY)
def test_without_a_session_it_is_401(client: FlaskClient, method: str, path: str) -> None:
    response = client.open(path, method=method)
    assert response.status_code == 401
    assert set(response.json) == {"success", "error", "message"}


@pytest.mark.parametrize("role", [Role.USER, Role.DEMO])
@pytest.mark.parametrize(("method", "path"), ADMIN_ONLY)
def test_other_roles_are_refused(add_user: AddUser, log_in: LogIn, role: Role, method: str, path: str) -> None:
    add_user("someone@example.com", role)
    response = log_in("someone@example.com").open(path, method=method)
    assert response.status_code == 403
    assert response.json == {
        "success": False,
        "error": "only administrators may do this",
        "message": "Forbidden",
    }


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPER_ADMIN])
def test_administrators_may(add_user: AddUser, log_in: LogIn, role: Role) -> None:
    add_user("boss@example.com", role)
    assert log_in("boss@example.com").get("/api/admin/bulk-syncs").status_code == 200


def test_a_lost_role_counts_at_once(runtime: Runtime, admin: FlaskClient) -> None:
    with runtime.sessions.begin() as session:
        session.query(User).one().role = Role.USER.value
    assert admin.get("/api/admin/bulk-syncs").status_code == 403


def test_access_is_checked_before_the_body(client: FlaskClient) -> None:
    response = client.post("/api/admin/bulk-sync-all-users", json={"sync_type": "nonsense"})
    assert response.status_code == 401


def test_the_decorator_keeps_the_view(app: APIFlask) -> None:
    @require_admin()
    def view() -> str:
        """Say something."""
        return "something"

    assert (view.__name__, view.__doc__) == ("view", "Say something.")
