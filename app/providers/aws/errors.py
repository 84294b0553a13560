"""Turn what botocore raises into our six kinds of error, in words for people and without secrets."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from botocore import exceptions as botocore_errors
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from app.core.domain.errors import (
    AuthenticationFailed,
    PermissionDenied,
    ProviderUnavailable,
    RateLimited,
    ResponseInvalid,
    SyncError,
)
from app.providers.aws.transport import Transport

_UNKNOWN_KEY = frozenset(
    "AuthFailure InvalidAccessKeyId InvalidClientTokenId InvalidToken MissingAuthenticationToken NotAuthorized "
    "UnrecognizedClientException".split()
)
"""The key is not known here. In one region of a good key it means: the region is not enabled."""
_EXPIRED = frozenset("ExpiredToken ExpiredTokenException TokenRefreshRequired".split())
_CLOCK = frozenset("RequestExpired RequestTimeTooSkewed".split())
_WRONG_SIGNATURE = frozenset(
    "IncompleteSignature IncompleteSignatureException InvalidSignatureException SignatureDoesNotMatch".split()
)
_REFUSED = frozenset(
    "AccessDenied AccessDeniedException AccountProblem AllAccessDisabled AuthorizationError "
    "DataUnavailableException Forbidden OptInRequired PendingVerification RegionDisabledException "
    "SubscriptionRequiredException UnauthorizedAccess UnauthorizedOperation".split()
)
_THROTTLED = frozenset(
    "BandwidthLimitExceeded EC2ThrottledException LimitExceededException PriorRequestNotComplete "
    "ProvisionedThroughputExceededException RequestLimitExceeded RequestThrottled RequestThrottledException SlowDown "
    "TooManyRequestsException".split()
)
_DOWN = frozenset(
    "InternalError InternalFailure InternalServerError RequestTimeout RequestTimeoutException ServiceUnavailable "
    "ServiceUnavailableException Unavailable".split()
)
_WAYS_OUT = {
    "AssumeRole": "check the role's trust policy, external_id and the policy of the key's own user",
    "DescribeRegions": "add it to the policy, or name the regions to read in the credential",
    "GetCostAndUsage": "add it to the policy, and see that Cost Explorer is switched on for this account",
}
# SyntaxError is what XML that botocore parses apart, such as a bucket's location, raises.
_MALFORMED = (ArithmeticError, AttributeError, LookupError, RecursionError, SyntaxError, TypeError, ValueError)

_KEY_ID = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12}(?=[A-Z0-9]{4}\b)")
_BLOB = re.compile(r"[A-Za-z0-9+/=_-]{100,}")
_USER_INFO = re.compile(r"(?<=://)[^/@\s]+@")
_LONGEST = 300


class Translator:
    """Translates the errors of one account.

    secrets   what must not be in a message, whoever echoes it
    """

    def __init__(self, transport: Transport, secrets: Sequence[str]) -> None:
        self._transport, self._secrets = transport, tuple(secrets)

    @contextmanager
    def translated(self, region: str | None = None) -> Iterator[None]:
        """Let only errors of `app.core.domain.errors` out of the block.

        region   the region that is read with a credential already found good; None before, and for what is global
        """
        try:
            yield
        # The causes may hold the request with its keys: they are not chained.
        except ClientError as error:
            raise self._refusal(error, region) from None
        except ResponseParserError as error:
            status = self._transport.status or 0
            kind = ProviderUnavailable if status >= 500 else ResponseInvalid
            raise kind(f"AWS answered {status} with what is no answer: {self.redact(str(error))}") from None
        except (botocore_errors.NoCredentialsError, botocore_errors.PartialCredentialsError) as error:
            raise AuthenticationFailed(f"the credential is incomplete: {error}") from None
        except (botocore_errors.ConnectionError, botocore_errors.HTTPClientError) as error:
            raise ProviderUnavailable(f"AWS cannot be reached: {self.redact(str(error))}") from None
        except BotoCoreError as error:
            raise ResponseInvalid(self.redact(str(error))) from None
        except KeyError as error:
            raise ResponseInvalid(f"the answer of AWS lacks {error}") from error
        except _MALFORMED as error:
            raise ResponseInvalid(f"the answer of AWS is not as described: {self.redact(str(error))}") from error

    def redact(self, text: str) -> str:
        """Return a text on one line, without secrets and not too long."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        line = _USER_INFO.sub("", _BLOB.sub("…", _KEY_ID.sub("…", " ".join(text.split()))))
        return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"

    def _refusal(self, error: ClientError, region: str | None) -> SyncError:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0
        said = self._said(error, code)
        if code in _THROTTLED or code.startswith("Throttl") or status == 429:
            return RateLimited(f"AWS asks for fewer calls: {said}", _retry_after_s(error))
        if code in _DOWN or status >= 500:
            return ProviderUnavailable(f"AWS answered with a server error: {said}")
        if code in _UNKNOWN_KEY or (status == 401 and code not in _EXPIRED | _CLOCK | _WRONG_SIGNATURE):
            return _unknown_key(said, region)
        if code in _EXPIRED:
            return AuthenticationFailed(f"the session token has expired; put in a new one or use role_arn: {said}")
        if code in _CLOCK:
            return AuthenticationFailed(f"AWS finds this request too old; check the clock of this machine: {said}")
        if code in _WRONG_SIGNATURE:
            return AuthenticationFailed(f"secret_access_key does not belong to access_key_id: {said}")
        if code in _REFUSED or status == 403:
            return _refused(error.operation_name, said)
        return ResponseInvalid(f"AWS does not take the call: {said}")

    def _said(self, error: ClientError, code: str) -> str:
        message = error.response.get("Error", {}).get("Message", "")
        # AWS explains a wrong signature by repeating the request, session token included; a web page explains nothing.
        if code in _WRONG_SIGNATURE or message.lstrip().startswith("<"):
            message = ""
        return self.redact(f"{error.operation_name}: {code}: {message}".rstrip(": "))


def _unknown_key(said: str, region: str | None) -> SyncError:
    if region is None:
        return AuthenticationFailed(f"AWS does not know this key; check access_key_id and session_token: {said}")
    return PermissionDenied(
        f"the region {region} is not enabled for this account or not allowed by its organisation; enable it, or name "
        f"the regions to read in the credential: {said}"
    )


def _refused(operation: str, said: str) -> SyncError:
    way_out = _WAYS_OUT.get(operation, "add it to the policy of the user or role")
    return PermissionDenied(f"AWS does not allow this call; {way_out}: {said}")


def _retry_after_s(error: ClientError) -> float | None:
    """Read Retry-After in seconds, None when AWS sent none or a date."""
    value = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("retry-after", "")
    return float(value) if re.fullmatch(r"\d{1,6}(\.\d+)?", value) else None
