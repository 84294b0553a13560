"""The API on its real server."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.installation import TIMEOUT_S, Installation


@dataclass(frozen=True)
class Served:
    """A running server."""

    url: str


@contextmanager
def served(installation: Installation) -> Iterator[Served]:
    """Run `infrazen serve` on a free loopback port for the length of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = installation.start("infrazen", "serve", "--port", str(port))
    try:
        _wait(f"http://127.0.0.1:{port}/health", process)
        yield Served(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.communicate(timeout=TIMEOUT_S)


def _wait(url: str, process: object) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, ConnectionError):
            assert process.poll() is None, process.communicate()  # type: ignore[attr-defined]
            time.sleep(0.05)
    raise AssertionError(f"{url} does not answer")
