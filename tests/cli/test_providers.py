"""`infrazen providers`."""

import json
from pathlib import Path

import pytest

from tests.support.installation import Installation

LIST, SHOW = "infrazen providers list", "infrazen providers show"


def plugin(folder: Path, name: str, code: str, entry: str) -> dict[str, str]:
    """Install a plugin of someone else's under a folder; return the environment in which it is found."""
    (folder / f"{name}.py").write_text(code)
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[infrazen.providers]\n{name} = {name}:{entry}\n")
    return {"PYTHONPATH": str(folder)}


ACME = '''
from pydantic import BaseModel, Field, SecretStr
from app.providers.base import Credentials

class Key(BaseModel):
    id: int
    private_key: SecretStr

class AcmeCredentials(Credentials):
    """One of a key and a token."""
    key: Key | None = Field(None, description="The key.")
    regions: tuple[str, ...] | None = Field(None, description="Where to look.")

class Acme:
    name, title, credentials = "acme", "Acme Cloud", AcmeCredentials
'''


def test_providers_are_listed_by_name_and_title(bare: Installation) -> None:
    listed = json.loads(bare.ok(f"{LIST} --json"))
    assert {"name": "aws", "title": "Amazon Web Services", "error": None} in listed
    assert [entry["name"] for entry in listed] == sorted(entry["name"] for entry in listed)
    header, first, *_ = bare.ok(LIST).splitlines()
    assert header.split() == ["NAME", "TITLE"]
    assert first.split(maxsplit=1) == ["aws", "Amazon Web Services"]


def test_a_provider_is_shown_with_its_credential(bare: Installation) -> None:
    shown = json.loads(bare.ok(f"{SHOW} aws --json"))
    fields = {field["name"]: field for field in shown["fields"]}
    assert (shown["name"], shown["title"]) == ("aws", "Amazon Web Services")
    assert shown["summary"].startswith("Inventory comes from the services' own APIs")
    key, secret, token = (fields[name] for name in ("access_key_id", "secret_access_key", "session_token"))
    assert (key["type"], key["required"], key["secret"]) == ("string", True, False)
    assert (secret["required"], secret["secret"]) == (True, True)
    assert (token["required"], token["secret"], token["default"]) == (False, True, None)
    assert fields["regions"]["type"] == "array"
    assert all(field["description"] for field in shown["fields"])
    assert shown["example"] == {"access_key_id": "…", "secret_access_key": "…"}


def test_a_person_reads_the_same_as_a_table_with_an_example(bare: Installation) -> None:
    lines = bare.ok(f"{SHOW} aws").splitlines()
    assert lines[0] == "Amazon Web Services (aws)"
    assert any(line.split()[:4] == ["secret_access_key", "string", "yes", "yes"] for line in lines)
    assert "  infrazen connections add --user EMAIL --provider aws --name NAME < credentials.json" in lines
    assert json.loads(lines[-1]) == {"access_key_id": "…", "secret_access_key": "…"}


def test_an_unknown_name_is_answered_with_the_names_there_are(bare: Installation) -> None:
    done = bare.sh(f"{SHOW} nope")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no provider is called 'nope'; installed: aws, " in done.stderr


def test_a_plugin_without_a_readme_or_needed_fields_is_shown(bare: Installation, tmp_path: Path) -> None:
    done = bare.sh(f"{SHOW} acme --json", **plugin(tmp_path, "acme", ACME, "Acme"))
    shown = json.loads(done.stdout)
    assert (shown["summary"], shown["credential"]) == (None, "One of a key and a token.")
    assert [(field["type"], field["secret"]) for field in shown["fields"]] == [("object", True), ("array", False)]
    assert shown["example"] == {"key": {"id": 1, "private_key": "…"}}


@pytest.mark.parametrize(
    ("code", "words"),
    [("import no_such_sdk", "No module named 'no_such_sdk'"), ("Acme = 1 +", "SyntaxError: "), ("", "no attribute")],
)
def test_a_plugin_that_cannot_be_imported_is_listed_with_its_error(
    bare: Installation, tmp_path: Path, code: str, words: str
) -> None:
    environment = plugin(tmp_path, "broken", code, "Acme")
    listed = {entry["name"]: entry for entry in json.loads(bare.sh(f"{LIST} --json", **environment).stdout)}
    assert listed["broken"]["title"] is None
    assert words in listed["broken"]["error"]
    assert listed["aws"]["error"] is None
    done = bare.sh(f"{SHOW} broken", **environment)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert words in done.stderr
