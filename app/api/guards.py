"""What holds for every request and every answer."""

from apiflask import APIFlask
from flask import Response, abort, current_app, request

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
}


def init_app(app: APIFlask) -> None:
    """Check requests before they reach a view, and add the security headers to every answer."""
    app.before_request(_refuse_foreign_pages)
    app.before_request(_refuse_unreadable_bodies)
    app.after_request(_add_headers)


def _refuse_foreign_pages() -> None:
    """Refuse what a page of another site sends with the user's cookie."""
    origin = request.headers.get("Origin")
    if request.method in _SAFE_METHODS or origin is None:
        return
    has_session = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    if has_session and origin.partition("://")[2].lower() != request.host.lower():
        abort(403, "this request comes from a page of another site")


def _refuse_unreadable_bodies() -> None:
    """Refuse a body that is no JSON; without a body every content type is fine."""
    if request.endpoint is None or request.method in _SAFE_METHODS or not (body := request.get_data()):
        return
    # Werkzeug cuts a body of unknown length off at the limit, without an error.
    if request.content_length is None and len(body) == request.max_content_length:
        abort(413)
    if not request.is_json:
        abort(415, "the body must be JSON, with Content-Type: application/json")
    try:
        # Nested too deeply, or with half of a surrogate pair, it is JSON that nothing behind this can work with.
        current_app.json.dumps(request.get_json()).encode()
    except (RecursionError, UnicodeEncodeError):
        abort(400, "the body is not usable JSON")


def _add_headers(response: Response) -> Response:
    response.headers.update(_HEADERS)
    if request.path.startswith("/api/"):
        response.headers["Cache-Control"] = "no-store"
    return response
