"""Images of Glance that the project made itself."""

from collections.abc import Iterator

from app.core.domain.resources import Resource
from app.providers.answers import Record, read
from app.providers.keystone.fields import Moment, Words, known, tagged
from app.providers.keystone.reader import Reader

IMAGE = "image:image"


class Image(Record):
    """An image; `size` in bytes, null while it is being uploaded."""

    id: str
    name: Words = ""
    status: str
    size: int | None = None
    owner: str | None = None
    created_at: Moment
    disk_format: str | None = None
    min_disk: int | None = None
    visibility: Words = ""
    tags: tuple[str, ...] = ()


def collect_images(reader: Reader) -> Iterator[Resource]:
    """Yield the project's own private images; images of others that are shared with it are not its own."""
    query = {"owner": reader.project_id, "visibility": "private"}
    for item in reader.pages("image", "/images", "images", query):
        image = read(Image, item, "an image")
        if image.owner in (None, reader.project_id):
            yield normalise_image(image, reader)


def normalise_image(image: Image, reader: Reader) -> Resource:
    """Return an image as a resource."""
    config = known(
        size_bytes=image.size, format=image.disk_format, min_disk_gb=image.min_disk, visibility=image.visibility
    )
    return Resource(
        external_id=image.id,
        name=image.name,
        region=reader.region,
        status=image.status,
        created_at=image.created_at,
        tags=tagged(image.tags),
        config=config | reader.place,
        cost=reader.cost,
    )
