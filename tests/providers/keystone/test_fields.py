"""Tags without secrets, addresses sorted into private and public."""

from datetime import UTC

import pytest
from pydantic import TypeAdapter

from app.providers.keystone.fields import Moment, known, parent, split_addresses, tagged


@pytest.mark.parametrize("name", ["password", "x_sel_server_pwd", "admin_pass", "api_token", "user_data", "SSH-key"])
def test_metadata_that_is_named_like_a_secret_is_left_out(name: str) -> None:
    assert tagged((), {name: "hunter2", "team": "web"}) == {"team": "web"}


def test_metadata_whose_value_is_a_crypted_password_is_left_out() -> None:
    assert tagged((), {"login": "$6$salt$abcdef", "price": "$5"}) == {"price": "$5"}


def test_tags_are_words_without_a_value() -> None:
    assert tagged(["preemptible", "боевой"], {"team": None}) == {"preemptible": "", "боевой": "", "team": ""}


def test_floating_and_global_addresses_are_public() -> None:
    given = [("192.168.0.4", False), ("10.0.0.9", True), ("8.8.8.8", False), ("fe80::1", False), ("odd", False)]
    assert split_addresses(given) == {
        "private_ips": ["192.168.0.4", "fe80::1", "odd"],
        "public_ips": ["10.0.0.9", "8.8.8.8"],
    }


def test_a_time_without_a_zone_is_utc() -> None:
    moment = TypeAdapter(Moment).validate_python("2026-01-01T10:00:00.123456")
    assert moment.tzinfo is UTC


def test_what_is_not_told_is_left_out() -> None:
    assert known(a=None, b="", c=0, d=False) == {"c": 0, "d": False}
    assert parent("compute:server", None) == {}
