import pytest

from app.security.vault import CredentialUnreadable, CredentialVault
from tests.support.runtimes import KEY, OTHER_KEY

SECRET = {"access_key_id": "AKIA1", "secret": "s3cret", "regions": ["eu-west-1"], "имя": "ü"}


def test_what_goes_in_comes_out() -> None:
    vault = CredentialVault([KEY])
    assert vault.decrypt(vault.encrypt(SECRET)) == SECRET


def test_a_token_shows_nothing_and_is_never_the_same_twice() -> None:
    vault = CredentialVault([KEY])
    token = vault.encrypt(SECRET)
    assert "s3cret" not in token
    assert vault.encrypt(SECRET) != token


def test_a_wrong_key_is_a_clear_error_that_says_what_to_do() -> None:
    token = CredentialVault([OTHER_KEY]).encrypt(SECRET)
    with pytest.raises(CredentialUnreadable, match="INFRAZEN_ENCRYPTION_KEYS") as caught:
        CredentialVault([KEY]).decrypt(token)
    assert caught.value.__cause__ is None
    assert token not in str(caught.value)


@pytest.mark.parametrize("token", ["", "not a token", "gAAAAA", "ключ"])
def test_what_is_no_token_is_unreadable(token: str) -> None:
    with pytest.raises(CredentialUnreadable):
        CredentialVault([KEY]).decrypt(token)


def test_a_changed_token_is_unreadable() -> None:
    token = CredentialVault([KEY]).encrypt(SECRET)
    changed = token[:40] + ("A" if token[40] != "A" else "B") + token[41:]
    with pytest.raises(CredentialUnreadable):
        CredentialVault([KEY]).decrypt(changed)


def test_old_keys_still_decrypt_and_rotation_moves_to_the_first() -> None:
    old = CredentialVault([OTHER_KEY]).encrypt(SECRET)
    both = CredentialVault([KEY, OTHER_KEY])
    assert both.decrypt(old) == SECRET
    fresh = both.rotate(old)
    assert CredentialVault([KEY]).decrypt(fresh) == SECRET
    with pytest.raises(CredentialUnreadable):
        CredentialVault([OTHER_KEY]).decrypt(fresh)


def test_rotation_needs_a_key_that_reads() -> None:
    with pytest.raises(CredentialUnreadable):
        CredentialVault([KEY]).rotate(CredentialVault([OTHER_KEY]).encrypt(SECRET))
