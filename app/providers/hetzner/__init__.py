"""Hetzner Cloud: inventory through its API, cost computed from its price list. See README.md beside this."""

from typing import ClassVar

from app.providers.base import Session
from app.providers.hetzner.account import HetznerAccount
from app.providers.hetzner.credentials import HetznerCredentials


class HetznerProvider:
    """The plugin that the entry point `hetzner` names."""

    name: ClassVar[str] = "hetzner"
    title: ClassVar[str] = "Hetzner Cloud"
    credentials: ClassVar[type[HetznerCredentials]] = HetznerCredentials

    def open(self, credentials: HetznerCredentials, session: Session) -> HetznerAccount:
        """Return an account; no call is made yet."""
        return HetznerAccount(credentials, session)
