import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from apiflask import APIFlask

from app import create_app
from app.core.models import CompleteSync, User
from app.core.services.bulk_sync_service import BulkSyncService
from app.core.services.runtime import Runtime
from app.extensions import db
from app.settings import Settings, SettingsError
from tests.api.conftest import AddUser, MakeApp


def test_importing_app_loads_no_library() -> None:
    code = "import app, sys; sys.exit(any(m in sys.modules for m in ('flask', 'sqlalchemy', 'pydantic')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_contract_s_history_snippet(app: APIFlask, runtime: Runtime, add_user: AddUser) -> None:
    user_id = add_user("user@example.com")
    now = runtime.clock()
    with runtime.sessions.begin() as session:
        for minutes, kind in enumerate(["scheduled", "manual", "scheduled"]):
            at = now + timedelta(minutes=minutes)
            session.add(CompleteSync(user_id=user_id, sync_type=kind, currency="USD", sync_started_at=at))
    with app.app_context():
        syncs = (
            CompleteSync.query.filter_by(sync_type="scheduled")
            .order_by(CompleteSync.sync_started_at.desc())
            .limit(10)
            .all()
        )
        assert [sync.sync_started_at - now for sync in syncs] == [timedelta(minutes=2), timedelta(0)]


def test_the_contract_s_service_snippet(app: APIFlask, add_user: AddUser) -> None:
    user_id = add_user("user@example.com")
    with app.app_context():
        service = BulkSyncService()
        assert [user.user_id for user in service.get_eligible_users()] == [user_id]
        assert service.sync_all_users(sync_type="scheduled")["total_users"] == 1
        assert service.sync_specific_users(user_ids=[1, 2, 3], sync_type="manual")["total_users"] == 3


def test_runtime_and_models_share_one_engine(app: APIFlask, runtime: Runtime) -> None:
    with app.app_context():
        assert runtime.sessions.kw["bind"] is db.engine
        db.session.add(User(email="user@example.com"))
        db.session.commit()
    with runtime.sessions() as session:
        assert session.query(User).one().email == "user@example.com"


def test_an_app_needs_no_database(make_app: MakeApp) -> None:
    make_app(database_url="postgresql://u:p@127.0.0.1:1/none", secret_key="s")


def test_no_keys_no_app(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, database_url="postgresql://u:p@127.0.0.1:1/none", instance_dir=tmp_path)
    with pytest.raises(SettingsError, match="INFRAZEN_SECRET_KEY"):
        create_app(settings)


def test_a_relative_file_is_where_the_command_line_looks(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = make_app(database_url="sqlite:///test.db", instance_dir=tmp_path / "elsewhere")
    with app.app_context():
        assert db.engine.url.database == str(tmp_path / "test.db")
    assert app.test_client().get("/ready").status_code == 200


def test_settings_come_from_the_environment_unless_given(tmp_path: Path) -> None:
    code = (
        "from app import create_app; app = create_app();"
        "print(app.config['SQLALCHEMY_DATABASE_URI'].database, app.config['SESSION_COOKIE_SECURE'])"
    )
    environment = {"INFRAZEN_INSTANCE_DIR": str(tmp_path), "INFRAZEN_ENV": "production"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.split() == [str(tmp_path / "infrazen.db"), "True"]
