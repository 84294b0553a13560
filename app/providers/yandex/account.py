"""One Yandex Cloud account, open for reading."""

from collections.abc import Iterator, Sequence

from app.core.domain.costs import Bill
from app.core.domain.errors import PermissionDenied, SyncError
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.base import Session
from app.providers.yandex.billing import Billing
from app.providers.yandex.catalog import KINDS
from app.providers.yandex.client import Api
from app.providers.yandex.credentials import YandexCredentials
from app.providers.yandex.hierarchy import Folder, Hierarchy
from app.providers.yandex.hosts import HostIndex
from app.providers.yandex.kinds import Kind, Reader

FOLDERS = "resource-manager:folder"
"""The scope that fails in the place of all those of a cloud whose folders may not be listed. It has no resources."""


class YandexAccount:
    """Reads what one credential sees. Makes no call before `identify`; used by one thread at a time."""

    def __init__(self, credentials: YandexCredentials, session: Session) -> None:
        self._api = Api(credentials, session)
        self._hierarchy = Hierarchy(self._api, credentials)
        self._billing = Billing(self._api, session, credentials)
        self._folders: dict[str, Folder] = {}
        self._hosts = HostIndex()
        self._databases_missing: set[str] = set()

    def identify(self) -> str:
        """Return the id of the cloud or folder that is read. One call for a token, and one or three more."""
        return self._hierarchy.account_id()

    def scopes(self) -> Sequence[Scope]:
        """Return the scopes folder by folder: every type in it. One call for the clouds, and one for each."""
        folders, denied = self._hierarchy.find()
        self._folders = {folder.id: folder for folder in folders}
        return (
            *(Scope(FOLDERS, cloud) for cloud in denied),
            *(Scope(kind, folder.id) for folder in folders for kind in KINDS),
        )

    def collect(self, scope: Scope) -> Iterator[Resource]:
        """Yield the resources of one scope, page by page."""
        if scope.resource_type == FOLDERS:
            self._hierarchy.folders(scope.location)
            return
        kind = KINDS[scope.resource_type]
        try:
            yield from kind.collect(Reader(self._api, scope.location, self._hosts))
        except SyncError as error:
            if scope.resource_type.startswith("mdb:"):
                self._databases_missing.add(kind.title)
            if not isinstance(error, PermissionDenied):
                raise
            raise type(error)(self._words(kind, scope.location, error)) from error

    def bill(self) -> Bill | None:
        """Return yesterday's bill (UTC days): one usage report. Costs of database hosts go to the clusters listed
        so far, so it is asked for last."""
        if not self._folders:
            self.scopes()
        clouds = {folder.cloud_id for folder in self._folders.values()}
        return self._billing.read(clouds, self._hosts, self._note())

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def _note(self) -> str | None:
        if not self._databases_missing:
            return None
        return f"{', '.join(sorted(self._databases_missing))} were not all listed: their cost is in the total only"

    def _words(self, kind: Kind, folder_id: str, error: PermissionDenied) -> str:
        folder = self._folders.get(folder_id)
        name = f"{folder.name} ({folder_id})" if folder and folder.name else folder_id
        return (
            f"the {kind.title} of the folder {name} may not be read: {error.message}; grant the account the role "
            f'"viewer" or "{kind.role}" on that folder'
        )
