"""Buckets of the object storage: Swift's containers, with their hidden helpers folded in."""

from collections.abc import Iterator

from app.core.domain.resources import Resource
from app.providers.keystone.collectors.object_store import folded, list_containers, normalise_container
from app.providers.keystone.reader import Reader

BUCKET = "storage:bucket"
_HIDDEN = ("_s3multipartuploads", "_segments", ".file-segments")
"""Ends of the names of containers that hold parts of a bucket's objects; their bytes are billed with it."""


def home(name: str) -> str:
    """Return the name of the bucket that a container serves; its own when it is a bucket itself."""
    return next((name.removesuffix(end) for end in _HIDDEN if name.endswith(end)), name)


def collect_buckets(reader: Reader) -> Iterator[Resource]:
    """Yield the project's buckets; the id is `project/region/name`."""
    # The list is read to its end first: a helper may come before its bucket, and a page may be read again.
    found = {container.name: container for container in list_containers(reader)}
    return (normalise_container(bucket, reader) for bucket in folded(found.values(), home))
