"""Beget: virtual servers and cloud services through the Cloud API, shared hosting through the older API.

See README.md beside this.
"""

from typing import ClassVar

from app.providers.base import Session
from app.providers.beget.account import BegetAccount
from app.providers.beget.credentials import BegetCredentials


class BegetProvider:
    """The plugin that the entry point `beget` names."""

    name: ClassVar[str] = "beget"
    title: ClassVar[str] = "Beget"
    credentials: ClassVar[type[BegetCredentials]] = BegetCredentials

    def open(self, credentials: BegetCredentials, session: Session) -> BegetAccount:
        """Return an account; no call is made yet."""
        return BegetAccount(credentials, session)
