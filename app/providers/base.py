"""What a cloud's plugin is: a credential schema, and an account that lists scopes and resources.

A plugin knows nothing about threads, storage, transactions or retries between calls. It raises the errors of
`app.core.domain.errors` and nothing else.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict

from app.core.domain.costs import Bill
from app.core.domain.errors import DeadlineExceeded
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope


class Credentials(BaseModel):
    """Base of a provider's credential schema: its JSON schema makes the form, its errors name the key.

    Fields that hold secrets are `SecretStr`, so that no repr or error shows them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point on the monotonic clock. What is left of it is handed down as a time-out in seconds."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline that many seconds from now."""
        return cls(time.monotonic() + seconds)

    def within(self, seconds: float) -> "Deadline":
        """Return the earlier of this deadline and the one that many seconds from now."""
        return min(self, Deadline.after(seconds), key=lambda deadline: deadline.at)

    @property
    def remaining(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at - time.monotonic())

    def check(self) -> None:
        """Raise DeadlineExceeded when no time is left."""
        if not self.remaining:
            raise DeadlineExceeded("the time given is used up")


@dataclass(slots=True)
class CallStats:
    """Counts calls to the cloud, tries included, over the life of an account."""

    calls: int = 0
    retries: int = 0

    def may_retry(self) -> bool:
        """False once retries outgrow the budget of 20, and a fifth of all calls: a cloud that is down is not helped."""
        return self.retries < 20 + self.calls // 5


@dataclass(frozen=True, slots=True)
class Session:
    """What the engine gives a provider with the credentials.

    api_endpoint   where to call instead of the cloud's public addresses, None for those
    endpoint_trusted  an operator chose that address, so that it may be one inside the operator's own network
    at   the moment of the sync, aware: which day it is, for prices and bills
    connect_timeout_s, read_timeout_s   limits of one wait for the network
    call_timeout_s   limit of one call, from the connection to the last byte of the answer, all its tries apart
    """

    deadline: Deadline
    api_endpoint: str | None = None
    endpoint_trusted: bool = True
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 30.0
    call_timeout_s: float = 90.0
    stats: CallStats = field(default_factory=CallStats)


class Account(Protocol):
    """An open account of a cloud. Used by one thread at a time; holds nothing after `close`."""

    def identify(self) -> str:
        """Check the credential with one cheap call; return the provider's own id of the account."""
        ...

    def scopes(self) -> Sequence[Scope]:
        """Return every scope that the credential can see, in a stable order."""
        ...

    def collect(self, scope: Scope) -> Iterator[Resource]:
        """Yield every resource of the scope, page by page. Ending without an error means: that was all of it."""
        ...

    def bill(self) -> Bill | None:
        """Return the latest complete day's charges; None when the cloud has no billing to read."""
        ...

    def close(self) -> None:
        """Release sockets."""
        ...


class Provider(Protocol):
    """A kind of cloud."""

    name: ClassVar[str]
    title: ClassVar[str]
    credentials: ClassVar[type[Credentials]]

    def open(self, credentials: Any, session: Session) -> Account:
        """Return an account for a validated instance of the class's `credentials`; no call is made yet."""
        ...
