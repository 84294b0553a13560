"""What one account of the emulated cloud has beside its projects."""

from dataclasses import dataclass, field
from typing import Any

from emulators.keystone.directory import Project, User


@dataclass(slots=True)
class Account:
    """An account: its number is the name of its domain in keystone.

    rows  of the billing statistics, each of one object, metric and day
    """

    number: str
    user: User
    api_key: str
    currency: str = "rub"
    projects: list[Project] = field(default_factory=list)
    subnets: list[dict[str, Any]] = field(default_factory=list)
    licenses: list[dict[str, Any]] = field(default_factory=list)
    dedicated: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
