"""Containers of Swift. Their names are unique only within a project and region, and so are made part of the id."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from app.core.domain.errors import ResponseInvalid
from app.core.domain.resources import Resource
from app.providers.answers import Record, read
from app.providers.keystone.reader import PAGE_SIZE, Reader
from app.providers.pagination import Page, walk

CONTAINER = "object-store:container"


class Container(Record):
    """A container; the number and size of its objects are counted with some delay."""

    name: str
    count: int
    bytes: int


def collect_containers(reader: Reader) -> Iterator[Resource]:
    """Yield the project's containers."""
    return (normalise_container(container, reader) for container in list_containers(reader))


def list_containers(reader: Reader) -> Iterator[Container]:
    """Yield the project's containers as they are told; the last name asks for the next page, an empty page ends it."""

    def fetch(marker: str) -> Page[Container]:
        body = reader.get_url("object-store", query={"format": "json", "limit": PAGE_SIZE, "marker": marker})
        found = [read(Container, item, "a container") for item in _listed(body)]
        return Page(found, found[-1].name if found else None)

    return walk(fetch, lambda container: container.name, "")


def container_id(reader: Reader, name: str) -> str:
    """Return the id of a container: `project/region/name`."""
    return f"{reader.project_id}/{reader.region}/{name}"


def normalise_container(container: Container, reader: Reader) -> Resource:
    """Return a container as a resource. The number of its objects is left out: nobody is billed for it."""
    return Resource(
        external_id=container_id(reader, container.name),
        name=container.name,
        region=reader.region,
        config={"size_bytes": container.bytes} | reader.place,
        cost=reader.cost,
    )


def folded(containers: Iterable[Container], home: Callable[[str], str]) -> list[Container]:
    """Add the sizes of hidden containers to the one that they serve, which `home` tells by the name.

    One whose home is not there stays as it is. The result is in order of name.
    """
    by_name = {container.name: container for container in containers}
    sizes: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for name, container in by_name.items():
        served = home(name) if home(name) in by_name else name
        count, size = sizes[served]
        sizes[served] = count + container.count, size + container.bytes
    return [Container(name=name, count=count, bytes=size) for name, (count, size) in sorted(sizes.items())]


def _listed(body: Any) -> list[Any]:
    # 204 has no body: an account without containers.
    if body is None:
        return []
    if not isinstance(body, list):
        raise ResponseInvalid("the answer is no list of containers")
    return body
