"""One Selectel account, open for reading."""

from collections.abc import Iterator, Sequence

from app.core.domain.costs import Bill
from app.core.domain.errors import PermissionDenied
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.base import Session
from app.providers.keystone.places import Task, collect, enter, plan
from app.providers.selectel import costs
from app.providers.selectel.credentials import SelectelCredentials
from app.providers.selectel.kinds import ACCOUNT_WIDE, REGIONAL
from app.providers.selectel.plane import AccountPlane


class SelectelAccount:
    """Reads one account. Makes no call before `identify`; used by one thread at a time."""

    def __init__(self, credentials: SelectelCredentials, session: Session) -> None:
        self._at = session.at
        self._plane = AccountPlane(credentials, session)
        self._tasks: dict[Scope, Task] = {}

    def identify(self) -> str:
        """Return the account's number. One call; two when there is a static key."""
        return self._plane.identify()

    def scopes(self) -> Sequence[Scope]:
        """Return the scopes of the whole account, then those of every project and region. One call for the projects
        and one token for each; no region is called."""
        projects = [(id_, self._plane.enter(id_)) for id_ in self._plane.project_ids()]
        self._tasks = plan(REGIONAL, enter(projects, is_known=True))
        return (*(Scope(kind) for kind in ACCOUNT_WIDE), *self._tasks)

    def collect(self, scope: Scope) -> Iterator[Resource]:
        """Yield the resources of one scope, page by page. Costs are left to the bill."""
        if scope.resource_type in ACCOUNT_WIDE:
            yield from ACCOUNT_WIDE[scope.resource_type](self._plane)
            return
        if scope not in self._tasks:
            self.scopes()
        task = self._tasks.get(scope)
        if task is None:
            raise PermissionDenied(f"the service catalog has no {scope} any more")
        yield from collect(task, cost=None, with_metadata=False)

    def bill(self) -> Bill | None:
        """Return the charges of the latest Moscow day that has ended and is billed, with up to three days before it.

        None when nothing was charged on the last four days. Raises PermissionDenied without the right to read it.
        """
        return costs.read_bill(self._plane, self._at)

    def close(self) -> None:
        """Close the connections."""
        self._plane.close()
