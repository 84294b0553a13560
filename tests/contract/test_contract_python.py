"""The contract's Python and SQL, run as written."""

import json
import textwrap

from tests.support.installation import Installation

IN_AN_APP = """
import json
from app import create_app
from app.core.services.bulk_sync_service import BulkSyncService
with create_app().app_context():
{body}
"""


def run(platform: Installation, body: str) -> str:
    return platform.ok("python -", IN_AN_APP.format(body=textwrap.indent(textwrap.dedent(body), "    ")))


def test_the_services_methods_run_as_written_and_answer_in_the_contracts_format(platform: Installation) -> None:
    out = run(
        platform,
        """
        # Sync all active users (excluding demo users)
        service = BulkSyncService()
        result = service.sync_all_users(sync_type='scheduled')
        print(json.dumps(result))

        # Sync specific users by ID
        result = service.sync_specific_users(user_ids=[1, 2, 3], sync_type='manual')
        print(json.dumps(result))

        # Get eligible users
        users = service.get_eligible_users()
        print(json.dumps([user.email for user in users]))
        """,
    )
    scheduled, specific, eligible = map(json.loads, out.splitlines())
    keys = ["success", "message", "total_users", "successful_users", "failed_users", "skipped_users"]
    keys += ["duration_seconds", "sync_type", "started_at", "completed_at", "user_results"]
    assert scheduled.keys() >= set(keys)
    assert scheduled["sync_type"] == "scheduled"
    assert eligible == ["admin@example.com", "user@example.com", "failed@example.com"]
    skipped, success, failed = specific["user_results"]
    assert skipped == {
        "user_id": 1,
        "user_email": "admin@example.com",
        "status": "skipped",
        "reason": "No auto-sync enabled providers",
        "duration_seconds": 0,
    }
    assert success.keys() >= {"user_id", "user_email", "status", "complete_sync_id", "sync_status", "providers_synced"}
    assert success.keys() >= {"successful_providers", "failed_providers", "resources_found", "total_daily_cost"}
    assert (success["providers_synced"], success["successful_providers"], success["failed_providers"]) == (2, 2, 0)
    assert failed.keys() >= {"user_id", "user_email", "status", "error", "message", "duration_seconds"}
    assert failed["message"] == "Complete sync failed"
    assert failed["error"].startswith("broken: ")


def test_the_history_snippet_prints_scheduled_syncs(platform: Installation) -> None:
    platform.sql("UPDATE cloud_providers SET last_success_at = NULL")
    platform.sh("python scripts/bulk_sync_all_users.py")
    out = platform.ok(
        """./.venv/bin/python -c "
from app import create_app
from app.core.models.complete_sync import CompleteSync
app = create_app()
with app.app_context():
    syncs = CompleteSync.query.filter_by(sync_type='scheduled').order_by(CompleteSync.sync_started_at.desc()).limit(10).all()
    for sync in syncs:
        print(f'{sync.sync_started_at} - User {sync.user_id} - {sync.sync_status}')
"
"""
    )
    assert " - User 2 - success\n" in out
    assert " - User 3 - failed\n" in out


def test_the_sql_of_the_contract_runs_as_written(platform: Installation) -> None:
    platform.sql("UPDATE cloud_providers SET last_success_at = NULL")
    platform.sh("python scripts/bulk_sync_all_users.py")
    rows = platform.sql(
        """-- View recent bulk syncs
SELECT 
    cs.id,
    cs.user_id,
    u.email,
    cs.sync_type,
    cs.sync_status,
    cs.total_providers_synced,
    cs.total_resources_found,
    cs.sync_duration_seconds,
    cs.sync_started_at
FROM complete_syncs cs
JOIN users u ON cs.user_id = u.id
WHERE cs.sync_type = 'scheduled'
ORDER BY cs.sync_started_at DESC
LIMIT 20;
"""
    )
    by_email = {row["email"]: row for row in reversed(rows)}
    assert by_email["user@example.com"]["sync_status"] == "success"
    assert by_email["user@example.com"]["total_providers_synced"] == 2
    assert by_email["user@example.com"]["total_resources_found"] > 0
    assert by_email["failed@example.com"]["sync_status"] == "failed"


def test_the_columns_that_troubleshooting_names_hold_the_reason(platform: Installation) -> None:
    platform.sh("python scripts/bulk_sync_all_users.py --sync-type manual")
    (connection,) = platform.sql("SELECT sync_error FROM cloud_providers WHERE connection_name = 'broken'")
    (sync,) = platform.sql("SELECT error_message FROM complete_syncs WHERE user_id = 3 ORDER BY id DESC LIMIT 1")
    assert connection["sync_error"]
    assert sync["error_message"] == f"broken: {connection['sync_error']}"
