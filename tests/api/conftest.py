"""An app on a fresh, migrated database, with accounts of every kind and a client to log in with."""

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from app import create_app
from app.core.domain.costs import Bill, ServiceCharge
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.core.models import CloudProvider, Role, User
from app.core.persistence import schema
from app.core.services.runtime import Runtime
from app.extensions import db
from app.providers import registry
from app.providers.base import Credentials, Session
from app.security import passwords
from app.settings import Settings

PASSWORD = "correct horse battery"

MakeApp = Callable[..., APIFlask]
AddUser = Callable[..., int]
LogIn = Callable[..., FlaskClient]


class FakeCloud:
    """A provider whose accounts hold two resources, 2.50 USD a day. A listing waits for `gate` and raises `failure`."""

    name = "fake"
    title = "Fake"
    credentials = Credentials

    def __init__(self) -> None:
        self.started = threading.Event()
        self.gate = threading.Event()
        self.gate.set()
        self.failure: Exception | None = None

    def open(self, credentials: Any, session: Session) -> "FakeCloud":
        return self

    def identify(self) -> str:
        return "fake account"

    def scopes(self) -> Sequence[Scope]:
        return [Scope("fake:server", "here")]

    def collect(self, scope: Scope) -> Iterator[Resource]:
        self.started.set()
        assert self.gate.wait(60)
        if self.failure is not None:
            raise self.failure
        for number in range(2):
            yield Resource(f"r{number}", name=f"Сервер {number}", region="here")

    def bill(self) -> Bill | None:
        if self.failure is not None:
            return None
        return Bill(date(2025, 10, 26), "USD", (ServiceCharge("Servers", Decimal("2.50"), frozenset({"fake:server"})),))

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the least work it can do: most tests log in."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def password_hash(_cheap_passwords: None) -> str:
    return passwords.hash_password(PASSWORD)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database to copy: each test gets a file of its own without migrating again."""
    path = tmp_path_factory.mktemp("migrated") / "template.db"
    engine = create_engine(f"sqlite:///{path}")
    schema.migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def make_app(tmp_path: Path, migrated_file: Path) -> Iterator[MakeApp]:
    """Return a function that makes an app on this test's database, with the settings given."""
    made: list[APIFlask] = []
    shutil.copy(migrated_file, tmp_path / "test.db")

    def make(**settings: Any) -> APIFlask:
        defaults = {
            "database_url": f"sqlite:///{tmp_path / 'test.db'}",
            "instance_dir": tmp_path,
            "encryption_keys": Fernet.generate_key().decode(),
            "login_rate_limit": "100 per minute",
        }
        made.append(create_app(Settings(_env_file=None, **{**defaults, **settings})))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make_app: MakeApp) -> APIFlask:
    return make_app()


@pytest.fixture
def runtime(app: APIFlask) -> Runtime:
    return app.extensions["infrazen"]


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def add_user(app: APIFlask, password_hash: str) -> AddUser:
    """Return a function that stores an account, with connections of the provider `fake`, and returns its id."""
    runtime: Runtime = app.extensions["infrazen"]

    def add(email: str, role: Role = Role.USER, *, connections: int = 0, **columns: Any) -> int:
        with runtime.sessions.begin() as session:
            user = User(email=email, role=role.value, **{"password_hash": password_hash, **columns})
            session.add(user)
            session.flush()
            for number in range(connections):
                session.add(
                    CloudProvider(
                        user_id=user.id,
                        provider_type="fake",
                        connection_name=f"cloud {number}",
                        credentials=runtime.vault.encrypt({}),
                    )
                )
            return user.id

    return add


@pytest.fixture
def log_in(app: APIFlask) -> LogIn:
    """Return a function that logs in and returns the client that holds the session."""

    def log_in(email: str) -> FlaskClient:
        client = app.test_client()
        response = client.post("/api/auth/login-password", json={"username": email, "password": PASSWORD})
        assert response.status_code == 200, response.text
        return client

    return log_in


@pytest.fixture
def admin(add_user: AddUser, log_in: LogIn) -> FlaskClient:
    """The client of an administrator without connections."""
    add_user("admin@example.com", Role.ADMIN)
    return log_in("admin@example.com")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> FakeCloud:
    cloud = FakeCloud()
    monkeypatch.setattr(registry, "get", lambda name: cloud)
    return cloud
