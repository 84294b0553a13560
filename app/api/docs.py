"""The OpenAPI document and its page. Everything the page loads comes from this server."""

from typing import Any

from apiflask import APIFlask
from apispec import APISpec
from flask import Blueprint, Response, send_from_directory
from swagger_ui_bundle import swagger_ui_path

from app.api.schemas import Error, FailedUser, SkippedUser, SyncedUser, ValidationError

_DESCRIPTION = """Keeps the cloud inventory and daily cost of every customer up to date.

Log in with `POST /api/auth/login-password`; the cookie it sets is the session. Every error has the same shape.
Times are UTC, durations are seconds."""

bp = Blueprint("docs", __name__, url_prefix="/docs", static_folder="static")


def init_app(app: APIFlask) -> None:
    """Describe the API at /openapi.json, and show it at /docs."""
    app.description = _DESCRIPTION
    app.config.from_mapping(
        OPENAPI_VERSION="3.0.3",  # the newest that the bundled page can show
        SPEC_PROCESSOR_PASS_OBJECT=True,
        # Not taken from the request: its Host header is the client's word, and the document is kept.
        SERVERS=[{"url": "/"}],
        AUTO_SERVERS=False,
        AUTO_OPERATION_ID=True,
        HTTP_ERROR_SCHEMA=Error,
        VALIDATION_ERROR_SCHEMA=ValidationError,
        VALIDATION_ERROR_DESCRIPTION="Unprocessable Entity",
        AUTH_ERROR_DESCRIPTION="Unauthorized",
        SECURITY_SCHEMES={
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": app.config["SESSION_COOKIE_NAME"],
                "description": "Set by `POST /api/auth/login-password`.",
            }
        },
    )
    app.spec_processor(_add_user_results)  # type: ignore[arg-type]  # passed as an object, see above
    app.register_blueprint(bp)


def _add_user_results(spec: APISpec) -> APISpec:
    """Register the schemas that `user_results` refers to by name."""
    for schema in (SyncedUser, FailedUser, SkippedUser):
        spec.components.schema(schema.__name__, schema=schema)
    return spec


@bp.get("")
def page() -> Response:
    """Show the API."""
    return bp.send_static_file("docs.html")


@bp.get("/assets/<any('swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'):name>")
def asset(name: str) -> Any:
    """Return a file of Swagger UI as installed."""
    return send_from_directory(swagger_ui_path, name)
