"""What Hetzner's answers mean, where it differs from the usual, in words that help its customers."""

import httpx

from app.core.domain.errors import AuthenticationFailed, PermissionDenied, RateLimited, SyncError
from app.providers.answers import error_of

PAUSE_S = 5.0
"""How long to wait after a 429. Its `RateLimit-Reset` is when the whole budget is back, which refills all the time:
one call a second (docs.hetzner.cloud, Rate Limiting; not verified)."""


def meaning(response: httpx.Response) -> SyncError | None:
    """Return the error that an answer means, None for a good one."""
    error = error_of(response)
    if isinstance(error, RateLimited) and "retry-after" not in response.headers:
        return RateLimited(error.message, PAUSE_S)
    if isinstance(error, AuthenticationFailed):
        return AuthenticationFailed(
            f"Hetzner does not know the API token, it was mistyped or deleted: {error.message}; "
            "make a new one in the console under Security > API tokens of the project"
        )
    if isinstance(error, PermissionDenied):
        what = response.request.url.path.rpartition("/")[2].replace("_", " ")
        return type(error)(f"the API token may not read {what}: {error.message}; use one with the permission Read")
    return error
