"""The local executor: a bounded number of threads in this process."""

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

from app.core.execution.stop import Stop

Item = TypeVar("Item")
Result = TypeVar("Result")

_LOOK_EVERY_S = 0.2


def run_items(
    claim: Callable[[], Item | None],
    work: Callable[[Item], Result],
    *,
    concurrency: int,
    stop: Stop,
    grace_s: float,
) -> Generator[Result]:
    """Yield results as items end, in the caller's thread, while `concurrency` threads claim and work.

    Ends when `claim` has no more items. After a stop nothing is claimed; items in flight have `grace_s` seconds to
    end and are abandoned then (their threads are daemons). An exception of `claim` or `work` ends the rest like a
    stop and is raised here; so does a caller that stops listening.
    """
    done: queue.SimpleQueue[Result | BaseException | None] = queue.SimpleQueue()

    def loop() -> None:
        try:
            while not stop.asked and (item := claim()) is not None:
                done.put(work(item))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            done.put(error)
        else:
            done.put(None)

    for number in range(concurrency):
        threading.Thread(target=loop, name=f"sync-{number + 1}", daemon=True).start()
    try:
        yield from _drain(done, concurrency, stop, grace_s)
    except BaseException:
        stop.ask_once()
        raise


def _drain(
    done: "queue.SimpleQueue[Result | BaseException | None]", threads: int, stop: Stop, grace_s: float
) -> Iterator[Result]:
    give_up_at: float | None = None
    failure: BaseException | None = None
    while threads:
        try:
            outcome = done.get(timeout=_LOOK_EVERY_S)
        except queue.Empty:
            if stop.asked and give_up_at is None:
                give_up_at = time.monotonic() + grace_s
            if stop.urgent or (give_up_at is not None and time.monotonic() >= give_up_at):
                break
            continue
        if isinstance(outcome, BaseException):
            threads, failure = threads - 1, failure or outcome
            stop.ask_once()
        elif outcome is None:
            threads -= 1
        else:
            yield outcome
    if failure is not None:
        raise failure
