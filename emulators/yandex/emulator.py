"""The REST API of Yandex Cloud: tokens, clouds and folders, every listing, billing accounts, the endpoints' directory.

Errors are google.rpc.Status; what is empty is left out; lists come in pages with opaque tokens.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from emulators.kit.pages import Listing, Query, Slice, number
from emulators.kit.server import Emulator, Reply, Request
from emulators.yandex.accounts import Account, Item
from emulators.yandex.paths import HOST_LISTS, LISTINGS
from emulators.yandex.tokens import Refused, Tokens, prove
from emulators.yandex.usage import UsageServer

_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 10, 429: 8, 500: 13, 501: 12, 503: 14, 504: 4}
_OPEN = ("/iam/v1/tokens", "/endpoints")
_LONGEST_PAGE, _PAGE = 1000, 100
_LOOK_EVERY_S = 0.02


class YandexEmulator(Emulator):
    """Yandex Cloud on two free loopback ports, from `with` to the end of the block.

    longest_page   caps the page size, so that few items make several pages
    token_life_s   how long IAM tokens last
    limits_usage   the usage API answers one request a minute, as in the real cloud
    has_directory, usage_address   whether there is a directory of endpoints, and where it says the usage API is
    """

    def __init__(
        self, *, longest_page: int = _LONGEST_PAGE, token_life_s: float = 43200, limits_usage: bool = False
    ) -> None:
        super().__init__()
        self.accounts: list[Account] = []
        self.tokens = Tokens(token_life_s)
        self.has_directory = True
        self.longest_page = longest_page
        self.limits_usage = limits_usage
        self._usage = UsageServer(self)
        self.usage_address = self._usage.address
        self.routes += [
            ("POST", "/iam/v1/tokens", self._token),
            ("GET", "/endpoints", self._endpoints),
            ("GET", "/iam/v1/serviceAccounts/(?P<id_>[^/]+)", self._service_account),
            ("GET", "/resource-manager/v1/clouds", self._clouds),
            ("GET", "/resource-manager/v1/clouds/(?P<id_>[^/]+)", self._cloud),
            ("GET", "/resource-manager/v1/folders", self._folders),
            ("GET", "/resource-manager/v1/folders/(?P<id_>[^/]+)", self._folder),
            ("GET", "/billing/v1/billingAccounts", self._billing_accounts),
            ("GET", "/billing/v1/billingAccounts/(?P<id_>[^/]+)/billableObjectBindings", self._bindings),
            ("GET", HOST_LISTS, self._hosts),
            *(("GET", path, partial(self._listing, key)) for path, key in LISTINGS.items()),
        ]

    def __enter__(self) -> Self:
        super().__enter__()
        self._usage.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._closing.set()
        self._usage.stop()
        super().__exit__(*exception)

    def authenticate(self, request: Request) -> Reply | None:
        """Refuse a request without a good token, and what its account is denied."""
        if request.path in _OPEN:
            return None
        account = self._owner(request)
        if account is None:
            return self.refusal(401, "Token is invalid or has expired.")
        if any(part in request.path for part in account.denied):
            return self.refusal(403, "Permission denied")
        return None

    def refusal(self, status: int, words: str) -> Reply:
        """Return an error as google.rpc.Status."""
        details = [
            {
                "@type": "type.googleapis.com/google.rpc.RequestInfo",
                "requestId": f"00000000-0000-0000-0000-{len(self.requests):012}",
            }
        ]
        return Reply({"code": _CODES.get(status, 2), "message": words, "details": details}, status)

    def limited(self) -> Reply:
        """Return the answer to a call above the limit; the real cloud names no time to wait."""
        return self.refusal(429, "The limit on the number of requests has exceeded.")

    def expire_tokens(self) -> None:
        """Let every IAM token be over."""
        self.tokens.expire()

    def account_of(self, credentials: Mapping[str, Any]) -> Account:
        """Return the account that credentials made by `seed.fill` belong to."""
        key = credentials["service_account_key"]["id"]
        return next(account for account in self.accounts if account.key_id == key)

    def deny(self, credentials: Mapping[str, Any], what: str) -> None:
        """Answer 403 where the path contains `what`: "/compute/", "/vpc/v1/addresses", "/billing/"."""
        self.account_of(credentials).denied.add(what)

    def wait(self) -> None:
        """Wait as long as every answer does."""
        self._closing.wait(self.latency_s)

    def hang_until(self, gone: Callable[[], bool]) -> None:
        """Say nothing until the caller has `gone`, or the emulator ends."""
        while not gone() and not self._closing.wait(_LOOK_EVERY_S):
            pass

    def _owner(self, request: Request) -> Account | None:
        return self.tokens.owner(request.headers.get("authorization", ""))

    def _caller(self, request: Request) -> Account:
        account = self._owner(request)
        if account is None:
            raise LookupError("the token ended while it was used")
        return account

    def _token(self, request: Request) -> Reply:
        try:
            body = request.json()
        except ValueError:
            return self.refusal(400, "the body is no JSON")
        try:
            return Reply(self.tokens.give(prove(body, self.accounts)))
        except Refused as error:
            return self.refusal(error.status, str(error))

    def _endpoints(self, request: Request) -> Reply:
        if not self.has_directory:
            return self.refusal(404, "there is no directory")
        here = self.url.removeprefix("http://")
        ids = ("compute", "iam", "resource-manager")
        entries = [*({"id": id_, "address": here} for id_ in ids), {"id": "billing", "address": self.usage_address}]
        return Reply({"endpoints": entries})

    def _service_account(self, request: Request, id_: str) -> Reply:
        account = self._caller(request)
        if account.service_account_id != id_:
            return self.refusal(404, f"Service account {id_} not found")
        return Reply(
            {"id": id_, "folderId": account.home_folder, "createdAt": "2026-01-01T00:00:00Z", "name": "inventory"}
        )

    def _clouds(self, request: Request) -> Reply:
        account = self._caller(request)
        return self._paged("clouds", account.clouds if account.sees_clouds else [], request)

    def _cloud(self, request: Request, id_: str) -> Reply:
        return self._one(self._caller(request).clouds, "Cloud", id_)

    def _folders(self, request: Request) -> Reply:
        account, cloud = self._caller(request), request.query.get("cloudId", [""])[0]
        if not account.sees_clouds or cloud not in [item["id"] for item in account.clouds]:
            return self.refusal(403, "Permission denied")
        return self._paged("folders", [item for item in account.folders if item["cloudId"] == cloud], request)

    def _folder(self, request: Request, id_: str) -> Reply:
        return self._one(self._caller(request).folders, "Folder", id_)

    def _billing_accounts(self, request: Request) -> Reply:
        return self._paged("billingAccounts", self._caller(request).billing_accounts, request)

    def _bindings(self, request: Request, id_: str) -> Reply:
        clouds = self._caller(request).bindings.get(id_)
        if clouds is None:
            return self.refusal(403, "Permission denied")
        items = [
            {"effectiveTime": "2026-01-01T00:00:00Z", "billableObject": {"id": cloud, "type": "cloud"}}
            for cloud in clouds
        ]
        return self._paged("billableObjectBindings", items, request)

    def _listing(self, key: str, request: Request) -> Reply:
        account, folder = self._caller(request), request.query.get("folderId", [""])[0]
        if not folder:
            return self.refusal(400, "folderId is required")
        if folder not in [item["id"] for item in account.folders]:
            return self.refusal(403, "Permission denied")
        return self._paged(key, account.listings.get((request.path, folder), []), request)

    def _hosts(self, request: Request) -> Reply:
        hosts = self._caller(request).hosts.get(request.path)
        return self.refusal(404, "Cluster not found") if hosts is None else self._paged("hosts", hosts, request)

    def _one(self, items: list[Item], what: str, id_: str) -> Reply:
        found = next((item for item in items if item["id"] == id_), None)
        return self.refusal(404, f"{what} {id_} not found") if found is None else Reply(found)

    def _paged(self, key: str, items: list[Item], request: Request) -> Reply:
        paging = _Tokens(self.longest_page)
        try:
            paging.place(request.query, items)
        except ValueError:
            return self.refusal(400, "pageSize or pageToken is not valid")
        return Reply(Listing(key, items, paging, empty_is_omitted=True))


@dataclass(frozen=True, slots=True)
class _Tokens:
    """Pages with `pageSize` and `pageToken`."""

    longest: int

    def place(self, query: Query, items: list[Item]) -> tuple[int, int]:
        """Return where the page begins, and its size."""
        token = query.get("pageToken", [""])[0]
        size = number(query, "pageSize", _PAGE, _LONGEST_PAGE)
        if size < 0:
            raise ValueError("a negative page size")
        start = int(base64.urlsafe_b64decode(token).decode().removeprefix("from:")) if token else 0
        return start, min(size or _PAGE, self.longest)

    def surroundings(self, page: Slice, query: Query) -> dict[str, Any]:
        """Return the token of the next page."""
        if page.is_last:
            return {}
        return {"nextPageToken": base64.urlsafe_b64encode(f"from:{page.start + page.size}".encode()).decode()}
