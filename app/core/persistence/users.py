"""Queries on users."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.core.models import Role, User


class UnknownUser(LookupError):
    """There is no user with that address."""


def eligible() -> ColumnElement[bool]:
    """Return the condition of a user that bulk runs look at: active, and not a demo."""
    return and_(User.is_active.is_(True), User.role != Role.DEMO.value)


def by_email(session: Session, email: str) -> User | None:
    """Return the user with that address; upper and lower case are the same."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def require(session: Session, email: str) -> User:
    """Return the user with that address. Raises UnknownUser."""
    user = by_email(session, email)
    if user is None:
        raise UnknownUser(f"there is no user {email.strip().lower()}; `infrazen users list` shows all")
    return user


def listing(session: Session) -> Sequence[User]:
    """Return all users, ordered by id."""
    return session.scalars(select(User).order_by(User.id)).all()
