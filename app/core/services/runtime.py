"""What every service needs from the process it runs in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from app.core.models.types import utc_now
from app.core.persistence.engine import make_sessions
from app.security.keys import encryption_keys
from app.security.vault import CredentialVault
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Runtime:
    """Settings, a factory of sessions, the vault of credentials and the clock (aware UTC).

    A service opens a session per unit of work with `sessions.begin()`; it commits at the end of the block.
    """

    settings: Settings
    sessions: sessionmaker[Session]
    vault: CredentialVault
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_settings(cls, settings: Settings, sessions: sessionmaker[Session] | None = None) -> "Runtime":
        """Return a runtime on its own engine, or on the session factory given. Raises SettingsError."""
        if sessions is None:
            sessions = make_sessions(settings.database, pool_size=settings.sync_concurrency)
        return cls(settings, sessions, CredentialVault(encryption_keys(settings)))
