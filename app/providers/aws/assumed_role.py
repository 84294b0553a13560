"""Take on a role in another account, and again before its keys expire."""

from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.credentials import ReadOnlyCredentials

from app.providers.aws.client import Clients

SESSION_NAME = "infrazen"
REFRESH_BEFORE = timedelta(minutes=5)


class AssumedRole:
    """Signing keys of a role. The first request takes it on; no call is made before."""

    def __init__(self, clients: Clients, region: str, role_arn: str, external_id: str | None) -> None:
        self._clients, self._region = clients, region
        self._wanted: dict[str, Any] = {"RoleArn": role_arn, "RoleSessionName": SESSION_NAME}
        if external_id is not None:
            self._wanted["ExternalId"] = external_id
        self._keys: ReadOnlyCredentials | None = None
        self._expires_at = datetime.min.replace(tzinfo=UTC)

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Return keys that hold for at least five more minutes."""
        if self._keys is None or self._expires_at - datetime.now(UTC) < REFRESH_BEFORE:
            self._assume()
        return self._keys

    def _assume(self) -> None:
        sts = self._clients.create("sts", self._region)
        try:
            given = sts.assume_role(**self._wanted)["Credentials"]
        finally:
            sts.close()
        self._keys = ReadOnlyCredentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        self._expires_at = given["Expiration"]
