"""Spaces: S3's ListBuckets, with signatures that are checked."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from emulators.kit.server import Reply, Request

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/s3/aws4_request, "
    r"SignedHeaders=(?P<names>[^,]+), Signature=(?P<signature>[0-9a-f]{64})"
)
_EMPTY = hashlib.sha256(b"").hexdigest()


def signer(request: Request, secrets: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the access key and the region of a signed request, None when the signature is wrong.

    `secrets` has the secret of each known access key.
    """
    found = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if found is None or found["key"] not in secrets:
        return None
    secret = secrets[found["key"]]
    scope = f"{found['day']}/{found['region']}/s3/aws4_request"
    names = found["names"].split(";")
    headers = "".join(f"{name}:{request.headers.get(name, '').strip()}\n" for name in names)
    canonical = f"{request.method}\n{request.path}\n\n{headers}\n{found['names']}\n{_EMPTY}"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{request.headers.get('x-amz-date', '')}\n{scope}\n{digest}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    is_right = hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), found["signature"])
    return (found["key"], found["region"]) if is_right else None


def bucket_list(owner: str, names: list[str]) -> Reply:
    """Return the answer of ListBuckets."""
    buckets = "".join(
        f"<Bucket><Name>{escape(name)}</Name><CreationDate>2026-01-10T08:00:00.000Z</CreationDate></Bucket>"
        for name in names
    )
    return _xml(
        '<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<Owner><ID>{owner}</ID><DisplayName>{owner}</DisplayName></Owner><Buckets>{buckets}</Buckets>"
        "</ListAllMyBucketsResult>"
    )


def refused(code: str) -> Reply:
    """Return an error as Spaces writes it, without words of its own."""
    return _xml(f"<Error><Code>{code}</Code><RequestId>tx-1</RequestId><HostId>fra1</HostId></Error>", status=403)


def _xml(body: str, *, status: int = 200) -> Reply:
    content = f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode()
    return Reply(content, status, {"Content-Type": "application/xml"})
