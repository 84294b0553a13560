"""File shares of Manila."""

from collections.abc import Iterator, Mapping

from app.core.domain.resources import Resource
from app.providers.answers import Record, read
from app.providers.keystone.fields import Moment, Words, known, tagged
from app.providers.keystone.reader import Reader

SHARE = "share:share"


class Share(Record):
    """A share; its size is in GiB."""

    id: str
    name: Words
    status: str
    size: int
    share_proto: Words = ""
    share_type_name: Words = ""
    availability_zone: Words = ""
    created_at: Moment | None
    metadata: Mapping[str, str] = {}


def collect_shares(reader: Reader) -> Iterator[Resource]:
    """Yield the project's shares."""
    for item in reader.offset_pages("shared-file-system", "/shares/detail", "shares"):
        yield normalise_share(read(Share, item, "a share"), reader)


def normalise_share(share: Share, reader: Reader) -> Resource:
    """Return a share as a resource."""
    config = known(size_gb=share.size, type=share.share_type_name, protocol=share.share_proto)
    return Resource(
        external_id=share.id,
        name=share.name,
        region=share.availability_zone or reader.region,
        status=share.status,
        created_at=share.created_at,
        tags=tagged((), share.metadata),
        config=config | reader.place,
        cost=reader.cost,
    )
