"""The lease of a bulk run: one at a time on a database, whoever started it and wherever."""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from app.core.execution.stop import Stop
from app.core.persistence import leases

log = logging.getLogger(__name__)

NAME = "bulk-sync"


class RunInProgress(Exception):
    """Another bulk run is under way: who holds the lease, and since when (aware UTC)."""

    def __init__(self, holder: str, since: datetime) -> None:
        super().__init__(
            f"another bulk sync is under way: {holder.partition(' (')[0]}, since {since:%Y-%m-%d %H:%M:%S} UTC"
        )
        self.holder = holder
        self.since = since


@contextmanager
def hold(sessions: sessionmaker[Session], ttl_s: float, stop: Stop) -> Iterator[None]:
    """Hold the lease for the length of the block, renewed in the background; asks to stop if it is lost.

    Raises RunInProgress when someone else has it. A holder that is a dead process of this machine has it no more.
    """
    holder, ttl = _identity(), timedelta(seconds=ttl_s)
    _take(sessions, holder, ttl)
    ended = threading.Event()
    keeper = threading.Thread(target=_keep, args=(sessions, holder, ttl, stop, ended), name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()
        with sessions.begin() as session:
            leases.release(session, NAME, holder)


def _take(sessions: sessionmaker[Session], holder: str, ttl: timedelta) -> None:
    with sessions.begin() as session:
        current = leases.current(session, NAME)
        if current is not None and _is_dead(current.holder):
            leases.release(session, NAME, current.holder)
    with sessions.begin() as session:
        if leases.acquire(session, NAME, holder, ttl):
            return
        current = leases.current(session, NAME)
    if current is not None:
        raise RunInProgress(current.holder, current.acquired_at)
    _take(sessions, holder, ttl)  # it was given up in this very moment


def _keep(sessions: sessionmaker[Session], holder: str, ttl: timedelta, stop: Stop, ended: threading.Event) -> None:
    while not ended.wait(ttl.total_seconds() / 3):
        try:
            with sessions.begin() as session:
                held = leases.renew(session, NAME, holder, ttl)
        except SQLAlchemyError as error:
            log.warning("the lease of the bulk sync was not renewed, trying again: %s", error.__class__.__name__)
            continue
        if not held:
            log.error("the lease of the bulk sync was lost: no further user is started")
            stop.ask_once()
            return


def _identity() -> str:
    """Name this thread's run: a part to read, and a part that tells whether the process still lives."""
    process = psutil.Process()
    marks = f"{_world()} {process.create_time():.2f} {threading.get_ident()}"
    return f"process {process.pid} on {socket.gethostname()} ({marks})"


def _world() -> str:
    """Tell apart machines and containers, so that a process id is only ever compared within one of them."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return f"{psutil.boot_time():.0f}"


def _is_dead(holder: str) -> bool:
    readable, _, rest = holder.partition(" (")
    words, marks = readable.split(), rest.rstrip(")").split()
    if len(words) != 4 or len(marks) != 3 or words[3] != socket.gethostname() or marks[0] != _world():
        return False
    pid = int(words[1])
    try:
        process = psutil.Process(pid)
        return process.status() == psutil.STATUS_ZOMBIE or abs(process.create_time() - float(marks[1])) > 1
    except psutil.NoSuchProcess:
        # Some machines hide the processes of other users, which are alive all the same.
        return not psutil.pid_exists(pid)
    except psutil.AccessDenied:
        return False


def describe(sessions: sessionmaker[Session]) -> str:
    """Say in a few words whether a run is under way, and whose."""
    with sessions() as session:
        current = leases.current(session, NAME)
        if current is None or current.expires_at <= leases.database_now(session) or _is_dead(current.holder):
            return "none under way"
        return str(RunInProgress(current.holder, current.acquired_at))
