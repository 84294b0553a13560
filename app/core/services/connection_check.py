"""Find out what a credential can do: whose account it is, which scopes can be listed, if the bill can be read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.domain.errors import DeadlineExceeded, NotOffered, SyncError
from app.core.domain.scopes import Scope
from app.providers.base import Account, Deadline

PROBING_S = 45.0
"""How long scopes are tried, one call each; a large account's rest is left to the first sync."""
_MAX_PLACES = 3


@dataclass(frozen=True, slots=True)
class Denied:
    """What cannot be read, in words a customer can act on."""

    scopes: tuple[Scope, ...]
    code: str
    message: str

    def __str__(self) -> str:
        """Name the resource types or places, and the reason."""
        names = [str(scope) for scope in self.scopes]
        more = f" and {len(names) - _MAX_PLACES} more" if len(names) > _MAX_PLACES else ""
        return f"{', '.join(names[:_MAX_PLACES])}{more}: {self.message}"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a credential check found.

    account_id  the provider's own id of the account
    scopes      how many scopes a sync would list
    tried       how many of them were tried
    bill        "read" or "none" (the cloud has none to read), None when it was not asked for or is denied
    """

    account_id: str
    scopes: int
    tried: int = 0
    denied: tuple[Denied, ...] = ()
    bill: str | None = None


def check(account: Account, *, with_bill: bool) -> CheckResult:
    """Check an open account. `with_bill` also reads the bill, which some clouds charge or ration.

    Raises the SyncError of `identify` and `scopes`: then nothing works. Each scope's own failure is in the result.
    """
    account_id = account.identify()
    scopes = account.scopes()
    failures: dict[tuple[str, str], list[Scope]] = defaultdict(list)
    tried = 0
    until = Deadline.after(PROBING_S)
    for scope in _one_of_each_first(scopes):
        if not until.remaining:
            break
        tried += 1
        try:
            next(iter(account.collect(scope)), None)
        except DeadlineExceeded:
            break
        except NotOffered:
            continue
        except SyncError as error:
            failures[error.code, error.message].append(scope)
    bill = _check_bill(account, failures) if with_bill else None
    denied = tuple(Denied(tuple(where), code, message) for (code, message), where in failures.items())
    return CheckResult(account_id, len(scopes), tried, denied, bill)


def _check_bill(account: Account, failures: dict[tuple[str, str], list[Scope]]) -> str | None:
    try:
        return "none" if account.bill() is None else "read"
    except SyncError as error:
        failures[error.code, error.message].append(Scope("billing"))
        return None


def _one_of_each_first(scopes: Sequence[Scope]) -> Iterable[Scope]:
    """Order the scopes so that every resource type is tried somewhere before any is tried everywhere."""
    first = list({scope.resource_type: scope for scope in reversed(scopes)}.values())
    return sorted(scopes, key=lambda scope: scope not in first)
