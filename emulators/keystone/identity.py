"""The Identity API, version 3: tokens for a user, an application credential, a project, a domain, or nothing."""

from typing import Any

from emulators.keystone.directory import Directory, Project, Token, User
from emulators.kit.server import Reply, Request

Catalog = list[dict[str, Any]]

NOT_AUTHENTICATED = "The request you have made requires authentication."


def keystone_error(status: int, words: str) -> Reply:
    """Return an error as keystone words it."""
    titles = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
    return Reply({"error": {"code": status, "message": words, "title": titles.get(status, "Error")}}, status)


class Identity:
    """Answers for the Identity API. `url` is its address up to and with `/v3`."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory

    def login(self, request: Request, catalog_of: Any) -> Reply:
        """Answer `POST /auth/tokens`; `catalog_of` gives a project's catalog (None: of a domain)."""
        auth = request.json()["auth"]
        user, bound = self._who(auth["identity"])
        if user is None:
            return keystone_error(401, NOT_AUTHENTICATED)
        scope = auth.get("scope", {})
        project = bound or (self.directory.find_project(scope["project"]) if "project" in scope else None)
        if "project" in scope and not _may_enter(user, project):
            return keystone_error(401, NOT_AUTHENTICATED)
        on_domain = "domain" in scope
        if on_domain and not (user.on_domain and scope["domain"]["name"] == user.domain):
            return keystone_error(401, NOT_AUTHENTICATED)
        text, token = self.directory.give_token(user, project, on_domain=on_domain)
        catalog = catalog_of(project) if project or on_domain else None
        return Reply({"token": _described(token, catalog)}, 201, {"X-Subject-Token": text, "Vary": "X-Auth-Token"})

    def projects(self, token: Token) -> list[dict[str, Any]]:
        """Return the projects that a token's user may enter."""
        found = (self.directory.projects[id_] for id_ in sorted(token.user.projects))
        return [
            {
                "id": project.id,
                "name": project.name,
                "domain_id": _domain_id(project.domain),
                "enabled": project.enabled,
                "description": "",
                "is_domain": False,
                "parent_id": _domain_id(project.domain),
                "tags": [],
                "options": {},
                "links": {},
            }
            for project in found
        ]

    def _who(self, identity: dict[str, Any]) -> tuple[User | None, Project | None]:
        if "application_credential" in identity["methods"]:
            given = identity["application_credential"]
            secret, user, project = self.directory.application_credentials.get(given["id"], ("", None, None))
            return (user, project) if secret and secret == given["secret"] else (None, None)
        given = identity["password"]["user"]
        found = self.directory.users.get((given["domain"]["name"], given["name"]))
        return (found if found and found.password == given["password"] else None), None


def _may_enter(user: User, project: Project | None) -> bool:
    return project is not None and project.enabled and project.id in user.projects


def _domain_id(name: str) -> str:
    return f"domain-{name.lower()}"


def _described(token: Token, catalog: Catalog | None) -> dict[str, Any]:
    domain = {"id": _domain_id(token.user.domain), "name": token.user.domain}
    body: dict[str, Any] = {
        "methods": ["password"],
        "user": {"id": token.user.id, "name": token.user.name, "domain": domain, "password_expires_at": None},
        "audit_ids": ["audit"],
        "issued_at": "2026-01-01T00:00:00.000000Z",
        "expires_at": token.expires_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    if catalog is not None:
        body |= {"catalog": catalog, "roles": [{"id": "role", "name": "reader"}]}
    if token.on_domain:
        body["domain"] = domain
    if token.project:
        owner = {"id": _domain_id(token.project.domain), "name": token.project.domain}
        body["project"] = {"id": token.project.id, "name": token.project.name, "domain": owner}
    return body


def versions(url: str) -> Reply:
    """Answer the root of the Identity API: several choices."""
    return Reply({"versions": {"values": [version(url)]}}, 300)


def version(url: str) -> dict[str, Any]:
    """Describe version 3, which is at `url`."""
    return {
        "id": "v3.14",
        "status": "stable",
        "updated": "2020-04-07T00:00:00Z",
        "links": [{"rel": "self", "href": f"{url}/"}],
        "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
    }
