"""Who there is: users, projects, application credentials, and the tokens that were given out."""

import itertools
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

TOKEN_LIFE = timedelta(hours=24)


def hex_id(*words: object) -> str:
    """Return 32 hex digits that are the same for the same words: a keystone id."""
    return uuid5(NAMESPACE_URL, "/".join(map(str, words))).hex


def long_id(*words: object) -> str:
    """Return a UUID that is the same for the same words: an id of Nova, Cinder or Neutron."""
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, words))))


@dataclass(slots=True)
class Project:
    """A project of a domain; `regions` are those of its catalog."""

    id: str
    name: str
    domain: str
    regions: tuple[str, ...]
    enabled: bool = True


@dataclass(slots=True)
class User:
    """A user of a domain, the projects it has a role in, and whether it has one on the whole domain."""

    id: str
    name: str
    domain: str
    password: str
    projects: list[str] = field(default_factory=list)
    on_domain: bool = False


@dataclass(slots=True)
class Token:
    """A token and what it opens: a project, a domain, or nothing."""

    user: User
    project: Project | None
    on_domain: bool
    expires_at: datetime


class Directory:
    """Users, projects and tokens of one emulated cloud."""

    def __init__(self) -> None:
        self.users: dict[tuple[str, str], User] = {}
        self.projects: dict[str, Project] = {}
        self.application_credentials: dict[str, tuple[str, User, Project]] = {}
        self._tokens: dict[str, Token] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def give_token(self, user: User, project: Project | None, *, on_domain: bool = False) -> tuple[str, Token]:
        """Return a new token's text and what it opens."""
        token = Token(user, project, on_domain, datetime.now(UTC) + TOKEN_LIFE)
        with self._lock:
            text = f"gAAAA-{hex_id(user.id, next(self._numbers))}"
            self._tokens[text] = token
        return text, token

    def token(self, text: str) -> Token | None:
        """Return what a token opens, None for one that is unknown or has expired."""
        with self._lock:
            return self._tokens.get(text)

    def forget_tokens(self) -> None:
        """Let every token expire."""
        with self._lock:
            self._tokens.clear()

    def find_project(self, wanted: dict[str, Any]) -> Project | None:
        """Return the project that a scope names by id, or by name and domain."""
        if "id" in wanted:
            return self.projects.get(wanted["id"])
        domain = wanted.get("domain", {}).get("name")
        found = (p for p in self.projects.values() if (p.name, p.domain) == (wanted.get("name"), domain))
        return next(found, None)
