"""`infrazen users`."""

import json

import pytest

from tests.support.installation import Installation


def test_a_user_is_added_listed_and_taken_out_of_service(installation: Installation) -> None:
    out = installation.ok("infrazen users add New@Example.com --role admin --password-stdin", "a long password\n")
    assert out == "Added new@example.com (ID 1, admin).\n"
    (user,) = json.loads(installation.ok("infrazen users list --json"))
    assert (user["email"], user["role"], user["is_active"]) == ("new@example.com", "admin", True)
    installation.ok("infrazen users deactivate new@example.com")
    (user,) = json.loads(installation.ok("infrazen users list --json"))
    assert user["is_active"] is False
    assert "no" in installation.ok("infrazen users list").splitlines()[1].split()
    out = installation.ok("infrazen users set-currency New@example.com RUB")
    assert out == "The totals of New@example.com are in RUB from the next sync on.\n"
    (user,) = json.loads(installation.ok("infrazen users list --json"))
    assert user["currency"] == "RUB"


def test_a_password_is_stored_as_an_argon2_hash(installation: Installation) -> None:
    installation.add_user("someone@example.com")
    (before,) = installation.sql("SELECT password_hash FROM users")
    assert before["password_hash"].startswith("$argon2id$")
    installation.ok("infrazen users set-password someone@example.com --password-stdin", "another password\n")
    (after,) = installation.sql("SELECT password_hash FROM users")
    assert after != before


@pytest.mark.parametrize(
    ("command", "stdin", "code", "words"),
    [
        ("users add nonsense --password-stdin", "a long password", 1, "'nonsense' is no e-mail address"),
        ("users add a@example.com --role king --password-stdin", "a long password", 2, "'king' is not one of"),
        ("users add a@example.com --password-stdin", "short", 1, "a password has 8 to 128 characters"),
        ("users add a@example.com --password-stdin --currency euro", "a long password", 1, "ISO 4217"),
        ("users add a@example.com --password-stdin --currency RUR", "a long password", 1, "'RUR' is no ISO 4217"),
        ("users set-currency known@example.com rubles", "", 1, "'rubles' is no ISO 4217 currency code"),
        ("users set-currency who@example.com RUB", "", 1, "there is no user who@example.com"),
        ("users add a@example.com", "", 2, "use --password-stdin"),
        ("users add known@example.com --password-stdin", "a long password", 1, "there is a user known@example.com"),
        ("users set-password who@example.com --password-stdin", "a long password", 1, "there is no user who@example"),
        ("users deactivate who@example.com", "", 1, "there is no user who@example.com"),
    ],
)
def test_mistakes_are_told_in_one_line(
    installation: Installation, command: str, stdin: str, code: int, words: str
) -> None:
    installation.add_user("known@example.com")
    done = installation.sh(f"infrazen {command}", stdin)
    assert done.returncode == code
    assert words in done.stderr.strip().splitlines()[-1]
    assert [row["email"] for row in installation.sql("SELECT email FROM users")] == ["known@example.com"]
