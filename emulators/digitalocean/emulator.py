"""The emulated cloud: teams by token, lists by path, and what DigitalOcean says when it refuses."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

from emulators.digitalocean.paging import Counted, Linked
from emulators.digitalocean.spaces import bucket_list, refused, signer
from emulators.kit.faults import Fault
from emulators.kit.pages import Item, Listing, Paging, WholeList
from emulators.kit.server import Emulator, Reply, Request

LARGEST_PAGE = 200
HOURLY_LIMIT = 5000
_PAGED = {
    "/v2/droplets": "droplets",
    "/v2/volumes": "volumes",
    "/v2/snapshots": "snapshots",
    "/v2/images": "images",
    "/v2/load_balancers": "load_balancers",
    "/v2/reserved_ips": "reserved_ips",
    "/v2/reserved_ipv6": "reserved_ipv6s",
    "/v2/kubernetes/clusters": "kubernetes_clusters",
    "/v2/domains": "domains",
    "/v2/apps": "apps",
    "/v2/vpc_nat_gateways": "vpc_nat_gateways",
    "/v2/projects": "projects",
    "/v2/vpcs": "vpcs",
    "/v2/spaces/keys": "keys",
}
_WHOLE = {
    "/v2/databases": "databases",
    "/v2/registries": "registries",
    "/v2/nfs": "shares",
    "/v2/functions/namespaces": "namespaces",
    "/v2/apps/tiers/instance_sizes": "instance_sizes",
}
_ERRORS = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    422: "unprocessable_entity",
    429: "too_many_requests",
    500: "server_error",
}


@dataclass(slots=True)
class Team:
    """One account: its token, its lists by their names in the answers, and the days of its bill.

    denied        parts of paths that the token may not read
    spaces_keys   secret by access key
    buckets       names by region
    """

    token: str
    uuid: str
    name: str = "team"
    lists: dict[str, list[Item]] = field(default_factory=dict)
    points: list[Item] = field(default_factory=list)
    plan: Item | None = None
    denied: set[str] = field(default_factory=set)
    spaces_keys: dict[str, str] = field(default_factory=dict)
    buckets: dict[str, list[str]] = field(default_factory=dict)


class DigitalOceanEmulator(Emulator):
    """Serves any number of teams. `largest_page` caps `per_page`, so that few items make several pages.

    is_burst  a 429 is of the limit per minute, which says `retry-after`; else of the limit per hour
    """

    def __init__(self, *, largest_page: int = LARGEST_PAGE) -> None:
        super().__init__()
        self.teams: dict[str, Team] = {}
        self.largest_page = largest_page
        self.is_burst = True
        self.routes = [
            *(("GET", path, self._list) for path in (*_PAGED, *_WHOLE)),
            ("GET", "/", self._buckets),
            ("GET", "/v2/account", self._account),
            ("GET", "/v2/registries/subscription", self._subscription),
            ("GET", "/v2/billing/(?P<urn>[^/]+)/insights/(?P<start>[^/]+)/(?P<end>[^/]+)", self._insights),
        ]

    def add(self, team: Team) -> Team:
        """Take a team in."""
        self.teams[team.token] = team
        return team

    def deny(self, credentials: Mapping[str, Any], what: str) -> None:
        """Refuse the token every path that contains `what`, such as `databases` or `billing`."""
        self.teams[credentials["token"]].denied.add(what)

    def answer(self, request: Request, faults: list[Fault]) -> Reply:
        """Answer with the headers of the rate limit that every answer has."""
        reply = super().answer(request, faults)
        left = HOURLY_LIMIT if self.limit is None else max(0, self.limit)
        limits = {"ratelimit-limit": HOURLY_LIMIT, "ratelimit-remaining": left, "ratelimit-reset": int(time.time()) + 2}
        reply.headers = {name: str(value) for name, value in limits.items()} | reply.headers
        return reply

    def authenticate(self, request: Request) -> Reply | None:
        """Refuse unknown tokens, and what the token has no scope for."""
        if request.path == "/":
            return None
        team = self.teams.get(_token(request))
        if team is None:
            return self.refusal(401, "Unable to authenticate you")
        if any(what in request.path for what in team.denied):
            return self.refusal(403, "You are not authorized to perform this operation")
        return None

    def refusal(self, status: int, words: str) -> Reply:
        """Return an error as the API writes it."""
        return Reply({"id": _ERRORS.get(status, "server_error"), "message": words}, status)

    def limited(self) -> Reply:
        """Refuse a call above the limit."""
        reply = self.refusal(429, "API Rate limit exceeded.")
        if self.is_burst:
            reply.headers["retry-after"] = "1"
        return reply

    def _team(self, request: Request) -> Team:
        return self.teams[_token(request)]

    def _list(self, request: Request) -> Reply:
        path = request.path
        key = _PAGED.get(path) or _WHOLE[path]
        paging: Paging = Linked(path, self.largest_page) if path in _PAGED else WholeList()
        return Reply(Listing(key, _filtered(self._team(request).lists.get(key, []), request), paging))

    def _buckets(self, request: Request) -> Reply:
        owners = {key: team for team in self.teams.values() for key in team.spaces_keys}
        signed = signer(request, {key: team.spaces_keys[key] for key, team in owners.items()})
        if signed is None:
            return refused("SignatureDoesNotMatch")
        team = owners[signed[0]]
        return (
            bucket_list(team.name, team.buckets.get(signed[1], []))
            if "spaces" not in team.denied
            else refused("AccessDenied")
        )

    def _account(self, request: Request) -> Reply:
        team = self._team(request)
        account = {
            "droplet_limit": 25,
            "floating_ip_limit": 5,
            "email": "owner@example.com",
            "name": "Owner",
            "uuid": f"user-of-{team.uuid}",
            "email_verified": True,
            "status": "active",
            "status_message": "",
            "team": {"uuid": team.uuid, "name": team.name},
        }
        return Reply({"account": account})

    def _subscription(self, request: Request) -> Reply:
        plan = self._team(request).plan
        return Reply({"subscription": plan}) if plan else self.refusal(404, "the subscription was not found")

    def _insights(self, request: Request, *, urn: str, start: str, end: str) -> Reply:
        team = self._team(request)
        if unquote(urn) != f"do:team:{team.uuid}":
            return self.refusal(403, "You are not authorized to perform this operation")
        first, last = date.fromisoformat(start), date.fromisoformat(end)
        if not timedelta(0) <= last - first <= timedelta(days=31):
            return self.refusal(400, "the date range must be within 31 days")
        points = [point for point in team.points if start <= point["start_date"] <= end]
        return Reply(Listing("data_points", points, Counted(self.largest_page)))


def _token(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def _filtered(items: list[Item], request: Request) -> list[Item]:
    kind = request.query.get("resource_type", [None])[0]
    if request.query.get("private", [""])[0] == "true":
        return [item for item in items if not item["public"]]
    return [item for item in items if kind is None or item.get("resource_type") == kind]
