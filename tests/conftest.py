"""Fixtures that all tests share."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from app.core.services.runtime import Runtime
from tests.support.aws_platform import aws  # noqa: F401 - a fixture
from tests.support.clock import Clock
from tests.support.databases import KINDS, Databases
from tests.support.runtimes import engine_of, open_runtime
from tests.support.scripted_provider import ScriptedProvider

# Databases take their time, and examples of one test share one: each makes rows of its own.
settings.register_profile(
    "explore", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
settings.register_profile("same-every-time", settings.get_profile("explore"), derandomize=True)
settings.load_profile("same-every-time")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in list(os.environ):
        if name.startswith("INFRAZEN_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Where databases come from; servers start when first asked for."""
    with Databases(tmp_path_factory.mktemp("databases")) as databases:
        yield databases


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The URL of a fresh, migrated database: every test that asks runs once per kind, see also `sqlite_only`."""
    with databases.fresh(request.param) as url:
        yield url


@pytest.fixture
def clock() -> Clock:
    """The runtime's clock: it stands still."""
    return Clock()


@pytest.fixture
def runtime(database_url: str, clock: Clock) -> Iterator[Runtime]:
    """A runtime on the fresh database."""
    with open_runtime(database_url, clock) as runtime:
        yield runtime


@pytest.fixture
def engine(runtime: Runtime) -> Engine:
    """The runtime's engine."""
    return engine_of(runtime)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> ScriptedProvider:
    """The scripted provider, registered under its name for this test."""
    provider = ScriptedProvider()
    provider.register(monkeypatch)
    return provider
