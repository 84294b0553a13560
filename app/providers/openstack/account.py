"""One user of an OpenStack cloud, open for reading."""

from collections.abc import Iterator, Sequence

from app.core.domain.costs import Bill
from app.core.domain.errors import PermissionDenied
from app.core.domain.resources import UNKNOWN_COST, Resource
from app.core.domain.scopes import Scope
from app.providers.answers import Record, read
from app.providers.base import Session
from app.providers.keystone.access import Access, Door
from app.providers.keystone.kinds import CONTAINERS, STANDARD
from app.providers.keystone.places import Task, collect, enter, plan
from app.providers.openstack import logins
from app.providers.openstack.credentials import OpenStackCredentials
from app.providers.pagination import listed

_KINDS = (*STANDARD, CONTAINERS)


class OpenStackAccount:
    """Reads the projects that a credential opens. Makes no call before `identify`; used by one thread at a time."""

    def __init__(self, credentials: OpenStackCredentials, session: Session) -> None:
        self._credentials = credentials
        self._auth_url = logins.identity_url(session.api_endpoint or credentials.auth_url)
        who = credentials.application_credential_id or f"{credentials.user_domain_name}/{credentials.username}"
        self._door = Door(session, f"openstack {self._auth_url} {who}")
        named = logins.into_named_project(credentials, self._auth_url)
        self._project = self._door.enter(named) if named else None
        self._user = None if named else self._door.enter(logins.without_project(credentials, self._auth_url))
        self._tasks: dict[Scope, Task] = {}

    def identify(self) -> str:
        """Return the id of the project; of the user, when the credential names no project. One call."""
        if self._project is not None:
            return self._project.project_id
        return self._users_access.user_id

    def scopes(self) -> Sequence[Scope]:
        """Return every type in every project and region that has its service. One token per project; no service
        is called. Raises PermissionDenied when the user may enter no project."""
        self._tasks = plan(_KINDS, enter(self._projects(), is_known=self._user is not None), self._credentials.regions)
        return tuple(self._tasks)

    def collect(self, scope: Scope) -> Iterator[Resource]:
        """Yield the resources of one scope, page by page."""
        if scope not in self._tasks:
            self.scopes()
        task = self._tasks.get(scope)
        if task is None:
            raise PermissionDenied(f"the service catalog has no {scope} any more")
        yield from collect(task, cost=UNKNOWN_COST)

    def bill(self) -> Bill | None:
        """Return None: OpenStack has no prices that its users could read."""
        return None

    def close(self) -> None:
        """Close the connections."""
        self._door.close()

    @property
    def _users_access(self) -> Access:
        if self._user is None:
            raise PermissionDenied("the credential is bound to one project")
        return self._user

    def _projects(self) -> list[tuple[str, Access]]:
        if self._project is not None:
            return [(self._project.project_id, self._project)]
        body = self._users_access.get(f"{self._auth_url}/auth/projects")
        projects = [read(_Project, item, "a project") for item in listed(body, "projects")]
        ids = sorted(project.id for project in projects if project.enabled)
        if not ids:
            raise PermissionDenied("the user may enter no project; give it the role reader in the projects to read")
        logins_ = ((id_, logins.into_project(self._credentials, self._auth_url, id_)) for id_ in ids)
        return [(id_, self._door.enter(login)) for id_, login in logins_]


class _Project(Record):
    id: str
    enabled: bool = True
