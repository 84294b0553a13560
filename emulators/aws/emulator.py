"""Start and steer the AWS emulator from another process."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO
from urllib.request import Request, urlopen


class AwsEmulator:
    """A running emulator; `url` is its endpoint for every AWS service."""

    def __init__(self, url: str, commands: IO[str], answers: IO[str]) -> None:
        self.url = url
        self._commands, self._answers = commands, answers

    def freeze(self, moment: datetime) -> None:
        """Stop the emulator's clock at an aware time."""
        self._tell(f"freeze {moment.isoformat()}")

    def thaw(self) -> None:
        """Let the clock go on."""
        self._tell("thaw")

    def seed_ids(self, seed: int) -> None:
        """Make the ids that the emulator gives from now on repeatable."""
        self._post(f"/moto-api/seed?a={seed}", b"")

    def check_credentials(self) -> None:
        """From now on refuse calls whose credential is wrong or may not do them."""
        self._post("/moto-api/reset-auth", b"0")

    def post_json(self, path: str, body: bytes) -> None:
        """Call the emulator's own control interface."""
        self._post(path, body, "application/json")

    def _post(self, path: str, body: bytes, kind: str = "application/octet-stream") -> None:
        request = Request(self.url + path, data=body, headers={"Content-Type": kind}, method="POST")  # noqa: S310
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - our own loopback address
            answer.read()

    def _tell(self, command: str) -> None:
        self._commands.write(command + "\n")
        self._commands.flush()
        self._answers.readline()


@contextmanager
def running() -> Iterator[AwsEmulator]:
    """Run an emulator on a free loopback port for the length of the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "emulators.aws.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        # Ctrl+C at the terminal is for the sync; the emulator ends when its input is closed.
        start_new_session=True,
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the emulator has no pipes")
        try:
            url = process.stdout.readline().strip()
            if not url:
                raise RuntimeError("the AWS emulator did not start; is the `demo` extra installed?")
            yield AwsEmulator(url, process.stdin, process.stdout)
        finally:
            process.stdin.close()
            process.wait(timeout=30)
