"""Selectel: inventory through OpenStack and managed services, cost through the billing statistics. See README.md."""

from typing import ClassVar

from app.providers.base import Session
from app.providers.selectel.account import SelectelAccount
from app.providers.selectel.credentials import SelectelCredentials


class SelectelProvider:
    """The plugin that the entry point `selectel` names."""

    name: ClassVar[str] = "selectel"
    title: ClassVar[str] = "Selectel"
    credentials: ClassVar[type[SelectelCredentials]] = SelectelCredentials

    def open(self, credentials: SelectelCredentials, session: Session) -> SelectelAccount:
        """Return an account; no call is made yet."""
        return SelectelAccount(credentials, session)
