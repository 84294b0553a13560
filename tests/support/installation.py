"""An installation of its own for tests that use the command line as a user does: a directory, a database, a shell."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from app.core.models import Role
from app.core.services.connection_service import ConnectionService
from app.core.services.runtime import Runtime
from app.core.services.user_service import UserService
from app.settings import PROJECT_ROOT, Settings

TIMEOUT_S = 120


@dataclass(frozen=True)
class Installation:
    """A directory laid out like the contract's `/path/to/infrazen`, with its own embedded database."""

    root: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, root: Path, **environment: str) -> "Installation":
        """Lay out the directory: the scripts, the virtual environment that runs the tests, and nothing else."""
        root.mkdir(parents=True, exist_ok=True)
        (root / "scripts").symlink_to(PROJECT_ROOT / "scripts")
        (root / ".venv").symlink_to(sys.prefix)
        return cls(root, environment)

    @property
    def env(self) -> dict[str, str]:
        """The environment of its processes: nothing of ours but what the test sets."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("INFRAZEN_", "AWS_"))}
        return {
            **clean,
            "PATH": f"{self.root}/bin:{self.root}/.venv/bin:{clean['PATH']}",
            "INFRAZEN_INSTANCE_DIR": str(self.root / "instance"),
            "TZ": "UTC",
            "PYTHONUNBUFFERED": "1",
            **self.environment,
        }

    def sh(self, command: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a shell command line in the directory and return it with its output."""
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.root,
            env={**self.env, **environment},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )

    def ok(self, command: str, stdin: str = "") -> str:
        """Run a command line that must succeed; return what it printed."""
        done = self.sh(command, stdin)
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, *command: str) -> "subprocess.Popen[str]":
        """Start a program of the virtual environment and return it running."""
        return subprocess.Popen(
            [f"{self.root}/.venv/bin/{command[0]}", *command[1:]],
            cwd=self.root,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def add_user(self, email: str, role: str = "user") -> None:
        """Add a user whose password is `your_password`."""
        with self._runtime() as runtime:
            UserService(runtime).add(email, role=Role(role), password="your_password")

    def add_connection(
        self, email: str, name: str, endpoint: str, credentials: Mapping[str, Any], *, auto_sync: bool = True
    ) -> None:
        """Add an AWS connection, unchecked."""
        with self._runtime() as runtime:
            ConnectionService(runtime).add(
                email,
                provider="aws",
                name=name,
                credentials=credentials,
                api_endpoint=endpoint,
                auto_sync=auto_sync,
                check=False,
            )

    @contextmanager
    def _runtime(self) -> Iterator[Runtime]:
        """The services on the installation's own database and keys, in this process: commands take a second each."""
        runtime = Runtime.from_settings(Settings(_env_file=None, instance_dir=self.root / "instance"))
        try:
            yield runtime
        finally:
            runtime.sessions.kw["bind"].dispose()

    def sql(self, statement: str) -> list[dict[str, Any]]:
        """Run SQL on the database; return the rows."""
        engine = create_engine(f"sqlite:///{self.root}/instance/infrazen.db")
        try:
            with engine.begin() as connection:
                result = connection.execute(text(statement))
                return [dict(row) for row in result.mappings()] if result.returns_rows else []
        finally:
            engine.dispose()
