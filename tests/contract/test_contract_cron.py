"""The contract's crontab lines: valid, and their commands do what they say."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cronsim import CronSim

from tests.support.installation import Installation

SYNC = "cd /path/to/infrazen && ./.venv/bin/python scripts/bulk_sync_all_users.py --sync-type scheduled"
LINES = {
    "daily": f"0 2 * * * {SYNC} >> /var/log/infrazen_bulk_sync.log 2>&1",
    "every six hours": f"0 */6 * * * {SYNC}",
    "twice daily": f"0 2,14 * * * {SYNC}",
    "weekly": f"0 3 * * 0 {SYNC}",
    "with mail": f"0 2 * * * {SYNC} >> /var/log/infrazen_bulk_sync.log 2>&1 || "
    'mail -s "InfraZen Bulk Sync Failed" admin@example.com < /var/log/infrazen_bulk_sync.log',
}
FIRST_TIMES = {
    "daily": "2025-10-27 02:00",
    "every six hours": "2025-10-27 06:00",
    "twice daily": "2025-10-27 02:00",
    "weekly": "2025-11-02 03:00",
    "with mail": "2025-10-27 02:00",
}


@pytest.mark.parametrize("name", LINES)
def test_a_crontab_line_is_valid_and_its_command_runs(
    platform: Installation, log_file: Path, tmp_path: Path, name: str
) -> None:
    fields = LINES[name].split(maxsplit=5)
    first = next(CronSim(" ".join(fields[:5]), datetime(2025, 10, 27, tzinfo=UTC)))
    assert f"{first:%Y-%m-%d %H:%M}" == FIRST_TIMES[name]
    mailbox = tmp_path / "mail"
    _install_mail(platform, mailbox)
    platform.sql("UPDATE cloud_providers SET last_success_at = NULL")
    command = fields[5].replace("/path/to/infrazen", str(platform.root))
    done = platform.sh(command.replace("/var/log/infrazen_bulk_sync.log", str(log_file)))
    printed = log_file.read_text() if "/var/log" in command else done.stdout
    assert " Bulk Sync - SCHEDULED" in printed
    assert "Failed:            1" in printed
    if name == "with mail":
        assert "✗ failed@example.com" in mailbox.read_text()
    else:
        assert done.returncode == 1


def _install_mail(platform: Installation, mailbox: Path) -> None:
    """Put a `mail` command on the path that keeps what it is given."""
    command = platform.root / "bin" / "mail"
    command.parent.mkdir(exist_ok=True)
    command.write_text(f'#!/bin/sh\necho "$@" > {mailbox}\ncat >> {mailbox}\n')
    command.chmod(0o755)
