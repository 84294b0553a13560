import pytest

from app.core.domain import errors


@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [
        (errors.RateLimited, "rate_limited", errors.TransientError),
        (errors.ProviderUnavailable, "provider_unavailable", errors.TransientError),
        (errors.DeadlineExceeded, "deadline_exceeded", errors.TransientError),
        (errors.AuthenticationFailed, "authentication_failed", errors.TerminalError),
        (errors.PermissionDenied, "permission_denied", errors.TerminalError),
        (errors.ResponseInvalid, "response_invalid", errors.TerminalError),
    ],
)
def test_codes_are_stable_and_say_whether_a_retry_makes_sense(
    error: type[errors.SyncError], code: str, kind: type[errors.SyncError]
) -> None:
    assert error.code == code
    assert issubclass(error, kind)
    assert str(error("what happened")) == error("what happened").message == "what happened"


def test_a_rate_limit_carries_the_clouds_own_wish() -> None:
    assert errors.RateLimited("slow", retry_after=2.5).retry_after == 2.5
    assert errors.RateLimited("slow").retry_after is None
