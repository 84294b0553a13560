"""The official SDK, pydo, on our transport. Facts: the OpenAPI description that pydo 0.44 was generated from."""

from collections.abc import Callable
from typing import Any

from azure.core.exceptions import AzureError
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.pipeline.transport import RequestsTransport
from pydo import Client

from app.core.domain.errors import PermissionDenied, ResponseInvalid
from app.providers.answers import printable_words
from app.providers.base import Session
from app.providers.retrying import shared_pause
from app.providers.transport import HttpTransport, for_requests

ADDRESS = "https://api.digitalocean.com"
PAGE_SIZE = 200


class _Bearer(SansIOHTTPPolicy[Any, Any]):
    """Signs requests. The SDK's own policy refuses the plain-http address of an operator's endpoint."""

    def __init__(self, token: str) -> None:
        self._token = token

    def on_request(self, request: PipelineRequest[Any]) -> None:
        request.http_request.headers["Authorization"] = f"Bearer {self._token}"


class Api:
    """Calls the API with one token. Raises only SyncErrors."""

    def __init__(self, token: str, session: Session) -> None:
        self._transport = HttpTransport(session, shared_pause(f"digitalocean {token}"))
        self.sdk = Client(
            token,
            endpoint=(session.api_endpoint or ADDRESS).rstrip("/"),
            transport=RequestsTransport(session=for_requests(self._transport), session_owner=False),
            # In place of the SDK's own, which retry, redirect, log, and read every answer a second time.
            policies=[_Bearer(token)],
        )

    def call(self, what: str, right: str, operation: Callable[..., Any], *args: Any, **query: Any) -> Any:
        """Return the JSON that an operation of the SDK answers with.

        what   what is read, for people: "droplets"
        right  the scope that the token needs for it, such as "droplet:read"
        """
        try:
            return operation(*args, **query)
        except PermissionDenied as error:
            wish = f"give the token the scope {right}"
            raise type(error)(f"this token may not read the {what}: {error.message}; {wish}") from error
        except (AzureError, AttributeError, KeyError, TypeError, ValueError) as error:
            words = printable_words(str(error)) or type(error).__name__
            raise ResponseInvalid(f"the answer with the {what} cannot be read: {words}") from error

    def close(self) -> None:
        """Close the connections."""
        self.sdk.close()
        self._transport.close()
