"""Accounts: making them, their passwords, and taking them out of service."""

from collections.abc import Sequence

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from app.core.domain.currencies import is_current
from app.core.models import Role, User
from app.core.persistence import users
from app.core.services.runtime import Runtime
from app.security.passwords import hash_password

# Platforms have accounts on internal domains too (`corp.local`, `localhost`): an address is a name here, and the
# library's documented way to allow such domains is to take them off this list.
SPECIAL_USE_DOMAIN_NAMES.clear()


class UserError(ValueError):
    """What was asked cannot be done; the message says why."""


class UserService:
    """Manages accounts. Each method is one unit of work."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def add(self, email: str, *, role: Role, password: str | None, currency: str = "USD") -> User:
        """Create an active account; without a password nobody can log in as it.

        Raises UserError for a bad or known address or currency, WeakPassword.
        """
        address = _address(email)
        _check_currency(currency)
        hashed = None if password is None else hash_password(password)
        with self._runtime.sessions.begin() as session:
            if users.by_email(session, address) is not None:
                raise UserError(f"there is a user {address} already")
            user = User(
                email=address,
                role=role.value,
                password_hash=hashed,
                currency=currency,
                created_at=self._runtime.clock(),
            )
            session.add(user)
        return user

    def set_password(self, email: str, password: str) -> None:
        """Replace the password. Raises UnknownUser, WeakPassword."""
        hashed = hash_password(password)
        with self._runtime.sessions.begin() as session:
            users.require(session, email).password_hash = hashed

    def set_active(self, email: str, *, active: bool) -> None:
        """Let an account take part in runs and log in, or stop it from both. Raises UnknownUser."""
        with self._runtime.sessions.begin() as session:
            users.require(session, email).is_active = active

    def set_currency(self, email: str, currency: str) -> None:
        """Choose the currency of the user's totals, from the next sync on. Raises UnknownUser, UserError."""
        _check_currency(currency)
        with self._runtime.sessions.begin() as session:
            users.require(session, email).currency = currency

    def listing(self) -> Sequence[User]:
        """Return all accounts, by id."""
        with self._runtime.sessions() as session:
            return users.listing(session)


def _check_currency(code: str) -> None:
    if not is_current(code):
        raise UserError(f"{code!r} is no ISO 4217 currency code such as USD")


def _address(email: str) -> str:
    try:
        checked = validate_email(email.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise UserError(f"{email!r} is no e-mail address: {error}") from error
    return checked.normalized.lower()
