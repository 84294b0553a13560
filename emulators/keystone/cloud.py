"""An emulated OpenStack cloud: identity, a catalog with several regions on one port, and the standard services."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from emulators.keystone import identity
from emulators.keystone.directory import Directory, Project, Token, User
from emulators.keystone.pages import GlanceMarkers, Markers, Names, Offsets
from emulators.keystone.services import LISTS, STANDARD, List, Service
from emulators.kit.pages import Listing, Paging
from emulators.kit.server import Emulator, Reply, Request

_EMBEDDED_SINCE = 47
_NOWHERE = "http://127.0.0.1:1"
_REGION = r"/region/(?P<region>[^/]+)"


class KeystoneCloud(Emulator):
    """Base of the clouds that speak OpenStack.

    page_size     the most items that a page has
    compute_minor the newest microversion 2.x of Nova; below 47 a server names its flavor only
    identity_path where the Identity API is, with `/v3`
    dead_regions  regions whose address in the catalog does not exist
    """

    identity_path = "/v3"

    def __init__(self, *, page_size: int = 1000, compute_minor: int = 95) -> None:
        super().__init__()
        self.page_size, self.compute_minor = page_size, compute_minor
        self.directory = Directory()
        self.identity = identity.Identity(self.directory)
        self.things: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        self.shared: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.denied: set[tuple[str, str]] = set()
        self.dead_regions: set[str] = set()
        self._add_identity()
        for service in STANDARD:
            self._add_versions(service)
        for list_ in LISTS:
            self._add_list(list_)
        self.routes.append(("GET", _REGION + r"/compute/v2\.1/flavors/(?P<id_>[^/]+)", self._flavor))
        self.routes.append(("GET", _REGION + r"/object-store/v1/AUTH_(?P<project>\w+)", self._containers))

    def put(self, project: Project, region: str, key: str, *items: dict[str, Any]) -> None:
        """Add things to a list of a project in a region."""
        self.things[project.id, region, key].extend(items)

    def deny(self, who: User | Mapping[str, Any], what: str) -> None:
        """Answer 403 to the calls that a user (or whoever has these credentials) makes of a service.

        what  the service's name in its address, such as `compute` or `volume`; clouds add their own
        """
        user = who if isinstance(who, User) else self.user_of(who)
        self.denied.add((user.id, what))

    def user_of(self, credentials: Mapping[str, Any]) -> User:
        """Return the user whose credentials these are."""
        raise NotImplementedError

    def authenticate(self, request: Request) -> Reply | None:
        """Let in whoever has a token that has not expired; identity and version documents are open to all."""
        if self.is_open(request) or self.token_of(request):
            return None
        return self.refusal(401, identity.NOT_AUTHENTICATED)

    def is_open(self, request: Request) -> bool:
        """True for calls that need no token."""
        path = request.path.rstrip("/")
        last = path.rsplit("/", 1)[-1]
        if path.endswith("/auth/tokens") or path in ("", self.identity_path, self.identity_path[:-3]):
            return True
        return path.startswith("/region/") and any(last in (s.name, s.version) for s in STANDARD)

    def token_of(self, request: Request) -> Token | None:
        """Return what the request's token opens."""
        return self.directory.token(request.headers.get("x-auth-token", ""))

    def refusal(self, status: int, words: str) -> Reply:
        """Return an error as most services word it; keystone's 401 is the same everywhere."""
        if status == 401:
            return identity.keystone_error(401, words)
        kinds = {400: "badRequest", 403: "forbidden", 404: "itemNotFound", 413: "overLimit", 429: "overLimit"}
        return Reply({kinds.get(status, "computeFault"): {"code": status, "message": words}}, status)

    def limited(self) -> Reply:
        """Answer as Nova's rate limit did: 413 and the seconds to wait."""
        reply = self.refusal(413, "This request was rate-limited.")
        reply.body["overLimit"]["retryAfter"] = "0"
        reply.headers["Retry-After"] = "0"
        return reply

    def expire_tokens(self) -> None:
        """Let every token expire."""
        self.directory.forget_tokens()

    def catalog_of(self, project: Project | None) -> identity.Catalog:
        """Return the catalog of a project's token; of a domain's token: identity only."""
        regions = project.regions if project else ()
        own = catalog_entry("identity", "keystone", dict.fromkeys(regions, f"{self.url}{self.identity_path}"))
        if project is None:
            return [own]
        return [own, *(self._entry(service, project) for service in STANDARD)]

    def refused(self, request: Request, service: str, project: str | None = None) -> Reply | None:
        """Return a refusal if the token may not call the service, or is for another project."""
        token = self.token_of(request)
        if token is None or token.project is None or project not in (None, token.project.id):
            return self.refusal(403, "the token is for another project")
        if (token.user.id, service) in self.denied:
            return self.refusal(403, f"Policy doesn't allow {service} to be performed.")
        return None

    def project_of(self, request: Request) -> Project:
        """Return the project of the request's token."""
        token = self.token_of(request)
        if token is None or token.project is None:
            raise ValueError("ask `refused` first")
        return token.project

    def _add_identity(self) -> None:
        path = self.identity_path
        self.routes += [
            ("GET", f"({path[:-3]})?/?", lambda _: identity.versions(f"{self.url}{path}")),
            ("GET", f"{path}/?", lambda _: Reply({"version": identity.version(f"{self.url}{path}")})),
            ("POST", f"{path}/auth/tokens", lambda request: self.identity.login(request, self.catalog_of)),
            ("GET", f"{path}/auth/projects", self._projects),
        ]

    def _projects(self, request: Request) -> Reply:
        token = self.token_of(request)
        return Reply({"projects": self.identity.projects(token) if token else [], "links": {"next": None}})

    def _entry(self, service: Service, project: Project) -> dict[str, Any]:
        path = service.url.format(project=project.id)
        hosts = {region: _NOWHERE if region in self.dead_regions else self.url for region in project.regions}
        urls = {region: f"{host}/region/{region}/{service.name}{path}" for region, host in hosts.items()}
        return catalog_entry(service.type, service.name, urls)

    def _add_versions(self, service: Service) -> None:
        if service.version is None:
            return

        def described(_: Request, region: str) -> dict[str, Any]:
            # Many clouds sit behind proxies and tell addresses that only they can reach.
            href = f"http://10.0.0.1:8774/region/{region}/{service.name}/{service.version}/"
            document = service.document(href)
            return document | {"version": f"2.{self.compute_minor}"} if service.name == "compute" else document

        def several(request: Request, region: str) -> Reply:
            return Reply({"versions": [described(request, region)]}, service.choices)

        def one(request: Request, region: str) -> Reply:
            return Reply({"version": described(request, region)})

        self.routes.append(("GET", f"{_REGION}/{service.name}/?", several))
        if service.version:
            self.routes.append(("GET", f"{_REGION}/{service.name}/{service.version}/?", one))

    def _add_list(self, list_: List) -> None:
        path = list_.path.replace(".", r"\.").replace("{project}", r"(?P<project>\w+)")

        def listed(request: Request, region: str, project: str | None = None) -> Reply:
            refusal = self.refused(request, list_.service, project) or self._too_new(request, list_)
            if refusal is not None:
                return refusal
            items = self._items(request, region, list_)
            if "marker" in request.query and request.query["marker"][0] not in {item["id"] for item in items}:
                return self.refusal(400, f"marker [{request.query['marker'][0]}] not found")
            return Reply(Listing(list_.key, items, self._paging(request, list_)))

        self.routes.append(("GET", _REGION + path, listed))

    def _items(self, request: Request, region: str, list_: List) -> list[dict[str, Any]]:
        items = list(self.things[self.project_of(request).id, region, list_.key])
        if list_.filtered and "project_id" not in request.query:
            items += self.shared[list_.key]
        if list_.key == "servers" and _minor(request) < _EMBEDDED_SINCE:
            items = [_without_flavor(item) for item in items]
        return items

    def _paging(self, request: Request, list_: List) -> Paging:
        url = f"{self.url}{request.path}"
        if list_.key == "images":
            return GlanceMarkers(list_.key, url, self.page_size)
        if list_.key == "shares":
            return Offsets(self.page_size)
        return Markers(list_.key, url, self.page_size)

    def _too_new(self, request: Request, list_: List) -> Reply | None:
        if list_.service == "compute" and _minor(request) > self.compute_minor:
            return self.refusal(406, f"Version 2.{_minor(request)} is not supported by the API.")
        return None

    def _flavor(self, request: Request, region: str, id_: str) -> Reply:
        refusal = self.refused(request, "compute")
        if refusal is not None:
            return refusal
        hidden = self.things[self.project_of(request).id, region, "hidden_flavors"]
        found = next((flavor for flavor in hidden if flavor["id"] == id_), None)
        return Reply({"flavor": found}) if found else self.refusal(404, f"Flavor {id_} could not be found.")

    def _containers(self, request: Request, region: str, project: str) -> Reply:
        refusal = self.refused(request, "object-store", project)
        if refusal is not None:
            return refusal
        items = sorted(self.things[project, region, "containers"], key=lambda item: str(item["name"]))
        meets = lambda: self.faults.take(request.path, paged=True)  # noqa: E731
        page = Listing("page", items, Names(self.page_size)).answer(request.query, meets)["page"]
        return Reply(page) if page else Reply(b"", 204)


def catalog_entry(type_: str, name: str, urls: dict[str, str]) -> dict[str, Any]:
    """Return a service's entry of a catalog: region -> public address; an internal one that nobody reaches is there."""
    endpoints = [
        {
            "id": f"{type_}-{region}-{interface}",
            "interface": interface,
            "region": region,
            "region_id": region,
            "url": url if interface == "public" else "http://10.0.0.1/internal",
        }
        for region, url in urls.items()
        for interface in ("internal", "public")
    ]
    return {"id": type_, "type": type_, "name": name, "endpoints": endpoints}


def _minor(request: Request) -> int:
    asked = request.headers.get("openstack-api-version", "compute 2.1").removeprefix("compute 2.")
    return int(asked) if asked.isdigit() else 1


def _without_flavor(server: dict[str, Any]) -> dict[str, Any]:
    flavor = {"id": server["flavor"].get("id", server["flavor"].get("original_name")), "links": []}
    return {name: value for name, value in server.items() if name != "tags"} | {"flavor": flavor}
