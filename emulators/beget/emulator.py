"""Beget's wire protocol: JWT or form login, offset and limit, failures in answers of HTTP 200."""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emulators.beget.accounts import Account, Item
from emulators.kit.faults import Fault
from emulators.kit.pages import Listing, Query, Slice, WholeList, number
from emulators.kit.server import Emulator, Reply, Request

_DEFAULT_LIMIT = 20
_HOSTING = "/api/"
_PROJECTS = "/v1/cloud/projects/list"


@dataclass(frozen=True, slots=True)
class OffsetPaging:
    """`offset`, `limit` and `total_count`; no page is longer than `most`."""

    most: int

    def place(self, query: Query, items: list[Item]) -> tuple[int, int]:
        """Return where the page starts, and its size."""
        return number(query, "offset", 0, 10**9), number(query, "limit", _DEFAULT_LIMIT, self.most)

    def surroundings(self, page: Slice, query: Query) -> Item:
        """Return the total."""
        return {"total_count": page.total}


class BegetEmulator(Emulator):
    """Any number of accounts on one address.

    page_size      the longest page of the Cloud API, whatever limit is asked for
    lifetime_s     how long a token lasts, as its claims tell
    omits_nothing  send zeros, empty texts and empty lists too; the real Cloud API leaves them out
    """

    def __init__(self, *, page_size: int = 100, lifetime_s: float = 3600, omits_nothing: bool = False) -> None:
        super().__init__()
        self.accounts: dict[str, Account] = {}
        self.lifetime_s = lifetime_s
        self._omits_nothing = omits_nothing
        self._paging = OffsetPaging(page_size)
        self._tokens: dict[str, str] = {}
        self._tokens_given = 0
        self.routes = [
            ("POST", "/v1/auth", self._log_in),
            ("GET", "/v1/vps/server/list", self._servers),
            ("GET", "/v1/vps/network", self._network),
            ("GET", "/v1/vps/snapshot", self._snapshots),
            ("GET", "/v1/vps/backup", self._backups),
            ("GET", _PROJECTS, self._projects),
            ("GET", "/v1/cloud", self._services),
            ("POST", "/api/(?P<section>[a-z]+)/(?P<method>[A-Za-z]+)", self._hosting),
        ]

    def add(self, account: Account) -> Account:
        """Let an account in."""
        self.accounts[account.login] = account
        return account

    def deny(self, credentials: Mapping[str, Any], what: str) -> None:
        """Refuse a credential a path of the Cloud API (`/v1/cloud`, 403) or a section of the hosting API (`mail`)."""
        self.accounts[credentials["login"]].denied.add(what)

    def expire_tokens(self) -> None:
        """Forget every token."""
        self._tokens.clear()

    def authenticate(self, request: Request) -> Reply | None:
        """Ask the Cloud API's calls for a token; the hosting API looks at the form itself."""
        if request.path.startswith(_HOSTING) or request.path == "/v1/auth":
            return None
        login = self._tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if login is None:
            return self.refusal(401, "token is not valid")
        if request.path in self.accounts[login].denied:
            return self.refusal(403, "access denied")
        return None

    def refusal(self, status: int, words: str) -> Reply:
        """Return an error of the gateway in front of both APIs."""
        return Reply({"code": status, "message": words}, status)

    def limited(self) -> Reply:
        """Return the gateway's answer to too many calls."""
        reply = self.refusal(429, "too many requests")
        reply.headers["Retry-After"] = "1"
        return reply

    def _rendered(self, reply: Reply, request: Request, faults: list[Fault]) -> Reply:
        reply = super()._rendered(reply, request, faults)
        if reply.status != 200 or not isinstance(reply.body, dict):
            return reply
        if request.path.startswith(_HOSTING):
            if "result" in reply.body:
                answer = {"status": "success", **reply.body}
                reply.body = {"status": "success", "answer": answer}
        else:
            if request.path == _PROJECTS:
                reply.body = {"page": reply.body, "error": ""}
            reply.body = reply.body if self._omits_nothing else _without_zeros(reply.body)
        return reply

    def _account(self, request: Request) -> Account:
        return self.accounts[self._tokens[request.headers["authorization"].removeprefix("Bearer ")]]

    def _log_in(self, request: Request) -> Reply:
        asked = request.json()
        account = self.accounts.get(asked.get("login"))
        error = _login_error(asked, account)
        if account is None or error:
            return Reply({"token": "", "error": error})
        self._tokens_given += 1
        claims = {
            "customerId": str(list(self.accounts).index(account.login) + 1),
            "customerLogin": account.login,
            "env": "web",
            "ip": "127.0.0.1",
            "exp": int(time.time() + self.lifetime_s),
        }
        token = f"{_base64({'alg': 'RS256', 'typ': 'JWT'})}.{_base64(claims)}.c2lnbmF0dXJl{self._tokens_given}"
        self._tokens[token] = account.login
        return Reply({"token": token})

    def _servers(self, request: Request) -> Reply:
        return Reply(Listing("vps", self._account(request).servers, self._paging))

    def _services(self, request: Request) -> Reply:
        return Reply(Listing("service", self._account(request).services, self._paging))

    def _projects(self, request: Request) -> Reply:
        return Reply(Listing("projects", self._account(request).projects, self._paging))

    def _snapshots(self, request: Request) -> Reply:
        return Reply(Listing("snapshot", self._account(request).snapshots, WholeList()))

    def _backups(self, request: Request) -> Reply:
        return Reply(Listing("copy", self._account(request).backups, WholeList()))

    def _network(self, request: Request) -> Reply:
        account = self._account(request)
        return Reply(
            {
                "ip": account.main_ips,
                "additional_ip": account.additional_ips,
                "private_network": account.private_networks,
            }
        )

    def _hosting(self, request: Request, section: str, method: str) -> Reply:
        form = request.form()
        account = self.accounts.get(form.get("login", ""))
        password = account and (account.password if account.api_password is None else account.api_password)
        if account is None or form.get("passwd") != password:
            return _failure("AUTH_ERROR", "Wrong login or password")
        if not account.api_enabled:
            return _failure("AUTH_ERROR", "API access is off")
        if section in account.denied:
            return _failure("AUTH_ERROR", f"No access to section {section}")
        asked = json.loads(form.get("input_data") or "{}")
        result = _results(account, asked).get((section, method))
        if result is None:
            return _failure("NO_SUCH_METHOD", f"There is no {section}/{method}")
        return Reply({"result": result})


