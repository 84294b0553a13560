"""Installations for tests of the command line."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.aws_platform import Aws
from tests.support.gated_proxy import GatedProxy, gated_proxy
from tests.support.installation import Installation


@pytest.fixture
def bare(tmp_path: Path) -> Installation:
    """An installation without a database."""
    return Installation.make(tmp_path / "infrazen")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file as `infrazen db upgrade` leaves it."""
    maker = Installation.make(tmp_path_factory.mktemp("migrated") / "infrazen")
    maker.ok("infrazen db upgrade")
    return maker.root / "instance" / "infrazen.db"


@pytest.fixture
def installation(bare: Installation, migrated_file: Path) -> Installation:
    """An installation with an empty database."""
    (bare.root / "instance").mkdir()
    shutil.copy(migrated_file, bare.root / "instance")
    return bare


@pytest.fixture
def proxy(aws: Aws) -> Iterator[GatedProxy]:
    """A proxy in front of the emulator that can hold requests."""
    with gated_proxy(aws.url) as proxy:
        yield proxy


@pytest.fixture
def two_users(installation: Installation, proxy: GatedProxy, aws: Aws) -> Installation:
    """Two users with a connection each, behind the proxy."""
    for email in ("one@example.com", "two@example.com"):
        installation.add_user(email)
        installation.add_connection(email, "main", proxy.url, aws.credentials)
    return installation
