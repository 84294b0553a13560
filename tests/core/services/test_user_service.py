"""Accounts."""

import pytest

from app.core.models import Role
from app.core.persistence.users import UnknownUser
from app.core.services.runtime import Runtime
from app.core.services.user_service import UserError, UserService
from app.security.passwords import WeakPassword, verify


@pytest.fixture
def service(runtime: Runtime) -> UserService:
    return UserService(runtime)


def test_an_address_is_one_user_in_whatever_case(service: UserService) -> None:
    user = service.add(" Some.One@Example.COM ", role=Role.ADMIN, password="long enough")
    assert (user.email, user.role, user.is_active) == ("some.one@example.com", "admin", True)
    with pytest.raises(UserError, match="there is a user some"):
        service.add("some.one@example.com", role=Role.USER, password=None)


@pytest.mark.parametrize("address", ["a@b.test", "root@localhost", "ops@corp.local", "имя@пример.рф"])
def test_internal_and_international_addresses_are_accepted(service: UserService, address: str) -> None:
    assert service.add(address, role=Role.USER, password=None).email == address


def test_bad_input_is_refused(service: UserService) -> None:
    with pytest.raises(UserError, match="is no e-mail address"):
        service.add("nobody", role=Role.USER, password=None)
    with pytest.raises(UserError, match="ISO 4217"):
        service.add("a@example.com", role=Role.USER, password=None, currency="usd")
    with pytest.raises(WeakPassword):
        service.add("a@example.com", role=Role.USER, password="short")
    with pytest.raises(UserError, match="'RUR' is no ISO 4217"):
        service.add("a@example.com", role=Role.USER, password=None, currency="RUR")
    assert list(service.listing()) == []


def test_the_currency_of_the_totals_can_be_changed(service: UserService) -> None:
    service.add("a@example.com", role=Role.USER, password=None)
    service.set_currency("A@example.com", "RUB")
    for code in ("rub", "LTL", "XXX"):
        with pytest.raises(UserError, match="is no ISO 4217"):
            service.set_currency("a@example.com", code)
    with pytest.raises(UnknownUser):
        service.set_currency("b@example.com", "RUB")
    assert [user.currency for user in service.listing()] == ["RUB"]


def test_a_password_and_the_activity_can_be_changed(service: UserService) -> None:
    service.add("a@example.com", role=Role.USER, password=None)
    service.set_password("A@example.com", "a new password")
    service.set_active("a@example.com", active=False)
    (user,) = service.listing()
    assert verify(user.password_hash, "a new password")
    assert user.is_active is False
    with pytest.raises(UnknownUser, match="there is no user"):
        service.set_password("b@example.com", "a new password")
