"""Any OpenStack cloud: inventory through its standard APIs. See README.md beside this."""

from typing import ClassVar

from app.providers.base import Session
from app.providers.openstack.account import OpenStackAccount
from app.providers.openstack.credentials import OpenStackCredentials


class OpenStackProvider:
    """The plugin that the entry point `openstack` names."""

    name: ClassVar[str] = "openstack"
    title: ClassVar[str] = "OpenStack"
    credentials: ClassVar[type[OpenStackCredentials]] = OpenStackCredentials

    def open(self, credentials: OpenStackCredentials, session: Session) -> OpenStackAccount:
        """Return an account; no call is made yet."""
        return OpenStackAccount(credentials, session)
