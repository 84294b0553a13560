import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psutil
import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from app.core.execution import run_lease
from app.core.execution.run_lease import RunInProgress, hold
from app.core.execution.stop import Stop
from app.core.models import Lease
from app.core.persistence import leases
from app.core.services.runtime import Runtime

TTL_S = 60
WAIT_S = 30

HOLDER = """
import sys
from app.core.execution.run_lease import hold
from app.core.execution.stop import Stop
from app.core.persistence.engine import make_sessions

with hold(make_sessions(sys.argv[1], pool_size=1), 60, Stop()):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(url: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a process that holds the lease until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.stdin.close()
        process.wait(WAIT_S)
        process.stdout.close()


def try_to_hold(runtime: Runtime) -> None:
    with hold(runtime.sessions, TTL_S, Stop()):
        pass


def row(runtime: Runtime) -> Lease | None:
    with runtime.sessions() as session:
        return leases.current(session, run_lease.NAME)


def test_the_lease_is_held_for_the_block_and_given_up_after_it(runtime: Runtime) -> None:
    with hold(runtime.sessions, TTL_S, Stop()):
        lease = row(runtime)
        assert lease is not None
        assert lease.expires_at - lease.acquired_at == timedelta(seconds=TTL_S)
    assert row(runtime) is None
    try_to_hold(runtime)


def test_it_is_given_up_when_the_block_fails(runtime: Runtime) -> None:
    with pytest.raises(KeyError), hold(runtime.sessions, TTL_S, Stop()):
        raise KeyError
    assert row(runtime) is None


def test_a_second_run_is_refused_with_a_line_that_says_whose_and_since_when(runtime: Runtime) -> None:
    with hold(runtime.sessions, TTL_S, Stop()):
        with pytest.raises(RunInProgress) as caught:
            try_to_hold(runtime)
        lease = row(runtime)
    assert lease is not None
    who = f"process {os.getpid()} on {socket.gethostname()}"
    assert (
        str(caught.value) == f"another bulk sync is under way: {who}, since {lease.acquired_at:%Y-%m-%d %H:%M:%S} UTC"
    )
    assert caught.value.since == lease.acquired_at


def test_of_many_threads_exactly_one_wins(runtime: Runtime) -> None:
    together, wins, losses = threading.Barrier(8, timeout=WAIT_S), [], []
    may_end = threading.Event()

    def contend() -> None:
        together.wait()
        try:
            with hold(runtime.sessions, TTL_S, Stop()):
                wins.append(1)
                assert may_end.wait(WAIT_S)
        except RunInProgress:
            losses.append(1)
        if len(losses) == 7:
            may_end.set()

    threads = [threading.Thread(target=contend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    assert (len(wins), len(losses)) == (1, 7)


def test_a_live_process_keeps_the_lease(runtime: Runtime, database_url: str) -> None:
    with another_process(database_url), pytest.raises(RunInProgress):
        try_to_hold(runtime)
    try_to_hold(runtime)


@pytest.mark.parametrize("reaped", [True, False])
def test_a_killed_process_of_this_machine_loses_the_lease_at_once(
    runtime: Runtime, database_url: str, reaped: bool
) -> None:
    with another_process(database_url) as process:
        process.send_signal(signal.SIGKILL)
        if reaped:
            process.wait(WAIT_S)
        else:  # a zombie, as in a container whose first process reaps nobody
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            assert psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE
        assert row(runtime) is not None
        try_to_hold(runtime)


def test_a_process_of_another_machine_is_not_judged(runtime: Runtime) -> None:
    _held_by(runtime, f"process 1 on elsewhere ({run_lease._world()} 1.00 1)")
    with pytest.raises(RunInProgress, match="process 1 on elsewhere"):
        try_to_hold(runtime)


@pytest.mark.parametrize(
    "holder", ["", "process", "someone (x y z)", f"process 1 on {socket.gethostname()} (other 1 1)"]
)
def test_a_holder_in_words_we_do_not_know_is_not_judged(runtime: Runtime, holder: str) -> None:
    _held_by(runtime, holder)
    with pytest.raises(RunInProgress):
        try_to_hold(runtime)


def test_a_process_id_that_was_given_to_another_process_is_dead(runtime: Runtime) -> None:
    started_long_ago = f"process {os.getpid()} on {socket.gethostname()} ({run_lease._world()} 1.00 1)"
    _held_by(runtime, started_long_ago)
    try_to_hold(runtime)


def _held_by(runtime: Runtime, holder: str) -> None:
    with runtime.sessions.begin() as session:
        assert leases.acquire(session, run_lease.NAME, holder, timedelta(hours=1))


def test_an_expired_lease_is_taken(runtime: Runtime) -> None:
    _held_by(runtime, "process 1 on elsewhere (x 1 1)")
    with runtime.sessions.begin() as session:
        session.execute(update(Lease).values(expires_at=leases.database_now(session)))
    try_to_hold(runtime)


class Prompt(threading.Event):
    """An event that is not set, but waits for no time: the keeper renews as fast as it can."""

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(0)


def _keep(runtime: Runtime, holder: str, stop: Stop, ended: threading.Event) -> threading.Thread:
    arguments = (runtime.sessions, holder, timedelta(seconds=TTL_S), stop, ended)
    keeper = threading.Thread(target=run_lease._keep, args=arguments)
    keeper.start()
    return keeper


def test_a_lease_that_was_taken_away_stops_the_run(runtime: Runtime, caplog: pytest.LogCaptureFixture) -> None:
    _held_by(runtime, "someone else")
    stop = Stop()
    _keep(runtime, "us", stop, Prompt()).join(WAIT_S)
    assert stop.asked
    assert not stop.urgent
    assert "the lease of the bulk sync was lost" in caplog.text


def test_a_database_that_is_away_for_a_moment_does_not_stop_the_run(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _held_by(runtime, "us")
    stop, ended, tries = Stop(), Prompt(), []
    renew = leases.renew

    def sometimes(*arguments: object) -> bool:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("UPDATE", {}, Exception("away"))
        if len(tries) == 3:
            ended.set()
        return renew(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(leases, "renew", sometimes)
    _keep(runtime, "us", stop, ended).join(WAIT_S)
    assert len(tries) == 3
    assert not stop.asked
    assert "was not renewed, trying again: OperationalError" in caplog.text


def test_the_state_of_the_lease_in_words(runtime: Runtime) -> None:
    assert run_lease.describe(runtime.sessions) == "none under way"
    with hold(runtime.sessions, TTL_S, Stop()):
        assert run_lease.describe(runtime.sessions).startswith(f"another bulk sync is under way: process {os.getpid()}")
