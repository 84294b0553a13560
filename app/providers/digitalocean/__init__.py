"""DigitalOcean: inventory and billing insights through the official SDK. See README.md beside this."""

from typing import ClassVar

from app.providers.base import Session
from app.providers.digitalocean.account import DigitalOceanAccount
from app.providers.digitalocean.credentials import DigitalOceanCredentials


class DigitalOceanProvider:
    """The plugin that the entry point `digitalocean` names."""

    name: ClassVar[str] = "digitalocean"
    title: ClassVar[str] = "DigitalOcean"
    credentials: ClassVar[type[DigitalOceanCredentials]] = DigitalOceanCredentials

    def open(self, credentials: DigitalOceanCredentials, session: Session) -> DigitalOceanAccount:
        """Return an account; no call is made yet."""
        return DigitalOceanAccount(credentials, session)
