"""For load balancers: is the process alive, and can it work."""

import logging
from typing import Any

from apiflask import APIBlueprint
from flask import abort
from sqlalchemy.exc import SQLAlchemyError

from app.api.schemas import Success
from app.core.persistence import schema
from app.extensions import db

log = logging.getLogger(__name__)

bp = APIBlueprint("health", __name__, tag="Health")


@bp.get("/health")
@bp.output(Success, description="The process is alive")
def health() -> dict[str, Any]:
    """Tell that the process is alive."""
    return {"success": True}


@bp.get("/ready")
@bp.output(Success, description="Requests can be served")
@bp.doc(responses=[503])
def ready() -> dict[str, Any]:
    """Tell whether the database is there and at this version's schema."""
    try:
        schema.check(db.engine)
    except schema.SchemaMismatch as error:
        log.warning("not ready: %s", error)
        abort(503, "the database is not at this version's schema, see the log")
    except SQLAlchemyError as error:
        log.warning("not ready: the database cannot be reached: %s", error.__class__.__name__)
        abort(503, "the database cannot be reached")
    return {"success": True}
