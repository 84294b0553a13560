"""An emulated Selectel: OpenStack and managed services per project and region, and the account's own plane."""

from collections.abc import Callable, Mapping
from typing import Any

from emulators.keystone import identity
from emulators.keystone.cloud import KeystoneCloud, catalog_entry
from emulators.keystone.directory import Project, User, hex_id
from emulators.kit.pages import Item, Listing, Query, Slice, WholeList, number
from emulators.kit.server import Reply, Request
from emulators.selectel import billing
from emulators.selectel.account import Account

REGIONS = ("ru-1", "ru-3")
_MKS = r"/region/(?P<region>[^/]+)/mks/v1"
_DBAAS = r"/region/(?P<region>[^/]+)/dbaas/v1"
_CRAAS, _DNS = "/craas/api/v1", "/domains/v2"
_EVERYWHERE = "everywhere"


class _Offsets:
    """Pages of the DNS zones: `next_offset` is 0 on the last one."""

    def __init__(self, cap: int) -> None:
        self._cap = cap

    def place(self, query: Query, items: list[Item]) -> tuple[int, int]:
        """Return the offset as it was asked for."""
        return number(query, "offset", 0, 10**9), number(query, "limit", self._cap, self._cap)

    def surroundings(self, page: Slice, query: Query) -> Item:
        """Return the number of all zones and where the next page starts."""
        return {"count": page.total, "next_offset": 0 if page.is_last else page.start + page.size}


class SelectelEmulator(KeystoneCloud):
    """Selectel; use its address as the connection's `api_endpoint`."""

    identity_path = "/identity/v3"

    def __init__(self, *, page_size: int = 1000) -> None:
        super().__init__(page_size=page_size)
        self.accounts: dict[str, Account] = {}
        self._add_account_plane()
        self._add_managed()

    def add_account(self, number: str, *, projects: tuple[str, ...] = ("prod",)) -> Account:
        """Make an account with projects, and a service user that may read all of it."""
        user = User(hex_id("user", number), "svc-reader", number, f"secret of {number}", on_domain=True)
        self.directory.users[number, user.name] = user
        account = self.accounts[number] = Account(number, user, f"key-of-{number}_{hex_id(number)}")
        for name in projects:
            self.add_project(account, name)
        return account

    def add_project(self, account: Account, name: str, regions: tuple[str, ...] = REGIONS) -> Project:
        """Make a project of an account, in which the account's user has a role."""
        project = Project(hex_id("project", account.number, name), name, account.number, regions)
        self.directory.projects[project.id] = project
        account.projects.append(project)
        account.user.projects.append(project.id)
        return project

    def credentials(self, account: Account) -> dict[str, Any]:
        """Return what a user types in to connect the account."""
        return {
            "account_id": account.number,
            "service_username": account.user.name,
            "service_password": account.user.password,
        }

    def user_of(self, credentials: Mapping[str, Any]) -> User:
        """Return the service user whose credentials these are."""
        return self.accounts[credentials["account_id"]].user

    def authenticate(self, request: Request) -> Reply | None:
        """Let in tokens, and static keys on the account's plane."""
        return None if self.account_of(request) else super().authenticate(request)

    def account_of(self, request: Request) -> Account | None:
        """Return the account that a static key or a token of the whole account opens."""
        key = request.headers.get("x-token")
        if key is not None:
            return next((account for account in self.accounts.values() if account.api_key == key), None)
        token = self.token_of(request)
        return self.accounts.get(token.user.domain) if token and token.on_domain else None

    def catalog_of(self, project: Project | None) -> identity.Catalog:
        """Return OpenStack's catalog and the managed services; those without regions stand under every region."""
        if project is None:
            return super().catalog_of(None)
        paths = {
            ("managed-kubernetes", "mks"): "/region/{r}/mks/v1",
            ("managed-database", "dbaas"): "/region/{r}/dbaas/v1",
            ("container-registry", "craas"): _CRAAS,
            ("dnsv2", "dns"): _DNS,
        }
        own = [
            catalog_entry(type_, name, {r: self.url + path.format(r=r) for r in project.regions})
            for (type_, name), path in paths.items()
        ]
        return super().catalog_of(project) + own

    def _add_account_plane(self) -> None:
        resell = "/vpc/resell/v2"
        self._add_own(f"{resell}/accounts", "projects", lambda a, _: Reply({"account": _described(a)}))
        self._add_own(f"{resell}/projects", "projects", lambda a, _: Reply({"projects": _projects(a)}))
        self._add_own(f"{resell}/subnets", "subnets", lambda a, _: Reply({"subnets": list(a.subnets)}))
        self._add_own(f"{resell}/licenses", "licenses", lambda a, _: Reply({"licenses": list(a.licenses)}))
        self._add_own("/servers/v2/resource", "dedicated", lambda a, _: Reply({"result": list(a.dedicated)}))
        self._add_own("/v1/cloud_billing/statistic/consumption", "billing", billing.consumption)
        self._add_own("/v3/balances", "billing", lambda a, _: billing.balances(a))

    def _add_own(self, path: str, what: str, answer: Callable[[Account, Request], Reply]) -> None:
        def answered(request: Request) -> Reply:
            account = self.account_of(request)
            by_key = "x-token" in request.headers
            if account is None or (by_key and what == "dedicated"):
                return Reply({"message": "access denied"}, 403)
            if (account.user.id, what) in self.denied:
                return Reply({"message": "the role does not allow it"}, 403)
            return answer(account, request)

        self.routes.append(("GET", path, answered))

    def _add_managed(self) -> None:
        self._add_project_list(f"{_MKS}/clusters", "mks", "clusters")
        self._add_project_list(f"{_DBAAS}/datastores", "dbaas", "datastores")
        self._add_project_list(f"{_DBAAS}/datastore-types", "dbaas", "datastore-types")
        self._add_project_list(f"{_DNS}/zones", "dns", "result", _Offsets(self.page_size))
        self.routes.append(("GET", f"{_MKS}/clusters/(?P<cluster>[^/]+)/nodegroups", self._node_groups))
        self.routes.append(("GET", f"{_CRAAS}/registries", self._registries))

    def _add_project_list(self, path: str, service: str, key: str, paging: Any = None) -> None:
        def listed(request: Request, region: str = _EVERYWHERE) -> Reply:
            refusal = self.refused(request, service)
            if refusal is not None:
                return refusal
            items = list(self.things[self.project_of(request).id, region, key])
            return Reply(Listing(key, items, paging or WholeList()))

        self.routes.append(("GET", path, listed))

    def _node_groups(self, request: Request, region: str, cluster: str) -> Reply:
        refusal = self.refused(request, "mks")
        if refusal is not None:
            return refusal
        groups = self.things[self.project_of(request).id, region, "nodegroups"]
        return Reply({"nodegroups": [group for group in groups if group["cluster_id"] == cluster]})

    def _registries(self, request: Request) -> Reply:
        refusal = self.refused(request, "craas")
        if refusal is not None:
            return refusal
        return Reply(list(self.things[self.project_of(request).id, _EVERYWHERE, "registries"]))


def _described(account: Account) -> dict[str, Any]:
    return {"name": account.number, "enabled": True, "locked": False, "locks": [], "onboarding": False}


def _projects(account: Account) -> list[dict[str, Any]]:
    return [
        {
            "id": project.id,
            "name": project.name,
            "url": f"https://{account.number}.selvpc.ru/projects/{project.id}",
            "enabled": project.enabled,
            "custom_url": "",
            "quotas": {},
            "theme": {"color": "", "logo": ""},
        }
        for project in account.projects
    ]
