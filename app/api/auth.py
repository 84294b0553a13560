"""Log-in with a password, and the session it makes."""

import hashlib
import logging
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request, session
from flask_login import current_user, login_user, logout_user

from app.api.access import SessionUser, require_user, runtime
from app.api.errors import error_response
from app.api.extensions import limiter
from app.api.schemas import LoggedIn, Login, Success
from app.core.persistence import users
from app.security import passwords

log = logging.getLogger(__name__)

bp = APIBlueprint("auth", __name__, url_prefix="/api/auth", tag="Log-in")


def _rate() -> str:
    rate: str = runtime().settings.login_rate_limit
    return rate


def _account() -> str:
    """Return the account that is tried, hashed: the limiter logs its keys, and an address is no key of fixed size."""
    return hashlib.sha256(request.get_json()["username"].strip().lower().encode()).hexdigest()


def _has_failed(response: Response) -> bool:
    return response.status_code == 401


@bp.post("/login-password")
@bp.input(Login, arg_name="body")
@bp.output(LoggedIn, description="Logged in; the cookie of the session is set")
@bp.doc(responses=[400, 401, 413, 415, 429])
@limiter.limit(_rate, deduct_when=_has_failed)
@limiter.limit(_rate, key_func=_account, deduct_when=_has_failed)
def login_password(body: dict[str, str]) -> dict[str, Any] | Response:
    """Log in with e-mail address and password.

    Upper and lower case of the address are the same. Failed attempts are limited, per address of the client and per
    account.
    """
    user = _authenticated(body["username"], body["password"])
    if user is None:
        log.warning("log-in refused for a client at %s", request.remote_addr)
        return error_response(401, "wrong e-mail address or password", "Login failed")
    session.clear()
    login_user(user)
    log.info("user %s logged in from %s", user.id, request.remote_addr)
    return {"success": True, "user": user}


def _authenticated(email: str, password: str) -> SessionUser | None:
    """Return the user; None, after the same time, for an unknown one, a wrong password and an inactive user."""
    with runtime().sessions() as db_session:
        user = users.by_email(db_session, email)
    matches = passwords.verify(None if user is None else user.password_hash, password)
    return SessionUser.of(user) if user is not None and matches and user.is_active else None


@bp.post("/logout")
@bp.output(Success, description="Logged out, or was not logged in")
@bp.doc(responses=[403])
def logout() -> dict[str, Any]:
    """End the session."""
    logout_user()
    session.clear()
    return {"success": True}


@bp.get("/me")
@require_user()
@bp.output(LoggedIn, description="The user of the session")
@bp.doc(security="session")
def me() -> dict[str, Any]:
    """Tell who is logged in."""
    return {"success": True, "user": current_user}
