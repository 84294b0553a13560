"""What collectors read from: the client, and listings that several scopes share."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from app.providers.beget.client import BegetClient

T = TypeVar("T")
ACCOUNT = "hosting:account"


class Reader:
    """One account's answers. A listing that several scopes share is read once; one that failed is read again."""

    def __init__(self, client: BegetClient) -> None:
        self.client = client
        self._kept: dict[Callable[..., Any], Any] = {}

    @property
    def day(self) -> date:
        """The UTC day that prices are for."""
        return self.client.day

    @property
    def hosting_parent(self) -> dict[str, str]:
        """The hosting account, as its parts name it."""
        return {"type": ACCOUNT, "id": self.client.login}

    def kept(self, read: Callable[["Reader"], T]) -> T:
        """Return what `read` returns, reading only once."""
        if read not in self._kept:
            self._kept[read] = read(self)
        found: T = self._kept[read]
        return found
