"""Who is asking, and whether they may."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import ClassVar, ParamSpec, TypeVar

from flask import abort, current_app
from flask_login import current_user

from app.core.models import ADMIN_ROLES, Role, User
from app.core.services.runtime import Runtime

P = ParamSpec("P")
R = TypeVar("R")


def runtime() -> Runtime:
    """Return the runtime of the current app."""
    found: Runtime = current_app.extensions["infrazen"]
    return found


@dataclass(frozen=True, slots=True)
class SessionUser:
    """A logged-in user as Flask-Login wants it. `mark` changes with the password and thereby ends sessions."""

    id: int
    email: str
    role: str
    mark: str

    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    @classmethod
    def of(cls, user: User) -> "SessionUser":
        """Copy what a session needs from the row."""
        mark = hashlib.sha256((user.password_hash or "").encode()).hexdigest()[:16]
        return cls(user.id, user.email, user.role, mark)

    def get_id(self) -> str:
        """Return what the session keeps."""
        return f"{self.id}.{self.mark}"


def load_user(session_id: str) -> SessionUser | None:
    """Return the user of a session; None once it was deactivated, or its password changed since the log-in."""
    with runtime().sessions() as session:
        user = session.get(User, int(session_id.partition(".")[0]))
        if user is None or not user.is_active:
            return None
        found = SessionUser.of(user)
    return found if found.get_id() == session_id else None


def require_user() -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only logged-in users through to a view: 401 for others."""
    return _require(frozenset(Role))


def require_admin() -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only administrators through to a view: 401 without a session, 403 for other roles."""
    return _require(ADMIN_ROLES)


def _require(roles: Collection[str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not current_user.is_authenticated:
                abort(401, "log in first: POST /api/auth/login-password")
            if current_user.role not in roles:
                abort(403, "only administrators may do this")
            return view(*args, **kwargs)

        return guarded

    return decorate
