"""What a credential can do, found out with one call for each scope."""

from datetime import date
from decimal import Decimal

import pytest

from app.core.domain.costs import Bill, ServiceCharge
from app.core.domain.errors import AuthenticationFailed, PermissionDenied, ProviderUnavailable, SyncError
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.core.services import connection_check
from app.core.services.connection_check import CheckResult, Denied, check
from app.providers.base import Deadline, Session
from tests.support.scripted_provider import Listing, ScriptedAccount, ScriptedProvider

VM, DISK = [Scope("vm", f"r{n}") for n in range(5)], Scope("disk", "r0")


def checked(account: ScriptedAccount, *, with_bill: bool = False) -> CheckResult:
    provider = ScriptedProvider()
    provider.accounts["key"] = account
    opened = provider.open(provider.credentials.model_validate({"key": "key"}), Session(Deadline.after(60)))
    return check(opened, with_bill=with_bill)


def test_a_good_credential_lists_everything() -> None:
    scopes: dict[Scope, Listing] = {scope: [Resource("a"), Resource("b")] for scope in VM}
    assert checked(ScriptedAccount(scopes)) == CheckResult("account", scopes=5, tried=5)


def test_what_is_denied_for_one_reason_is_told_once_with_its_places() -> None:
    refusal = PermissionDenied("the role viewer is missing")
    found = checked(ScriptedAccount({**dict.fromkeys(VM, refusal), DISK: []}))
    assert found.denied == (Denied(tuple(VM), "permission_denied", "the role viewer is missing"),)
    assert str(found.denied[0]) == "vm@r0, vm@r1, vm@r2 and 2 more: the role viewer is missing"


def test_different_reasons_are_told_apart() -> None:
    found = checked(ScriptedAccount({VM[0]: PermissionDenied("no"), DISK: ProviderUnavailable("down")}))
    assert [(denied.code, denied.message) for denied in found.denied] == [
        ("permission_denied", "no"),
        ("provider_unavailable", "down"),
    ]


@pytest.mark.parametrize(
    ("bill", "told"),
    [(None, "none"), (Bill(date(2026, 11, 22), "USD", (ServiceCharge("vm", Decimal(1)),)), "read")],
)
def test_the_bill_is_read_when_it_is_asked_for(bill: Bill | None, told: str) -> None:
    assert checked(ScriptedAccount({DISK: []}, bill=bill)).bill is None
    assert checked(ScriptedAccount({DISK: []}, bill=bill), with_bill=True).bill == told


def test_a_denied_bill_is_among_what_is_denied() -> None:
    found = checked(ScriptedAccount({DISK: []}, bill=PermissionDenied("no billing role")), with_bill=True)
    assert [str(denied) for denied in found.denied] == ["billing@global: no billing role"]
    assert found.bill is None


@pytest.mark.parametrize("account", [
    ScriptedAccount(identify=AuthenticationFailed("unknown")),
    ScriptedAccount(listing=PermissionDenied("no regions")),
])  # fmt: skip
def test_a_credential_that_opens_nothing_is_an_error(account: ScriptedAccount) -> None:
    with pytest.raises(SyncError):
        checked(account)


def test_a_large_account_is_tried_at_one_place_for_each_type_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the time is up, every type was tried somewhere."""
    monkeypatch.setattr(connection_check, "PROBING_S", 0.05)
    account = ScriptedAccount({**{scope: [] for scope in VM}, DISK: PermissionDenied("no")})
    calls: list[str] = []

    def slow_after_two(name: str) -> None:
        calls.append(name)
        if calls.count("collect") == 2:
            until = Deadline.after(0.1)
            while until.remaining:
                pass

    account.hook = slow_after_two
    found = checked(account)
    assert (found.scopes, found.tried) == (6, 2)
    assert [denied.scopes for denied in found.denied] == [(DISK,)]
