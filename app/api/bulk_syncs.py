"""Bulk syncs for administrators: start one, and look at those that were."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, abort
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app.api.access import require_admin, runtime
from app.api.errors import error_response, log_incident
from app.api.schemas import MAX_ID, BulkSyncPage, BulkSyncRequest, BulkSyncResult, PageRequest
from app.core.execution.run_lease import RunInProgress
from app.core.services import report_service
from app.core.services.bulk_sync_service import BulkSyncService

bp = APIBlueprint("bulk_syncs", __name__, url_prefix="/api/admin", tag="Admin")


@bp.post("/bulk-sync-all-users")
@require_admin()
@bp.input(BulkSyncRequest, arg_name="body", example={"sync_type": "manual"})
@bp.output(BulkSyncResult, description="The run has ended; `status` tells how")
@bp.doc(security="session", responses=[400, 403, 409, 413, 415, 500])
def bulk_sync_all_users(body: dict[str, Any]) -> dict[str, Any] | Response:
    """Sync all active users.

    Runs within the request and answers when the last user is done. Demo users are left out. An empty body means a
    `manual` run over all users.
    """
    service, who = BulkSyncService(runtime()), current_user.email
    try:
        if "user_ids" in body:
            return service.sync_specific_users(body["user_ids"], body["sync_type"], requested_by=who)
        return service.sync_all_users(body["sync_type"], requested_by=who)
    except RunInProgress as error:
        return error_response(409, str(error), "Bulk sync refused")
    except SQLAlchemyError as error:
        incident = log_incident("bulk sync failed", error)
        why = f"Failed to execute bulk sync: database error, see {incident} in the log"
        return error_response(500, why, "Bulk sync failed")


@bp.get("/bulk-syncs")
@require_admin()
@bp.input(PageRequest, location="query", arg_name="page")
@bp.output(BulkSyncPage, description="A page of runs")
@bp.doc(security="session", responses=[403])
def list_bulk_syncs(page: dict[str, Any]) -> dict[str, Any]:
    """List bulk syncs, newest first.

    Ask again with `before_id` set to the answer's `next_before_id` for the older ones; null means there are none.
    """
    limit = page["limit"]
    found = report_service.latest_runs(runtime(), limit + 1, before_id=page["before_id"])
    shown = [report_service.overview(summary) for summary in found[:limit]]
    return {
        "success": True,
        "bulk_syncs": shown,
        "next_before_id": found[limit - 1].run_id if len(found) > limit else None,
    }


@bp.get(f"/bulk-syncs/<int(max={MAX_ID}):run_id>")
@require_admin()
@bp.output(BulkSyncResult, description="The run; its users so far while it is under way")
@bp.doc(security="session", responses=[403])
def show_bulk_sync(run_id: int) -> dict[str, Any]:
    """Show one bulk sync and how each of its users ended."""
    summary = report_service.find_run(runtime(), run_id)
    if summary is None:
        abort(404, f"there is no bulk sync {run_id}")
    return report_service.run_response(runtime(), summary)
