"""Amazon Web Services: inventory through the service APIs, cost through Cost Explorer. See README.md beside this."""

from typing import ClassVar

from app.providers.aws.account import AwsAccount
from app.providers.aws.credentials import AwsCredentials
from app.providers.base import Session


class AwsProvider:
    """The plugin that the entry point `aws` names."""

    name: ClassVar[str] = "aws"
    title: ClassVar[str] = "Amazon Web Services"
    credentials: ClassVar[type[AwsCredentials]] = AwsCredentials

    def open(self, credentials: AwsCredentials, session: Session) -> AwsAccount:
        """Return an account; no call is made yet."""
        return AwsAccount(credentials, session)
