"""Container registries: a list without pages, the same for all regions. Field names are in camel case."""

from collections.abc import Iterator

from pydantic import Field

from app.core.domain.errors import ResponseInvalid
from app.core.domain.resources import Resource
from app.providers.answers import Record, read
from app.providers.keystone.fields import Moment, Words, known
from app.providers.keystone.reader import Reader

SERVICE = "container-registry"
REGISTRY = "craas:registry"


class Registry(Record):
    """A registry. Its units of size are not documented; how much of it is used changes by itself and is left out."""

    id: str
    name: Words
    status: Words = ""
    created_at: Moment = Field(alias="createdAt")
    size_limit: int | None = Field(None, alias="sizeLimit")


def collect_registries(reader: Reader) -> Iterator[Resource]:
    """Yield the project's registries."""
    items = reader.get_url(SERVICE, "/registries")
    if not isinstance(items, list):
        raise ResponseInvalid("the answer is no list of registries")
    return (normalise_registry(read(Registry, item, "a registry"), reader) for item in items)


def normalise_registry(registry: Registry, reader: Reader) -> Resource:
    """Return a registry as a resource; it has no region."""
    return Resource(
        external_id=registry.id,
        name=registry.name,
        status=registry.status,
        created_at=registry.created_at,
        config=known(size_limit=registry.size_limit) | {"project_id": reader.project_id},
        cost=reader.cost,
    )
