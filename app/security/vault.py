"""Credentials at rest: encrypted JSON (Fernet: AES-128-CBC with HMAC-SHA256)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CredentialUnreadable(Exception):
    """None of the configured keys decrypts this credential."""


class CredentialVault:
    """Encrypts with the first key and decrypts with all of them."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, credentials: Mapping[str, Any]) -> str:
        """Return the credentials as text that only the keys can read."""
        return self._fernet.encrypt(json.dumps(credentials).encode()).decode()

    def decrypt(self, token: str) -> dict[str, Any]:
        """Return the credentials. Raises CredentialUnreadable."""
        try:
            credentials: dict[str, Any] = json.loads(self._fernet.decrypt(token))
        except (InvalidToken, ValueError):
            raise CredentialUnreadable(
                "the stored credential cannot be decrypted with the configured keys; put the key it was stored "
                "with back into INFRAZEN_ENCRYPTION_KEYS, or enter the credential again"
            ) from None
        return credentials

    def rotate(self, token: str) -> str:
        """Re-encrypt with the first key. Raises CredentialUnreadable."""
        return self.encrypt(self.decrypt(token))
