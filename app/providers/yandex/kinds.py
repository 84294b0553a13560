"""What one type of resource is: where it is listed, what a record of it has, and which role shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from app.core.domain.resources import Resource
from app.providers.yandex.client import Api
from app.providers.yandex.hosts import HostIndex
from app.providers.yandex.records import Listed


class Described(Listed):
    """A record of a listing that can say which resource it is."""

    def as_resource(self) -> Resource:
        """Return the resource."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one folder; keeps in `hosts` which database host belongs to which cluster."""

    api: Api
    folder_id: str
    hosts: HostIndex


class Kind(Protocol):
    """One type of resource; `title` and `role` are for people."""

    @property
    def title(self) -> str:
        """What its resources are called, in the plural."""
        ...

    @property
    def role(self) -> str:
        """A role that shows them, beside `viewer`."""
        ...

    def collect(self, reader: Reader) -> Iterator[Resource]:
        """Yield every resource of the reader's folder."""
        ...


@dataclass(frozen=True, slots=True)
class Listing:
    """A type that one listing shows whole.

    service, path   where it is listed
    key             what the list is called in the answer
    model           a record of the list
    """

    title: str
    role: str
    service: str
    path: str
    key: str
    model: type[Described]

    def collect(self, reader: Reader) -> Iterator[Resource]:
        """Yield every resource of the reader's folder, page by page."""
        what = f"an item of {self.title}"
        found = reader.api.items(self.service, self.path, self.key, self.model, what, folderId=reader.folder_id)
        return (record.as_resource() for record in found)
