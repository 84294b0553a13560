"""What is accepted as a Hetzner credential."""

import pytest
from pydantic import ValidationError

from app.providers.hetzner.credentials import HetznerCredentials


def test_a_token_is_trimmed_and_hidden() -> None:
    credentials = HetznerCredentials.model_validate({"token": "  abcDEF123\n"})
    assert credentials.token.get_secret_value() == "abcDEF123"
    assert "abcDEF123" not in repr(credentials)


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("Bearer abc", "without the word Bearer"),
        ("abc def", "no spaces"),
        ("токен", "letters and digits only"),
        ("", "at least 1"),
        ("   ", "at least 1"),
    ],
)
def test_a_wrong_token_is_refused_in_words_without_being_shown(token: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words) as caught:
        HetznerCredentials.model_validate({"token": token})
    assert not token.strip() or token not in str(caught.value)
