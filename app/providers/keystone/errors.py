"""Turn what keystoneauth and openstacksdk raise into the errors of the domain."""

import contextlib
from collections.abc import Iterator

import httpx
import requests
from keystoneauth1 import exceptions as keystone
from openstack import exceptions as sdk

from app.core.domain.errors import NotOffered, ProviderUnavailable, ResponseInvalid, SyncError
from app.providers.answers import error_of, printable_words

_PARSING = (KeyError, TypeError, AttributeError, ValueError, IndexError, RecursionError)
"""What the SDK raises when an answer has not the form that it expects."""


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Raise SyncErrors for what the SDK raises inside; ours pass. Only for calls of the SDK: a slip in our own code
    would look like a bad answer."""
    try:
        yield
    except SyncError:
        raise
    except keystone.HttpError as error:
        if error.response is not None:
            check(error.response)
        raise ResponseInvalid(f"the cloud's answer cannot be used: {_words(error)}") from None
    except keystone.CatalogException as error:
        raise NotOffered(f"not there, or not visible to this credential ({_words(error)})") from None
    except keystone.ConnectionError as error:
        raise ProviderUnavailable(f"the connection failed: {_words(error)}") from None
    except (keystone.ClientException, sdk.SDKException) as error:
        raise ResponseInvalid(f"the cloud's answer cannot be used: {_words(error)}") from None
    except _PARSING as error:
        raise ResponseInvalid(f"the answer is not as the cloud's API describes: {_words(error)}") from None


def check(response: requests.Response) -> None:
    """Raise what the status of an answer means, if it is not a good one."""
    sent = response.request
    headers = {name: value for name, value in sent.headers.items() if isinstance(value, str)}
    body = sent.body if isinstance(sent.body, str | bytes) else None
    request = httpx.Request(str(sent.method), str(sent.url), headers=headers, content=body)
    answer = httpx.Response(
        response.status_code, headers=dict(response.headers), content=response.content, request=request
    )
    error = error_of(answer)
    if error is not None:
        raise error from None


def _words(error: Exception) -> str:
    return printable_words(str(error)) or type(error).__name__
