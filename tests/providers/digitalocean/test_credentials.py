import pytest
from pydantic import ValidationError

from app.providers.digitalocean.credentials import DigitalOceanCredentials


def test_a_token_is_kept_without_the_spaces_around_it():
    credentials = DigitalOceanCredentials.model_validate({"token": "  dop_v1_abc\n"})
    assert credentials.token.get_secret_value() == "dop_v1_abc"
    assert "abc" not in repr(credentials)


@pytest.mark.parametrize(
    ("token", "words"), [("", "at least 1"), ("dop v1", "no spaces"), ("dop_ключ", "ASCII"), ("dor_v1_x", "refresh")]
)
def test_a_wrong_token_is_refused_in_plain_words(token, words):
    with pytest.raises(ValidationError) as caught:
        DigitalOceanCredentials.model_validate({"token": token})
    assert words in str(caught.value)
    if token:
        assert token not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"spaces_access_key": "DO00"}, "give both or neither"),
        ({"spaces_secret_key": "x"}, "give both or neither"),
        ({"spaces_regions": ["fra1"]}, "only with a key of Spaces"),
        (
            {"spaces_access_key": "DO00", "spaces_secret_key": "x", "spaces_regions": ["Frankfurt"]},
            "not a region's name",
        ),
    ],
)
def test_a_key_of_spaces_is_whole_or_not_there(given, words):
    with pytest.raises(ValidationError, match=words):
        DigitalOceanCredentials.model_validate({"token": "dop_v1_abc", **given})
