"""Every error in the contract's shape: `{"success": false, "error": what is wrong, "message": a short title}`."""

import logging
import time
import uuid
from typing import Any

from apiflask import APIFlask, HTTPError
from flask import Response, jsonify, request
from flask_limiter import RateLimitExceeded
from werkzeug.exceptions import HTTPException

from app.api.extensions import limiter

log = logging.getLogger(__name__)


def init_app(app: APIFlask) -> None:
    """Answer every failure of the app as JSON, whatever its address."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(RateLimitExceeded, _rate_limit_exceeded)
    app.register_error_handler(HTTPError, _invalid_request)
    app.register_error_handler(Exception, _unexpected_error)


def error_response(status: int, error: str, message: str, **more: Any) -> Response:
    """Return an error: `error` says what is wrong, `message` is a short title."""
    response = jsonify(success=False, error=error, message=message, **more)
    response.status_code = status
    return response


def log_incident(what: str, error: Exception) -> str:
    """Write the traceback to the log and return the id to find it by; the client learns nothing but the id."""
    incident = uuid.uuid4().hex[:12]
    log.error("%s, incident %s in %s %s", what, incident, request.method, request.path, exc_info=error)
    return incident


def _http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    response = error_response(error.code, error.description or error.name, error.name)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _rate_limit_exceeded(error: RateLimitExceeded) -> Response:
    reset_at = limiter.current_limit.reset_at if limiter.current_limit else time.time()
    wait_s = max(1, int(reset_at - time.time()))
    response = error_response(429, f"too many failed attempts; try again in {wait_s} seconds", error.name)
    response.headers["Retry-After"] = str(wait_s)
    return response


def _invalid_request(error: HTTPError) -> Response:
    """Answer what a schema did not accept: `details` is field -> messages, nested like the request."""
    details: dict[str, Any] = {}
    for found in error.detail.values():
        details.update(found if isinstance(found, dict) else {"_schema": found})
    wrong = "; ".join(f"{field}: {_first(messages)}" for field, messages in details.items())
    return error_response(error.status_code, wrong.removeprefix("_schema: "), "Invalid request", details=details)


def _first(messages: Any) -> str:
    """Return the first message of a field, that of its first wrong entry when it is a list."""
    while isinstance(messages, (dict, list)):
        messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
    return str(messages)


def _unexpected_error(error: Exception) -> Response:
    incident = log_incident("unexpected error", error)
    return error_response(500, f"unexpected error, see {incident} in the log", "Internal Server Error")
