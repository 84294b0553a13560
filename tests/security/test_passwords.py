import pytest
from argon2 import PasswordHasher

from app.security import passwords
from app.security.passwords import MAX_LENGTH, MIN_LENGTH, WeakPassword, hash_password, verify

PASSWORD = "correct horse battery"


def test_a_password_fits_its_own_hash_only() -> None:
    stored = hash_password(PASSWORD)
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored
    assert verify(stored, PASSWORD)
    assert not verify(stored, PASSWORD + " ")
    assert not verify(stored, "")


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


@pytest.mark.parametrize("password", ["", "x" * (MIN_LENGTH - 1), "x" * (MAX_LENGTH + 1), "\ud800" * MIN_LENGTH])
def test_a_password_outside_the_policy_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        hash_password(password)


@pytest.mark.parametrize("password", ["x" * MIN_LENGTH, "ж" * MAX_LENGTH, "\U0001f600" * MIN_LENGTH])
def test_the_policy_counts_characters(password: str) -> None:
    assert verify(hash_password(password), password)


def test_nobody_can_log_in_without_a_hash_whatever_the_password() -> None:
    assert not verify(None, PASSWORD)
    assert not verify(None, "no user has this password")
    assert not verify("", "no user has this password")


def test_no_such_user_costs_a_verification_too(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []

    class Watched:
        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored)
            return PasswordHasher().verify(stored, password)

        def hash(self, password: str) -> str:
            return PasswordHasher().hash(password)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    assert not verify(None, PASSWORD)
    assert checked[0].startswith("$argon2id$")


@pytest.mark.parametrize(
    "stored", ["plain text", "$argon2id$v=19$m=65536,t=3,p=4$broken", "$2b$12$abcdefghijklmnopqrstuv"]
)
def test_a_hash_of_another_kind_fits_nothing(stored: str) -> None:
    assert not verify(stored, PASSWORD)


def test_text_that_cannot_be_encoded_fits_nothing() -> None:
    assert not verify(hash_password(PASSWORD), "\ud800" * 10)
    assert not verify(None, "\ud800" * 10)
