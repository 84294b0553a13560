"""A scope is the unit of truth: one listing that comes back whole, or has failed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """One resource type in one place: a region, folder or project of the cloud, `global` where there is none."""

    resource_type: str
    location: str = "global"

    def __str__(self) -> str:
        return f"{self.resource_type}@{self.location}"


@dataclass(frozen=True, slots=True)
class ScopeReceipt:
    """How one scope ended. A receipt with an error proves nothing about what exists in the scope."""

    scope: Scope
    found: int = 0
    created: int = 0
    updated: int = 0
    deleted: int = 0
    error_code: str | None = None
    error: str | None = None

    @property
    def complete(self) -> bool:
        """True when the scope was listed to its end and saved."""
        return self.error is None
