import multiprocessing
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from app.security.keys import encryption_keys, secret_key
from app.settings import Settings, SettingsError
from tests.support.runtimes import KEY, OTHER_KEY

SERVER = "postgresql://user:password@db.example.com/infrazen"


def settings(directory: Path, **values: Any) -> Settings:
    return Settings(_env_file=None, instance_dir=directory, **values)


def test_keys_of_the_environment_are_taken_as_they_are(tmp_path: Path) -> None:
    given = settings(tmp_path, encryption_keys=f"{KEY},{OTHER_KEY}", secret_key="s" * 40)
    assert encryption_keys(given) == [KEY, OTHER_KEY]
    assert secret_key(given) == "s" * 40
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_database_gets_key_files_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    here = settings(tmp_path / "instance")
    first = encryption_keys(here), secret_key(here)
    assert (encryption_keys(here), secret_key(here)) == first
    Fernet(first[0][0])
    assert len(first[1]) == 64
    files = sorted((tmp_path / "instance").iterdir())
    assert [file.name for file in files] == ["encryption.key", "secret.key"]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]


@pytest.mark.parametrize(
    ("function", "variable"),
    [(encryption_keys, "INFRAZEN_ENCRYPTION_KEYS"), (secret_key, "INFRAZEN_SECRET_KEY")],
)
def test_a_database_server_needs_keys_from_the_environment(tmp_path: Path, function: object, variable: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{variable}: required with a database server") as caught:
        function(settings(tmp_path, database_url=SERVER))  # type: ignore[operator]
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def _make(directory: str, start: "multiprocessing.synchronize.Event", found: "multiprocessing.Queue[str]") -> None:
    start.wait()
    found.put(encryption_keys(settings(Path(directory)))[0])


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    start, found = fork.Event(), fork.Queue()
    processes = [fork.Process(target=_make, args=(str(tmp_path), start, found)) for _ in range(4)]
    for process in processes:
        process.start()
    start.set()
    keys = {found.get(timeout=30) for _ in processes}
    for process in processes:
        process.join(30)
    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["encryption.key"]


def test_a_draft_that_a_dead_process_left_behind_is_no_obstacle(tmp_path: Path) -> None:
    # In a container the process id is the same every time.
    (tmp_path / f"encryption.{os.getpid()}").write_text("half a k")
    Fernet(encryption_keys(settings(tmp_path))[0])


def test_a_place_that_cannot_hold_a_key_is_a_settings_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(SettingsError, match=r"^INFRAZEN_INSTANCE_DIR: cannot keep a key in") as caught:
        encryption_keys(settings(tmp_path / "file" / "instance"))
    assert "\n" not in str(caught.value)


def _try(directory: str, said: "multiprocessing.Queue[str]") -> None:
    if os.geteuid() == 0:
        os.setuid(65534)
    try:
        said.put(encryption_keys(settings(Path(directory)))[0])
    except SettingsError as error:
        said.put(str(error))


def test_a_directory_without_leave_to_write_is_a_settings_error() -> None:
    fork = multiprocessing.get_context("fork")
    said = fork.Queue()
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o555)
        process = fork.Process(target=_try, args=(directory, said))
        process.start()
        message = said.get(timeout=30)
        process.join(30)
    assert message.startswith("INFRAZEN_INSTANCE_DIR: cannot keep a key in ")
    assert message.endswith(": Permission denied")


@pytest.mark.parametrize("content", ["", "not a key", "AAAA"])
def test_a_damaged_key_file_is_a_settings_error_and_stays_as_it_is(tmp_path: Path, content: str) -> None:
    (tmp_path / "encryption.key").write_text(content)
    with pytest.raises(SettingsError, match=r"^INFRAZEN_INSTANCE_DIR: .*encryption.key"):
        encryption_keys(settings(tmp_path))
    assert (tmp_path / "encryption.key").read_text() == content


def test_an_empty_secret_file_does_not_sign_sessions(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(SettingsError, match=r"^INFRAZEN_INSTANCE_DIR: .*secret.key"):
        secret_key(settings(tmp_path))
