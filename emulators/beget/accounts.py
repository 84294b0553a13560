"""What an emulated Beget account holds, as the two APIs tell it."""

from dataclasses import dataclass, field
from typing import Any

Item = dict[str, Any]


@dataclass(slots=True)
class Account:
    """One account. Lists hold items in the APIs' own form.

    login_error   what /v1/auth answers instead of a token: `CODE_REQUIRED`, `IP_BLOCKED`, …
    api_password  of the hosting API; None when it is the account's own
    api_enabled   whether the hosting API is switched on
    denied        what is refused: a path of the Cloud API (`/v1/vps/snapshot`) or a section of the hosting API (`mail`)
    """

    login: str
    password: str
    api_password: str | None = None
    login_error: str | None = None
    api_enabled: bool = True
    denied: set[str] = field(default_factory=set)
    projects: list[Item] = field(default_factory=list)
    servers: list[Item] = field(default_factory=list)
    main_ips: list[Item] = field(default_factory=list)
    additional_ips: list[Item] = field(default_factory=list)
    private_networks: list[Item] = field(default_factory=list)
    snapshots: list[Item] = field(default_factory=list)
    backups: list[Item] = field(default_factory=list)
    services: list[Item] = field(default_factory=list)
    info: Item = field(default_factory=dict)
    domains: list[Item] = field(default_factory=list)
    zones: dict[str, Item] = field(default_factory=dict)
    subdomains: list[Item] = field(default_factory=list)
    sites: list[Item] = field(default_factory=list)
    databases: list[Item] = field(default_factory=list)
    ftp: list[Item] = field(default_factory=list)
    mailboxes: list[Item] = field(default_factory=list)
    file_backups: list[Item] = field(default_factory=list)
