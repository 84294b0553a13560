"""Try a call again when the cloud may answer better later: the one retry policy, for HTTP and gRPC alike."""

import random
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar
from weakref import WeakValueDictionary

import tenacity

from app.core.domain.errors import RateLimited, TransientError
from app.providers.base import Deadline, Session

MAX_TRIES = 5
MAX_PAUSE_S = 60.0
"""The longest pause that a cloud is granted; it is asked again after that."""
_DEFAULT_PAUSE_S = 1.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 20.0

T = TypeVar("T")
_pauses: WeakValueDictionary[str, "Pause"] = WeakValueDictionary()
_pauses_lock = threading.Lock()


class Pause:
    """A rate limit's pause, shared by everything in this process that uses the same credential."""

    def __init__(self) -> None:
        self._until = 0.0
        self._lock = threading.Lock()

    def ask(self, seconds: float) -> None:
        """Let everyone wait that long from now, unless a longer wait was asked for before."""
        with self._lock:
            self._until = max(self._until, time.monotonic() + seconds)

    def wait(self, deadline: Deadline) -> None:
        """Wait until the pause is over. Raises RateLimited at once when the deadline ends before it does.

        Those who wait go on one after another, spread over a second, not all in one moment.
        """
        left = self._until - time.monotonic()
        if left <= 0:
            return
        if left >= deadline.remaining:
            raise RateLimited("the cloud asked for a pause that is longer than the time left", retry_after=left)
        time.sleep(min(left + random.random(), deadline.remaining))  # noqa: S311 - spreads load, hides nothing


def shared_pause(principal: str) -> Pause:
    """Return the pause of a principal (any text that names a credential); it lasts while someone holds it."""
    key = sha256(principal.encode()).hexdigest()
    with _pauses_lock:
        pause = _pauses.get(key)
        if pause is None:
            pause = _pauses[key] = Pause()
        return pause


def forget_pauses() -> None:
    """Let accounts that are opened from now on start without a pause, as in a new process.

    What was raised keeps its account, and so the pause, alive until the garbage collector comes by. Tests that start
    a new cloud for the same credential call this, lest the old one's pause holds.
    """
    with _pauses_lock:
        _pauses.clear()


def with_retries(session: Session, pause: Pause, call: Callable[[], T], *, tries: int = MAX_TRIES) -> T:
    """Make a call that may be repeated, up to `tries` times within the session's deadline.

    Transient errors are tried again after an exponential wait with full jitter, a rate limit after the cloud's own
    wish. Raises the last error. The session's statistics count every try.
    """

    def once() -> T:
        session.deadline.check()
        pause.wait(session.deadline)
        session.stats.calls += 1
        try:
            return call()
        except RateLimited as error:
            pause.ask(_DEFAULT_PAUSE_S if error.retry_after is None else min(error.retry_after, MAX_PAUSE_S))
            raise

    def count(_: tenacity.RetryCallState) -> None:
        session.stats.retries += 1

    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(lambda error: _worth_it(error, session)),
        stop=tenacity.stop_after_attempt(tries),
        wait=_wait,
        before_sleep=count,
        sleep=lambda seconds: time.sleep(min(seconds, session.deadline.remaining)),
        reraise=True,
    )(once)


def _worth_it(error: BaseException, session: Session) -> bool:
    if isinstance(error, RateLimited) and min(error.retry_after or 0.0, MAX_PAUSE_S) >= session.deadline.remaining:
        return False
    return isinstance(error, TransientError) and session.deadline.remaining > 0 and session.stats.may_retry()


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, RateLimited) and error.retry_after is not None:
        # The shared pause does the waiting.
        return 0.0
    return float(_backoff(state))


_backoff = tenacity.wait_random_exponential(multiplier=_FIRST_WAIT_S, max=_LONGEST_WAIT_S)
