import itertools
import threading
from collections.abc import Callable, Iterable, Iterator

import pytest

from app.core.execution.local import run_items
from app.core.execution.stop import Stop

WAIT_S = 30


class Broken(Exception):
    """What goes wrong in a test."""


def claims(items: Iterable[int]) -> Callable[[], int | None]:
    """Hand out items one by one, to any thread."""
    lock, rest = threading.Lock(), iter(items)

    def claim() -> int | None:
        with lock:
            return next(rest, None)

    return claim


def run(
    items: Iterable[int],
    work: Callable[[int], int],
    concurrency: int = 1,
    stop: Stop | None = None,
    grace_s: float = WAIT_S,
) -> Iterator[int]:
    return run_items(claims(items), work, concurrency=concurrency, stop=stop or Stop(), grace_s=grace_s)


def twice(number: int) -> int:
    return number * 2


def test_one_thread_works_in_the_order_of_the_claims() -> None:
    assert list(run(range(1, 101), twice)) == [n * 2 for n in range(1, 101)]


@pytest.mark.parametrize("concurrency", [2, 7, 64])
def test_every_item_is_worked_on_once(concurrency: int) -> None:
    done: list[int] = []

    def work(number: int) -> int:
        done.append(number)
        return number

    results = list(run(range(1, 501), work, concurrency))
    assert sorted(done) == sorted(results) == list(range(1, 501))


def test_nothing_to_do_ends_at_once() -> None:
    assert list(run([], twice, concurrency=4)) == []


def test_as_many_items_as_allowed_are_in_flight_and_never_more() -> None:
    everyone, lock = threading.Barrier(5, timeout=WAIT_S), threading.Lock()
    in_flight, most = 0, 0

    def work(number: int) -> int:
        nonlocal in_flight, most
        with lock:
            in_flight += 1
            most = max(most, in_flight)
        everyone.wait()
        with lock:
            in_flight -= 1
        everyone.wait()
        return number

    assert len(list(run(range(1, 21), work, concurrency=5))) == 20
    assert most == 5


def test_results_come_in_the_callers_thread_as_items_end() -> None:
    first_may_end = threading.Event()
    workers = set()

    def work(number: int) -> int:
        workers.add(threading.current_thread())
        if number == 1:
            assert first_may_end.wait(WAIT_S)
        return number

    results = run([1, 2], work, concurrency=2)
    assert next(results) == 2
    first_may_end.set()
    assert list(results) == [1]
    assert threading.current_thread() not in workers


def test_after_a_stop_nothing_is_claimed_and_what_is_in_flight_ends() -> None:
    stop, may_end = Stop(), threading.Event()

    def work(number: int) -> int:
        if number == 2:
            stop.ask()
            assert may_end.wait(WAIT_S)
        return number

    results = run(itertools.count(1), work, stop=stop)
    assert next(results) == 1
    may_end.set()
    assert list(results) == [2]


def test_what_does_not_end_within_the_grace_is_abandoned() -> None:
    stop, never = Stop(), threading.Event()

    def work(number: int) -> int:
        stop.ask()
        never.wait(WAIT_S)
        return number

    assert list(run([1], work, stop=stop, grace_s=0.0)) == []
    never.set()


def test_an_urgent_stop_waits_for_nothing() -> None:
    stop, never = Stop(), threading.Event()

    def work(number: int) -> int:
        stop.ask()
        stop.ask()
        never.wait(WAIT_S)
        return number

    assert list(run([1], work, stop=stop, grace_s=3600)) == []
    never.set()


def test_an_error_of_work_ends_the_rest_and_is_raised() -> None:
    stop, done = Stop(), []

    def work(number: int) -> int:
        if number == 3:
            raise Broken
        done.append(number)
        return number

    with pytest.raises(Broken):
        list(run(itertools.count(1), work, stop=stop))
    assert done == [1, 2]
    assert stop.asked
    assert not stop.urgent


def test_items_in_flight_end_when_others_fail() -> None:
    together, stop = threading.Barrier(3, timeout=WAIT_S), Stop()

    def work(number: int) -> int:
        together.wait()
        if number < 3:
            raise Broken
        assert stop._asked.wait(WAIT_S)
        return number

    results = run([1, 2, 3], work, concurrency=3, stop=stop)
    assert next(results) == 3
    with pytest.raises(Broken):
        next(results)
    # Two of three threads failed: that was no reason to hurry the third.
    assert not stop.urgent


def test_an_error_of_a_claim_is_raised() -> None:
    def claim() -> int | None:
        raise Broken

    with pytest.raises(Broken):
        list(run_items(claim, twice, concurrency=4, stop=Stop(), grace_s=WAIT_S))


def test_a_caller_that_stops_listening_ends_the_run() -> None:
    stop, may_go_on, claimed = Stop(), threading.Event(), []

    def work(number: int) -> int:
        claimed.append(number)
        if number == 2:
            assert may_go_on.wait(WAIT_S)
        return number

    results = run(itertools.count(1), work, stop=stop)
    assert next(results) == 1
    results.close()  # type: ignore[attr-defined]
    assert stop.asked
    workers = [thread for thread in threading.enumerate() if thread.name == "sync-1"]
    may_go_on.set()
    for worker in workers:
        worker.join(WAIT_S)
    assert claimed in ([1], [1, 2])


def test_abandoned_threads_keep_no_process_alive() -> None:
    daemons = []

    def work(number: int) -> int:
        daemons.append(threading.current_thread().daemon)
        return number

    assert list(run([1], work)) == [1]
    assert daemons == [True]
