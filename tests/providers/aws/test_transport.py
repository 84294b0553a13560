"""Time limits, and calls that are counted."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from app.core.domain.errors import DeadlineExceeded, ProviderUnavailable, ResponseInvalid, SyncError
from app.core.domain.scopes import Scope
from app.providers import channel
from tests.providers.aws.aws_cloud import Canned, Cloud, caller_identity, open_account, xml_error

INSTANCES = Scope("ec2:instance", "us-east-1")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"


@contextmanager
def listening(serve: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """A server that treats each connection in its own way, until the test ends."""
    done, threads = threading.Event(), []
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=talk, args=(connection,)))
            threads[-1].start()

    def talk(connection: socket.socket) -> None:
        with connection:
            try:
                serve(connection, done)
            except OSError:
                return

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        done.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in (acceptor, *threads):
            thread.join()


def silent(connection: socket.socket, done: threading.Event) -> None:
    done.wait()


def dripping(connection: socket.socket, done: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(HEAD)
    while not done.wait(0.02):
        connection.sendall(b" ")


def hanging_up(connection: socket.socket, done: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(HEAD + b"<half")


def hanging_up_in_a_chunk(connection: socket.socket, done: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\n<half")


def test_nothing_listening_is_told_within_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    account, session = open_account(url)
    with pytest.raises(ProviderUnavailable, match="cannot be reached"):
        account.identify()
    assert (session.stats.calls, session.stats.retries) == (4, 3)
    account.close()


def test_a_silent_server_costs_as_many_tries_as_one_call_has() -> None:
    with listening(silent) as url:
        account, session = open_account(url, read_timeout_s=0.1)
        with pytest.raises(ProviderUnavailable, match="did not answer in time"):
            account.identify()
        assert (session.stats.calls, session.stats.retries) == (4, 3)
        account.close()


@pytest.mark.parametrize("serve", [silent, dripping])
def test_the_deadline_ends_a_call_that_would_never_end(
    serve: Callable[[socket.socket, threading.Event], None],
) -> None:
    with listening(serve) as url:
        account, session = open_account(url, deadline_s=0.5, read_timeout_s=60)
        started = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            account.identify()
        assert time.monotonic() - started < 10
        assert session.stats.calls == 1
        account.close()


@pytest.mark.parametrize("serve", [hanging_up, hanging_up_in_a_chunk])
def test_a_connection_broken_in_the_middle_of_an_answer_is_tried_again(
    serve: Callable[[socket.socket, threading.Event], None],
) -> None:
    with listening(serve) as url:
        account, session = open_account(url)
        with pytest.raises(ProviderUnavailable, match="the connection failed"):
            account.identify()
        assert session.stats.retries == 3
        account.close()


def test_no_call_is_made_after_the_deadline(canned: Canned) -> None:
    account, session = open_account(canned.url, deadline_s=0)
    with pytest.raises(DeadlineExceeded):
        account.identify()
    assert (canned.requests, session.stats.calls) == ([], 0)
    account.close()


def test_a_server_error_is_tried_again_and_counted(canned: Canned) -> None:
    answers = iter([(503, xml_error("ServiceUnavailable")), (200, caller_identity())])
    canned.answer = lambda request: next(answers)
    account, session = open_account(canned.url)
    account.identify()
    assert (session.stats.calls, session.stats.retries) == (2, 1)
    account.close()


def test_a_refusal_is_not_tried_again(canned: Canned) -> None:
    canned.answer = lambda request: (403, xml_error("AccessDenied"))
    account, session = open_account(canned.url)
    with pytest.raises(SyncError):
        account.identify()
    assert (session.stats.calls, session.stats.retries) == (1, 0)
    account.close()


def test_an_answer_without_end_is_not_kept(canned: Canned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "MAX_ANSWER_BYTES", 1000)
    canned.answer = lambda request: (200, " " * 1001)
    account, _ = open_account(canned.url)
    with pytest.raises(ResponseInvalid, match="larger than 1000 bytes"):
        account.identify()
    account.close()


def test_calls_of_one_account_share_a_connection(canned: Canned) -> None:
    canned.answer = lambda request: (200, caller_identity())
    account, _ = open_account(canned.url)
    for _ in range(3):
        account.identify()
    assert len(canned.connections) == 1
    account.close()


def test_every_call_says_who_calls(canned: Canned) -> None:
    canned.answer = lambda request: (200, caller_identity())
    account = Cloud(canned.url).open()
    account.identify()
    assert "infrazen/" in canned.requests[0].headers["User-Agent"]
    account.close()
