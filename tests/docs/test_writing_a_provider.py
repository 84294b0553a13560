"""The guide's snippets are a whole package: it is put together from the page, installed, and its contract is run."""

import os
import re
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

GUIDE = (Path(__file__).parents[2] / "docs" / "writing-a-provider.md").read_text()
SNIPPETS = re.findall(r"^```(?:python|toml)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
FILES = {match[1]: snippet for snippet in SNIPPETS if (match := re.match(r"# ([\w/]+\.\w+)\n", snippet)) is not None}
LOOSE = [snippet for snippet in SNIPPETS if snippet not in FILES.values()]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("infrazen-provider-acme")
    for name, content in FILES.items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(content)
    return place


def python(*arguments: str, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_guide_names_the_files_of_a_package():
    assert set(FILES) == {
        "infrazen_acme/__init__.py",
        "infrazen_acme/emulator.py",
        "pyproject.toml",
        "tests/test_acme.py",
    }
    assert tomllib.loads(FILES["pyproject.toml"])["project"]["name"] == "infrazen-provider-acme"


@pytest.mark.parametrize("snippet", LOOSE, ids=lambda snippet: snippet.splitlines()[0])
def test_a_snippet_that_names_no_file_runs_by_itself(snippet):
    exec(compile(snippet, "the guide", "exec"), {})


def test_installed_the_provider_is_found_by_its_name(package, tmp_path):
    python(
        *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"),
        *("--no-build-isolation", "--target", str(tmp_path), str(package)),
        cwd=package,
    )
    found = "from app.providers import registry; print(registry.get('acme').title)"
    assert python("-c", found, cwd=tmp_path, PYTHONPATH=str(tmp_path)) == "Acme Metal\n"


def test_the_provider_keeps_the_contract(package):
    def run(part: str) -> str:
        options = ("-q", "-p", "no:cacheprovider", "-W", "error", "-k", part)
        return python("-m", "pytest", *options, "tests", cwd=package, PYTHONPATH=str(package))

    # It mostly waits for time-outs, so two halves at once take half the time.
    with ThreadPoolExecutor(2) as halves:
        for said in halves.map(run, ("lasting_fault", "not lasting_fault")):
            assert re.search(r"^\d+ passed, \d+ deselected in", said, re.MULTILINE), said
