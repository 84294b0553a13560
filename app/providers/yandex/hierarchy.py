"""Clouds and folders: what a credential can see. Source: yandex.cloud/docs/resource-manager/api-ref."""

from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import quote

from pydantic import Field

from app.core.domain.errors import PermissionDenied
from app.providers.answers import read
from app.providers.yandex.client import Api
from app.providers.yandex.credentials import YandexCredentials
from app.providers.yandex.records import Item, Listed, Part

L = TypeVar("L", bound=Listed)
_SERVICE, _PATH = "resource-manager", "/resource-manager/v1"
_LISTED = frozenset({"ACTIVE", "PENDING_DELETION"})
"""Folders whose resources still exist and are paid for."""


class Cloud(Item):
    """A cloud."""


class Folder(Item):
    """A folder of a cloud."""

    cloud_id: str = ""


class _ServiceAccount(Part):
    folder_id: str = Field(min_length=1)


class Hierarchy:
    """Finds the folders to read. Denied clouds are told apart, so that they cost only themselves."""

    def __init__(self, api: Api, credentials: YandexCredentials) -> None:
        self._api, self._credentials = api, credentials

    def account_id(self) -> str:
        """Return the id of the folder or cloud that is read, or of the first clouds; one call, or three.

        Raises PermissionDenied when nothing can be seen.
        """
        if self._credentials.folder_id:
            return self.folder(self._credentials.folder_id).id
        if self._credentials.cloud_id:
            path = f"{_PATH}/clouds/{quote(self._credentials.cloud_id, safe='')}"
            return read(Cloud, self._api.get(_SERVICE, path), "a cloud").id
        clouds = self._clouds()
        ids = clouds[:3] + (["…"] if len(clouds) > 3 else [])
        return ",".join(ids) if clouds else self._own_folder().id

    def find(self) -> tuple[list[Folder], list[str]]:
        """Return the folders, sorted by id, and the ids of the clouds whose folders may not be listed.

        Raises PermissionDenied when that is all of them.
        """
        if self._credentials.folder_id:
            return [self._checked(self.folder(self._credentials.folder_id))], []
        clouds = [self._credentials.cloud_id] if self._credentials.cloud_id else self._clouds()
        if not clouds:
            return [self._own_folder()], []
        found, denied, error = list[Folder](), list[str](), None
        for cloud in clouds:
            try:
                found += self.folders(cloud)
            except PermissionDenied as refused:
                denied.append(cloud)
                error = refused
        if error is not None and len(denied) == len(clouds):
            raise error
        return sorted(found, key=lambda folder: folder.id), denied

    def folders(self, cloud_id: str) -> list[Folder]:
        """Return the folders of a cloud that still have resources."""
        try:
            found = self._items("folders", Folder, "a folder", cloudId=cloud_id)
            by_id = {folder.id: folder for folder in found if folder.status in _LISTED}
        except PermissionDenied as error:
            raise PermissionDenied(
                f"the folders of the cloud {cloud_id} cannot be listed: {error.message}; grant the account the role "
                '"viewer" (or "auditor") on the cloud, or name one folder in folder_id'
            ) from error
        return list(by_id.values())

    def folder(self, folder_id: str) -> Folder:
        """Return one folder."""
        try:
            body = self._api.get(_SERVICE, f"{_PATH}/folders/{quote(folder_id, safe='')}")
        except PermissionDenied as error:
            raise PermissionDenied(
                f"the folder {folder_id} cannot be seen: {error.message}; check the id, and grant the account the "
                'role "viewer" (or "auditor") on it'
            ) from error
        return read(Folder, body, "a folder")

    def _clouds(self) -> list[str]:
        return sorted({cloud.id for cloud in self._items("clouds", Cloud, "a cloud")})

    def _items(self, name: str, model: type[L], what: str, **query: str) -> Iterator[L]:
        return self._api.items(_SERVICE, f"{_PATH}/{name}", name, model, what, **query)

    def _own_folder(self) -> Folder:
        """Return the folder that the service account itself is in: one with a role there only sees no clouds."""
        key = self._credentials.service_account_key
        nothing = 'this account sees no cloud; grant it the role "viewer" on a cloud or folder'
        if key is None:
            raise PermissionDenied(f"{nothing}, and if it is only a folder put its id in folder_id")
        try:
            body = self._api.get("iam", f"/iam/v1/serviceAccounts/{quote(key.service_account_id, safe='')}")
        except PermissionDenied as error:
            raise PermissionDenied(f"{nothing}, or put the folder's id in folder_id ({error.message})") from error
        return self.folder(read(_ServiceAccount, body, "the service account").folder_id)

    def _checked(self, folder: Folder) -> Folder:
        wanted = self._credentials.cloud_id
        if wanted and folder.cloud_id != wanted:
            raise PermissionDenied(
                f"the folder {folder.id} is in the cloud {folder.cloud_id}, not in {wanted}; leave cloud_id out"
            )
        return folder
