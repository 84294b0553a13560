"""What can go wrong while a cloud is read, and whether trying again makes sense.

    SyncError
    ├── TransientError            the same call may succeed later
    │   ├── RateLimited           the cloud asks for a pause (retry_after, seconds)
    │   ├── ProviderUnavailable   no connection, a reset, a 5xx answer
    │   └── DeadlineExceeded      our own time limit ran out
    └── TerminalError             the same call will fail again until a person acts
        ├── AuthenticationFailed  the cloud does not know the credential
        ├── PermissionDenied      the cloud knows the credential and refuses the call
        │   └── NotOffered        there is no such service for this account (the same code)
        └── ResponseInvalid       the answer is not what the cloud's API describes

A provider raises these and nothing else. Messages are for people: they name the cause and the way out, and
never contain a secret. Anything else that escapes a provider is a bug and is reported as `unexpected_error`.
"""


class SyncError(Exception):
    """One failure of one call, scope or connection. `code` is stable and meant for programs."""

    code = "sync_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TransientError(SyncError):
    """May go away by itself."""

    code = "transient"


class RateLimited(TransientError):
    """The cloud's limit on calls is used up; `retry_after` is its own wish in seconds, None when it said nothing."""

    code = "rate_limited"

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ProviderUnavailable(TransientError):
    """The cloud could not be reached, broke the connection, or answered with a server error."""

    code = "provider_unavailable"


class DeadlineExceeded(TransientError):
    """The time given to this call, connection, user or run is used up."""

    code = "deadline_exceeded"


class TerminalError(SyncError):
    """Stays until someone changes something."""

    code = "terminal"


class AuthenticationFailed(TerminalError):
    """The credential is wrong, expired or revoked. Never retried: repeated attempts lock accounts."""

    code = "authentication_failed"


class PermissionDenied(TerminalError):
    """The credential is good but may not do this, or the service is not enabled here."""

    code = "permission_denied"


class NotOffered(PermissionDenied):
    """There is nothing at the address of the call (404): a service that this account, region or cloud does not have,
    or must not know of. Where nothing of it was ever known, that is an empty scope."""


class ResponseInvalid(TerminalError):
    """The answer is malformed, truncated or contradicts itself; nothing is concluded from it."""

    code = "response_invalid"
