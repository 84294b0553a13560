"""Passwords: Argon2id, with an answer time that does not tell whether the user exists."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH, MAX_LENGTH = 8, 128

_hasher = PasswordHasher()


class WeakPassword(ValueError):
    """The password breaks the policy; the message says how."""


def hash_password(password: str) -> str:
    """Return the hash to store. Raises WeakPassword."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters")
    try:
        return _hasher.hash(password)
    except UnicodeEncodeError:
        raise WeakPassword("a password is text that UTF-8 can write") from None


def verify(stored: str | None, password: str) -> bool:
    """Tell whether the password fits the stored hash; None, for no such user, costs the same time."""
    try:
        return _hasher.verify(stored or _nobodys_hash(), password) and bool(stored)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("no user has this password")
