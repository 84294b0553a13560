"""The one retry policy: what is tried again, how often, and after which wait."""

import gc
import threading
from collections.abc import Callable, Iterator

import pytest

from app.core.domain.errors import (
    AuthenticationFailed,
    DeadlineExceeded,
    PermissionDenied,
    ProviderUnavailable,
    RateLimited,
    ResponseInvalid,
    SyncError,
)
from app.providers.base import CallStats, Deadline, Session
from app.providers.retrying import MAX_PAUSE_S, MAX_TRIES, Pause, forget_pauses, shared_pause, with_retries
from tests.providers.small_cloud import a_session


@pytest.fixture(autouse=True)
def _no_pauses_stay() -> Iterator[None]:
    yield
    forget_pauses()


def _failing(*errors: SyncError) -> Callable[[], str]:
    """Return a call that raises the errors one after another, and then answers."""
    left = list(errors)

    def call() -> str:
        if left:
            raise left.pop(0)
        return "answer"

    return call


def test_a_call_that_works_is_made_once(naps: list[float]) -> None:
    session = a_session()
    assert with_retries(session, Pause(), _failing()) == "answer"
    assert (session.stats.calls, session.stats.retries, naps) == (1, 0, [])


def test_a_passing_failure_is_tried_again_after_a_wait_that_grows(naps: list[float]) -> None:
    session = a_session()
    assert with_retries(session, Pause(), _failing(*[ProviderUnavailable("down")] * 4)) == "answer"
    assert (session.stats.calls, session.stats.retries, len(naps)) == (5, 4, 4)
    for number, nap in enumerate(naps):
        assert 0 <= nap <= 0.5 * 2**number


def test_waits_are_random_so_that_not_everyone_returns_in_one_moment(naps: list[float]) -> None:
    for _ in range(5):
        with_retries(a_session(), Pause(), _failing(ProviderUnavailable("down")))
    assert len(set(naps)) == 5


def test_after_five_tries_the_last_error_is_raised(naps: list[float]) -> None:
    session = a_session()
    with pytest.raises(ProviderUnavailable, match="number 5"):
        with_retries(session, Pause(), _failing(*(ProviderUnavailable(f"number {n}") for n in range(1, 9))))
    assert session.stats.calls == MAX_TRIES == 5


@pytest.mark.parametrize("error", [AuthenticationFailed, PermissionDenied, ResponseInvalid])
def test_what_a_person_must_mend_is_not_tried_again(error: type[SyncError], naps: list[float]) -> None:
    session = a_session()
    with pytest.raises(error):
        with_retries(session, Pause(), _failing(error("no")))
    assert (session.stats.calls, naps) == (1, [])


def test_a_programming_error_passes_at_once(naps: list[float]) -> None:
    def call() -> str:
        raise ZeroDivisionError

    session = a_session()
    with pytest.raises(ZeroDivisionError):
        with_retries(session, Pause(), call)
    assert session.stats.calls == 1


def test_a_call_that_must_not_be_repeated_is_made_once(naps: list[float]) -> None:
    session = a_session()
    with pytest.raises(ProviderUnavailable):
        with_retries(session, Pause(), _failing(ProviderUnavailable("down")), tries=1)
    assert session.stats.calls == 1


def test_no_call_is_made_when_no_time_is_left() -> None:
    session = a_session(deadline_s=0)
    with pytest.raises(DeadlineExceeded):
        with_retries(session, Pause(), _failing())
    assert session.stats.calls == 0


def test_a_failure_is_not_tried_again_when_no_time_is_left(naps: list[float]) -> None:
    session = Session(Deadline.after(60))

    def call() -> str:
        object.__setattr__(session, "deadline", Deadline.after(0))
        raise ProviderUnavailable("down")

    with pytest.raises(ProviderUnavailable):
        with_retries(session, Pause(), call)
    assert (session.stats.calls, naps) == (1, [])


@pytest.mark.parametrize(("calls", "retries", "may"), [(0, 19, True), (0, 20, False), (99, 39, True), (99, 40, False)])
def test_retries_end_when_their_budget_is_used_up(calls: int, retries: int, may: bool, naps: list[float]) -> None:
    session = a_session(stats=CallStats(calls, retries))
    call = _failing(ProviderUnavailable("down"))
    if may:
        assert with_retries(session, Pause(), call) == "answer"
    else:
        with pytest.raises(ProviderUnavailable):
            with_retries(session, Pause(), call)


@pytest.mark.parametrize(
    ("wish", "least"), [(None, 1), (0.0, 0), (3.0, 3), (31_536_000.0, MAX_PAUSE_S)], ids=["none", "zero", "3s", "year"]
)
def test_a_rate_limits_wish_is_granted_up_to_a_minute(wish: float | None, least: float, naps: list[float]) -> None:
    session = a_session(deadline_s=300)
    assert with_retries(session, Pause(), _failing(RateLimited("slow down", wish))) == "answer"
    pause = max(naps, default=0.0)
    # Those who wait are spread over a second.
    assert least - 0.1 <= pause <= least + 1


def test_a_pause_that_outlasts_the_deadline_ends_the_call_at_once(naps: list[float]) -> None:
    session = a_session(deadline_s=10)
    with pytest.raises(RateLimited, match="slow down"):
        with_retries(session, Pause(), _failing(RateLimited("slow down", 30.0)))
    assert (session.stats.calls, session.stats.retries, naps) == (1, 0, [])


def test_who_comes_later_learns_of_the_pause_without_a_call(naps: list[float]) -> None:
    pause = Pause()
    pause.ask(30)
    session = a_session(deadline_s=10)
    with pytest.raises(RateLimited, match="a pause that is longer than the time left") as caught:
        with_retries(session, pause, _failing())
    assert caught.value.retry_after is not None
    assert 29 < caught.value.retry_after <= 30
    assert (session.stats.calls, session.stats.retries, naps) == (0, 0, [])


def test_the_longest_pause_that_was_asked_for_counts(naps: list[float]) -> None:
    pause = Pause()
    pause.ask(8)
    pause.ask(2)
    pause.wait(Deadline.after(60))
    assert 7 < naps[0] <= 9


def test_everyone_with_the_same_principal_waits_and_nobody_else(naps: list[float]) -> None:
    ours, theirs = shared_pause("ours"), shared_pause("theirs")
    with pytest.raises(RateLimited):
        with_retries(a_session(), ours, _failing(RateLimited("slow down", 5.0)), tries=1)
    waited: dict[str, list[float]] = {}

    def call(principal: str) -> None:
        before = len(naps)
        with_retries(a_session(), shared_pause(principal), _failing())
        waited[principal] = naps[before:]

    for principal in ("ours", "theirs"):
        thread = threading.Thread(target=call, args=(principal,))
        thread.start()
        thread.join()
    assert waited["theirs"] == []
    (nap,) = waited["ours"]
    assert 4 < nap <= 6
    assert theirs is not ours


def test_a_pause_lasts_while_someone_holds_it() -> None:
    pause = shared_pause("someone")
    assert shared_pause("someone") is pause
    pause.ask(100)
    del pause
    gc.collect()
    shared_pause("someone").wait(Deadline.after(1))


def test_one_pause_is_made_although_many_ask_at_once() -> None:
    barrier = threading.Barrier(8)
    found: list[Pause] = []

    def ask() -> None:
        barrier.wait()
        found.append(shared_pause("crowd"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(pause) for pause in found}) == 1
