from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.core.services.runtime import Runtime
from tests.api.conftest import MakeApp


def test_alive_without_a_database(make_app: MakeApp) -> None:
    client = make_app(database_url="postgresql://u:p@127.0.0.1:1/none", secret_key="s").test_client()
    response = client.get("/health")
    assert (response.status_code, response.json) == (200, {"success": True})


def test_ready_with_the_schema_of_this_version(client: FlaskClient) -> None:
    response = client.get("/ready")
    assert (response.status_code, response.json) == (200, {"success": True})


def test_not_ready_without_a_database(make_app: MakeApp, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    response = make_app(database_url=f"sqlite:///{tmp_path / 'missing.db'}").test_client().get("/ready")
    assert response.status_code == 503
    assert response.json == {
        "success": False,
        "error": "the database is not at this version's schema, see the log",
        "message": "Service Unavailable",
    }
    assert "infrazen db upgrade" in caplog.text
    assert not (tmp_path / "missing.db").exists()


def test_not_ready_with_another_schema(client: FlaskClient, runtime: Runtime) -> None:
    from sqlalchemy import text

    with runtime.sessions.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert client.get("/ready").status_code == 503


def test_not_ready_when_the_server_is_unreachable(make_app: MakeApp, caplog: pytest.LogCaptureFixture) -> None:
    url = "postgresql://someone:hunter2@127.0.0.1:1/none"
    response = make_app(database_url=url, secret_key="s").test_client().get("/ready")
    assert (response.status_code, response.json["error"]) == (503, "the database cannot be reached")
    assert "hunter2" not in caplog.text
