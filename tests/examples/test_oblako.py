"""The sample plugin as a third party ships it: installed from its directory, used from the command line."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SAMPLE = Path(__file__).parents[2] / "examples" / "infrazen-provider-oblako"
CREDENTIALS = {"key_id": "demo", "key_secret": "oblako-demo-secret"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package, because a build leaves files beside what it builds."""
    place = tmp_path_factory.mktemp("source") / SAMPLE.name
    return shutil.copytree(SAMPLE, place, ignore=shutil.ignore_patterns("build", "*.egg-info", ".*", "__pycache__"))


@pytest.fixture(scope="module")
def site(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory that the package is installed into, without an index."""
    place = tmp_path_factory.mktemp("site")
    python(
        *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"),
        *("--no-build-isolation", "--target", str(place), str(source)),
        cwd=source,
    )
    return place


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """The emulated cloud, in a process of its own."""
    command = [sys.executable, "-m", "infrazen_oblako.emulator"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment(site), text=True, **pipes) as emulator:
        yield emulator.stdout.readline().strip()
        emulator.stdin.close()
        assert emulator.wait(timeout=20) == 0


@dataclass(frozen=True)
class CommandLine:
    """`infrazen` with the package on its path and an instance of its own."""

    site: Path
    instance: Path

    def __call__(self, *arguments: str, given: str = "") -> str:
        """Run a command that must succeed; return what it printed."""
        main = "from app.cli import main; main()"
        return python("-c", main, *arguments, cwd=self.instance, given=given, env=environment(self.site, self.instance))

    def json(self, *arguments: str) -> Any:
        """Return what a command prints as JSON."""
        return json.loads(self(*arguments, "--json"))


@pytest.fixture
def infrazen(site: Path, tmp_path: Path) -> CommandLine:
    return CommandLine(site, tmp_path)


def environment(site: Path, instance: Path | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("INFRAZEN_")}
    return kept | {"PYTHONPATH": str(site)} | ({"INFRAZEN_INSTANCE_DIR": str(instance)} if instance else {})


def python(*arguments: str, cwd: Path, given: str = "", env: dict[str, str] | None = None) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=cwd, env=env, input=given, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sync(infrazen: CommandLine) -> dict[str, Any]:
    return infrazen.json("sync", "--sync-type", "manual")


def test_the_installed_sample_is_synced_from_the_command_line(infrazen, address):
    infrazen("db", "upgrade")
    infrazen("users", "add", "you@example.com", "--role", "user", "--password-stdin", given="a-long-password\n")
    said = infrazen(
        *("connections", "add", "--user", "you@example.com", "--provider", "oblako", "--name", "demo"),
        *("--api-endpoint", address),
        given=json.dumps(CREDENTIALS),
    )
    assert "account prj-demo, 2 scopes" in said

    assert sync(infrazen)["successful_users"] == 1

    resources = {resource["external_id"]: resource for resource in infrazen.json("resources")}
    assert {id_: (r["daily_cost"], r["currency"], r["cost_basis"]) for id_, r in resources.items()} == {
        "srv-1": ("0.6", "EUR", "billing"),
        "srv-2": ("0.6", "EUR", "billing"),
        # Not on yesterday's bill yet.
        "srv-3": ("0.6", "EUR", "price_list"),
        "dsk-1": ("0.15", "EUR", "billing"),
        "dsk-2": ("0.15", "EUR", "billing"),
        "dsk-3": ("0.15", "EUR", "billing"),
    }
    # The cloud corrects the day before yesterday once it has been read.
    assert sync(infrazen)["successful_users"] == 1
    restated = {
        (cost["service"], cost["amount"], cost["restated_from"])
        for cost in infrazen.json("costs", "list")
        if cost["restated_from"] is not None
    }
    assert restated == {("compute", "1", "1.2")}

    assert resources["dsk-1"]["config"]["parent"] == {"type": "compute:server", "id": "srv-1"}
    assert resources["srv-1"]["tags"] == {"env": "production", "team": "shop"}


def test_the_samples_own_tests_pass(source, site):
    def run(part: str) -> str:
        return python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", part, cwd=source, env=environment(site))

    # They mostly wait for time-outs, so two halves at once take half the time.
    with ThreadPoolExecutor(2) as halves:
        for said in halves.map(run, ("lasting_fault", "not lasting_fault")):
            assert re.search(r"^\d+ passed, \d+ deselected in", said, re.MULTILINE), said
