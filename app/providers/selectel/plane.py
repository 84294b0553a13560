"""The account's own plane: projects, statistics, balance, and what belongs to the account as a whole."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keystoneauth1.identity import v3

from app.core.domain.errors import AuthenticationFailed, PermissionDenied
from app.providers.answers import Record, read
from app.providers.base import Session
from app.providers.keystone.access import Access, Door
from app.providers.pagination import listed
from app.providers.selectel.credentials import SelectelCredentials

IDENTITY_URL, API_URL = "https://cloud.api.selcloud.ru/identity/v3", "https://api.selectel.ru"
_STATISTICS_WAIT_S = 90.0
"""How long the statistics may think; they are slow."""

Query = Mapping[str, str | tuple[str, ...]]


class AccountPlane:
    """Calls `api.selectel.ru`, with the static key if there is one, else with a token of the whole account."""

    def __init__(self, credentials: SelectelCredentials, session: Session) -> None:
        self._credentials = credentials
        base = session.api_endpoint.rstrip("/") if session.api_endpoint else None
        self._identity_url = f"{base}/identity/v3" if base else IDENTITY_URL
        self._api_url = base or API_URL
        principal = f"selectel {credentials.account_id} {credentials.service_username}"
        patient = replace(session, read_timeout_s=max(session.read_timeout_s, _STATISTICS_WAIT_S))
        self._door, self._slow_door = Door(session, principal), Door(patient, principal)
        login = self._login(domain_name=credentials.account_id)
        self._account, self._slow_account = self._door.enter(login), self._slow_door.enter(login)
        self._user = self._door.enter(self._login(unscoped=True))

    def identify(self) -> str:
        """Return the account's number. One call; with a static key two, so that both credentials are checked."""
        if self._credentials.api_key is None:
            try:
                self._account.check()
            except AuthenticationFailed as error:
                raise AuthenticationFailed(
                    f"{error.message}; either account, name or password is wrong, or the service user has no role on "
                    "the whole account: give it the role reader (viewer) there, or add a static key"
                ) from None
            return self._credentials.account_id
        self._user.check()
        account = read(_Accounts, self.get("/vpc/resell/v2/accounts"), "the account").account
        if account.name != self._credentials.account_id:
            raise AuthenticationFailed(f"the static key belongs to account {account.name}, not to this one")
        return account.name

    def project_ids(self) -> list[str]:
        """Return the ids of the projects to read: those of the credential, else all enabled ones of the account."""
        if self._credentials.project_ids is not None:
            return list(self._credentials.project_ids)
        found = listed(self.get("/vpc/resell/v2/projects"), "projects")
        return sorted(p.id for p in (read(_Project, item, "a project") for item in found) if p.enabled)

    def reads(self, project_id: str) -> bool:
        """Tell whether what belongs to a project (the whole account, when it is "") is to be read."""
        wanted = self._credentials.project_ids
        return wanted is None or not project_id or project_id in wanted

    def enter(self, project_id: str) -> Access:
        """Return the access to a project; no call is made yet."""
        return self._door.enter(self._login(project_id=project_id))

    def get(self, path: str, query: Query | None = None, *, slow: bool = False) -> Any:
        """Return the JSON at a path of the account's plane. Raises SyncErrors; a refused static key is one too."""
        key = self._credentials.api_key
        access = self._slow_account if slow else self._account
        if key is None:
            return self.get_by_token(path, query, access)
        headers = {"X-Token": key.get_secret_value()}
        return access.get(self._api_url + path, params=dict(query or {}), headers=headers, authenticated=False)

    def get_by_token(self, path: str, query: Query | None = None, access: Access | None = None) -> Any:
        """Return the JSON at a path that takes a token of the whole account only."""
        try:
            return (access or self._account).get(self._api_url + path, params=dict(query or {}))
        except AuthenticationFailed as error:
            # Keystone says 401 also to a good user who has no role there.
            raise PermissionDenied(
                f"{error.message}; the service user needs the role reader (viewer) on the whole account"
            ) from None

    def close(self) -> None:
        """Close the connections."""
        self._door.close()
        self._slow_door.close()

    def _login(
        self, *, project_id: str | None = None, domain_name: str | None = None, unscoped: bool = False
    ) -> v3.Password:
        return v3.Password(
            self._identity_url,
            username=self._credentials.service_username,
            password=self._credentials.service_password.get_secret_value(),
            user_domain_name=self._credentials.account_id,
            project_id=project_id,
            domain_name=domain_name,
            unscoped=unscoped,
        )


class _Account(Record):
    name: str


class _Accounts(Record):
    account: _Account


class _Project(Record):
    id: str
    enabled: bool = True
