"""One platform for all of the contract's snippets: users that show every case, on an AWS emulator."""

from pathlib import Path

import pytest

from tests.support.aws_platform import Aws
from tests.support.installation import Installation


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory, aws: Aws) -> Installation:
    """An installation with an admin, users that succeed, fail and are skipped, and a demo user."""
    installation = Installation.make(tmp_path_factory.mktemp("contract") / "infrazen")
    installation.ok("infrazen db upgrade")
    installation.add_user("admin@example.com", "admin")
    installation.add_user("user@example.com")
    for name in ("first", "second"):
        installation.add_connection("user@example.com", name, aws.url, aws.credentials)
    installation.add_user("failed@example.com")
    installation.add_connection("failed@example.com", "broken", aws.url, aws.wrong_credentials)
    installation.add_user("visitor@example.com", "demouser")
    installation.add_connection("visitor@example.com", "first", aws.url, aws.credentials)
    return installation


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    """Where a crontab line's log goes instead of /var/log."""
    return tmp_path / "infrazen_bulk_sync.log"
