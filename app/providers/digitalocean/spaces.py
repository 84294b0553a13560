"""The buckets of Spaces. The API lists only keys; buckets are listed region by region over the S3 protocol.

Facts: https://docs.digitalocean.com/reference/api/spaces: S3's ListBuckets at https://<region>.digitaloceanspaces.com,
signed with signature version 4. Not verified: that every region's answer has only its own buckets.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

import httpx
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as Keys

from app.core.domain.errors import PermissionDenied, ResponseInvalid, SyncError
from app.core.domain.resources import UNKNOWN_COST, Resource
from app.core.domain.safe_xml import Element, XmlError, elements
from app.providers.answers import error_of
from app.providers.base import Session
from app.providers.retrying import shared_pause
from app.providers.transport import HttpTransport

# botocore writes what it signs to its debug log.
logging.getLogger("botocore").setLevel(logging.INFO)

BUCKET = "spaces:bucket"
REGIONS = ("ams3", "atl1", "blr1", "fra1", "lon1", "nyc3", "sfo2", "sfo3", "sgp1", "syd1", "tor1")
_REFUSED = frozenset({400, 403, 404})


class Spaces:
    """Lists buckets with one key. Raises only SyncErrors."""

    def __init__(self, access_key: str, secret_key: str, session: Session) -> None:
        self._keys = Keys(access_key, secret_key)
        self._endpoint = session.api_endpoint
        self._transport = HttpTransport(session, shared_pause(f"spaces {access_key}"), passed=_REFUSED)

    def buckets(self, region: str) -> Iterator[Resource]:
        """Yield the buckets of a region. Their sizes are not told; what they cost is on the bill, if at all."""
        content = self._get(region).content
        try:
            found = list(elements(content))
        except XmlError as error:
            raise ResponseInvalid(f"the list of buckets in {region} cannot be read: {error}") from error
        if not found or found[-1].tag != "ListAllMyBucketsResult" or all(each.tag != "Buckets" for each in found):
            raise ResponseInvalid(f"the answer with the buckets in {region} has no list of them")
        return (_bucket(each, region) for each in found if each.tag == "Bucket")

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _get(self, region: str) -> httpx.Response:
        address = (self._endpoint or f"https://{region}.digitaloceanspaces.com").rstrip("/") + "/"
        # An address that an operator chose serves all regions: the signature says which one is meant.
        signed = AWSRequest("GET", address)
        S3SigV4Auth(self._keys, "s3", region).add_auth(signed)
        answer = self._transport.handle_request(httpx.Request("GET", address, headers=dict(signed.headers.items())))
        error = error_of(answer, said=_words(answer.content))
        if error is not None:
            raise _in_words(error, region)
        return answer


def _in_words(error: SyncError, region: str) -> SyncError:
    message = f"the key of Spaces may not list the buckets in {region}: {error.message}; it has to be a full access key"
    return PermissionDenied(message) if isinstance(error, PermissionDenied) else error


def _words(content: bytes) -> str | None:
    try:
        root = list(elements(content))[-1]
    except (XmlError, IndexError):
        return None
    return root.fields.get("Message") or root.fields.get("Code")


def _bucket(element: Element, region: str) -> Resource:
    name, created = element.fields.get("Name"), element.fields.get("CreationDate")
    if not name:
        raise ResponseInvalid(f"a bucket in {region} has no name ({element.where})")
    try:
        born = datetime.fromisoformat(created) if created else None
        return Resource(name, name, region, created_at=born, cost=UNKNOWN_COST)
    except ValueError as error:
        raise ResponseInvalid(f"the bucket {name} in {region} has no valid date: {created!r}") from error
