"""Plan what is read where: kinds of resources, in the projects and regions whose catalogs have their service."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.core.domain.errors import AuthenticationFailed, PermissionDenied, ResponseInvalid, SyncError
from app.core.domain.resources import Cost, Resource
from app.core.domain.scopes import Scope
from app.providers.keystone.access import Access
from app.providers.keystone.catalog import Catalog
from app.providers.keystone.reader import Reader

_MAX_LOCATION = 64


@dataclass(frozen=True, slots=True)
class Kind:
    """A resource type, the service that lists it, and how."""

    resource_type: str
    service: str
    collect: Callable[[Reader], Iterator[Resource]]


@dataclass(frozen=True, slots=True)
class Project:
    """A project, and its catalog or why that could not be read."""

    id: str
    access: Access
    catalog: Catalog | SyncError


@dataclass(frozen=True, slots=True)
class Task:
    """One listing to make: a kind in a project and region."""

    kind: Kind
    project: Project
    region: str


def enter(projects: Iterable[tuple[str, Access]], *, is_known: bool) -> list[Project]:
    """Get a token of each project (id, access). One that is refused takes its error along; if all are, it is raised.

    A failure that may pass is raised at once: without a project's catalog nobody knows all of its scopes, and a scope
    that is not named looks as if it were gone for good.

    is_known  the cloud knows the credential: a refusal then means that it has no role in the project
    """
    entered = [_entered(id_, access, is_known=is_known) for id_, access in projects]
    errors = [project.catalog for project in entered if isinstance(project.catalog, SyncError)]
    if errors and len(errors) == len(entered):
        raise errors[0]
    return entered


def _entered(id_: str, access: Access, *, is_known: bool) -> Project:
    try:
        return Project(id_, access, access.catalog)
    except (AuthenticationFailed, PermissionDenied) as error:
        if not is_known:
            return Project(id_, access, error)
        words = f"project {id_} lets the user not in: {error.message}; give it a role there that may read, or leave"
        return Project(id_, access, PermissionDenied(f"{words} the project out"))
    except ResponseInvalid as error:
        return Project(id_, access, error)


def plan(kinds: Sequence[Kind], projects: Sequence[Project], regions: Sequence[str] | None = None) -> dict[Scope, Task]:
    """Return every listing to make, in a stable order; no region is called for it.

    A project that could not be entered gets the scopes of all the others, so that they fail and say why. A service
    that several regions share (the same address) is read once, in the first of them.
    regions  which ones to read; None for all that the catalogs name
    """
    catalogs = [project.catalog for project in projects if isinstance(project.catalog, Catalog)]
    tasks: dict[Scope, Task] = {}
    for project in sorted(projects, key=lambda project: project.id):
        own = [project.catalog] if isinstance(project.catalog, Catalog) else catalogs
        for kind in kinds:
            for region in _regions(own, kind.service, regions):
                tasks[Scope(kind.resource_type, location(project.id, region))] = Task(kind, project, region)
    for region in _unknown(catalogs, regions):
        scope = Scope(kinds[0].resource_type, location(projects[0].id, region))
        tasks[scope] = Task(kinds[0], projects[0], region)
    return tasks


def _unknown(catalogs: Iterable[Catalog], wanted: Sequence[str] | None) -> list[str]:
    # Such a region has one scope, which fails and says so: nothing that was asked for is left out in silence.
    return sorted(set(wanted or ()).difference(*(catalog.regions for catalog in catalogs)))


def collect(task: Task, *, cost: Cost | None, with_metadata: bool = True) -> Iterator[Resource]:
    """Yield the resources of a listing. Raises the project's own error if it could not be entered."""
    if isinstance(task.project.catalog, SyncError):
        raise task.project.catalog
    reader = Reader(task.project.access, task.project.id, task.region, cost=cost, with_metadata=with_metadata)
    yield from task.kind.collect(reader)


def _regions(catalogs: Iterable[Catalog], service: str, wanted: Sequence[str] | None) -> list[str]:
    found: set[str] = set()
    for catalog in catalogs:
        urls: dict[str, str] = {}
        for region in sorted(catalog.regions):
            url = catalog.url(service, region)
            if url is not None and (wanted is None or region in wanted):
                urls.setdefault(url, region)
        found.update(urls.values())
    return sorted(found)


def location(project_id: str, region: str) -> str:
    """Return `project/region`; the end of a text that is too long becomes a hash."""
    text = f"{project_id}/{region}"
    if len(text) <= _MAX_LOCATION:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{text[: _MAX_LOCATION - 17]}#{digest}"
