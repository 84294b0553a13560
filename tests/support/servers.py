"""PostgreSQL and MariaDB for tests: started from installed binaries, in a private directory, reached by a socket."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import psutil
from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

Command = Sequence[str | Path]

START_TIMEOUT_S = 60
_LOOK_EVERY_S = 0.02
_ROOM_BYTES = 2 * 1024**3
_SYSTEM_DIRECTORIES = ("/usr/sbin", "/usr/local/sbin")

_POSTGRESQL_OPTIONS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=200",
)
_MARIADB_OPTIONS = (
    "--no-defaults",
    "--skip-networking",
    "--skip-name-resolve",
    "--skip-log-bin",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--innodb-doublewrite=0",
    "--innodb-buffer-pool-size=128M",
)


_PREFIX = "infrazen-tests-"
_PR_SET_PDEATHSIG = 1


class ServerMissing(Exception):
    """A server's binaries are not installed: tests fail then, they are not skipped."""


class Server:
    """A server and its private directory. Under root it runs as `nobody`, because servers refuse to be root."""

    def __init__(self, name: str, end: signal.Signals) -> None:
        self.name, self._end = name, end
        self.directory = _make_directory()
        self.data = self.directory / "data"
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if self._account is not None:
            os.chown(self.directory, self._account.pw_uid, self._account.pw_gid)
        self._log = (self.directory / "log").open("w+")
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self, command: Command) -> None:
        """Run a command to its end, such as the one that makes the data directory."""
        if self._spawn(command).wait():
            raise RuntimeError(f"{self.name} cannot be set up: {self._said()}")

    def start(self, command: Command, listens_at: Path, url: URL) -> None:
        """Start the server and wait until it listens at the socket and answers at the URL."""
        self._process = self._spawn(command)
        engine, give_up_at = create_engine(url), time.monotonic() + START_TIMEOUT_S
        try:
            while not (_listens(listens_at) and _answers(engine)):
                if self._process.poll() is not None or time.monotonic() > give_up_at:
                    raise RuntimeError(f"{self.name} does not start: {self._said()}")
                time.sleep(_LOOK_EVERY_S)
        finally:
            engine.dispose()

    def stop(self) -> None:
        """End the server by its process id and remove its directory: the data is worth nothing."""
        if self._process is not None:
            self._process.send_signal(self._end)
            self._process.wait()
        self._log.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _spawn(self, command: Command) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command,
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.directory), "LC_ALL": "C"},
            user=self._account and self._account.pw_uid,
            group=self._account and self._account.pw_gid,
            extra_groups=self._account and [],
            # Also when the tests are killed.
            preexec_fn=partial(_end_with_parent, ctypes.CDLL(None), self._end),
        )

    def _said(self) -> str:
        self._log.seek(0)
        return self._log.read()[-2000:]


class PostgreSql:
    """A PostgreSQL server. `maintenance_url` is where databases are created and dropped."""

    def __init__(self) -> None:
        initdb, postgres = _postgresql_binary("initdb"), _postgresql_binary("postgres")
        # This signal makes it take its children along at once.
        self._server = Server("PostgreSQL", signal.SIGQUIT)
        self.maintenance_url = self.url("postgres")
        options = [part for option in _POSTGRESQL_OPTIONS for part in ("-c", option)]
        try:
            layout = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]
            self._server.prepare([initdb, *layout, "--pgdata", self._server.data])
            command: Command = [postgres, "-D", self._server.data, "-k", self._server.directory, *options]
            self._server.start(command, self._server.directory / ".s.PGSQL.5432", self.maintenance_url)
        except BaseException:
            self.stop()
            raise

    def url(self, database: str) -> URL:
        """Return the URL of a database."""
        return URL.create(
            "postgresql+psycopg", "postgres", database=database, query={"host": str(self._server.directory)}
        )

    def stop(self) -> None:
        """End the server."""
        self._server.stop()


class MariaDb:
    """A MariaDB server with its built-in defaults, thus with databases that are not UTF-8 unless told."""

    def __init__(self) -> None:
        install, mariadbd = _binary("mariadb-install-db"), _binary("mariadbd")
        self._server = Server("MariaDB", signal.SIGKILL)
        self._socket = self._server.directory / "socket"
        self.maintenance_url = self.url("mysql")
        data = f"--datadir={self._server.data}"
        try:
            self._server.prepare(
                [install, "--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db"]
            )
            command: Command = [mariadbd, *_MARIADB_OPTIONS, data, f"--socket={self._socket}"]
            self._server.start(command, self._socket, self.maintenance_url)
        except BaseException:
            self.stop()
            raise

    def url(self, database: str) -> URL:
        """Return the URL of a database."""
        return URL.create(
            "mariadb+pymysql", "root", host="localhost", database=database, query={"unix_socket": str(self._socket)}
        )

    def stop(self) -> None:
        """End the server."""
        self._server.stop()


def _end_with_parent(libc: ctypes.CDLL, end: signal.Signals) -> None:
    if hasattr(libc, "prctl"):  # Linux
        libc.prctl(_PR_SET_PDEATHSIG, int(end))


def _make_directory() -> Path:
    """Make a directory that carries our process id, and remove those of tests that were killed."""
    room = _room()
    for path in Path(room).glob(f"{_PREFIX}*"):
        owner = path.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(path, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=room))


def _room() -> str:
    """Choose where data directories go: memory, where a database is made in a tenth of the time, or the disk.

    Never TMPDIR, which may be long: the path of a socket has at most 107 bytes.
    """
    memory = Path("/dev/shm")
    enough = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM_BYTES
    return str(memory) if enough else "/tmp"


def _listens(at: Path) -> bool:
    # Asked first, because PyMySQL leaves a socket open when nobody listens.
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(at)) == 0


def _answers(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _binary(name: str) -> Path:
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *_SYSTEM_DIRECTORIES]))
    if found is None:
        raise ServerMissing(f"{name} is not installed; scripts/install-test-servers.sh installs what the tests need")
    return Path(found)


def _postgresql_binary(name: str) -> Path:
    """Find a server program of PostgreSQL; Debian keeps them in one directory per version, off the PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return versions[-1] / name if versions else _binary(name)