def _results(account: Account, asked: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    return {
        ("user", "getAccountInfo"): account.info,
        ("domain", "getList"): account.domains,
        # PHP writes an empty map as a list.
        ("domain", "getZoneList"): account.zones or [],
        ("domain", "getSubdomainList"): account.subdomains,
        ("site", "getList"): account.sites,
        ("mysql", "getList"): account.databases,
        ("ftp", "getList"): account.ftp,
        ("mail", "getMailboxList"): [box for box in account.mailboxes if box["domain"] == asked.get("domain")],
        ("backup", "getFileBackupList"): account.file_backups,
    }


def _login_error(asked: Mapping[str, Any], account: Account | None) -> str | None:
    for name in ("login", "password"):
        if not asked.get(name):
            return f"EMPTY_{name.upper()}"
    if account is None or asked["password"] != account.password:
        return "INCORRECT_CREDENTIALS"
    return account.login_error


def _failure(code: str, words: str) -> Reply:
    return Reply({"status": "error", "error_code": code, "error_text": words})


def _without_zeros(value: Any) -> Any:
    """Leave out what a protobuf message leaves out: zeros, empty texts, False, empty lists."""
    if isinstance(value, Mapping):
        fields = ((name, _without_zeros(field)) for name, field in value.items())
        return {name: field for name, field in fields if field not in (0, "", [], None)}
    return [_without_zeros(item) for item in value] if isinstance(value, list) else value


def _base64(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
