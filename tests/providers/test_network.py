"""Which addresses are called, and that no wait outlasts its deadline."""

import socket
from collections.abc import Iterator
from typing import Any

import httpcore
import pytest

from app.core.domain.errors import DeadlineExceeded, PermissionDenied, ProviderUnavailable
from app.providers.base import Deadline
from app.providers.network import DeadlineBackend, addresses, call_deadline, resolve
from tests.providers.small_cloud import SmallCloud, a_client, a_session

_PUBLIC, _PRIVATE = "93.184.215.14", "10.0.0.1"
_LOOPBACK = [
    "127.0.0.1",
    "127.1",
    "127.255.255.254",
    "localhost",
    "LOCALHOST",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "017700000001",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
]
_INSIDE = [
    "10.1.2.3",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "2852039166",
    "100.64.0.1",
    "[fe80::1]",
    "[fd00::1]",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:7f00:1::]",
    "224.0.0.1",
    "255.255.255.255",
]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the next questions to the name server are answered, one list of addresses each."""
    queue: list[list[str]] = []

    def getaddrinfo(host: Any, port: Any, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in queue.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return queue


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The addresses that were connected to; nobody answers there."""
    found: list[str] = []

    def connect_tcp(_: Any, host: str, *__: Any, **___: Any) -> Any:
        found.append(host)
        raise httpcore.ConnectError("nobody there")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_tcp)
    return found


@pytest.mark.parametrize("host", _LOOPBACK)
def test_an_address_of_this_machine_is_refused_in_every_spelling(small_cloud: SmallCloud, host: str) -> None:
    session = a_session(trusted=False)
    with (
        a_client(f"http://{host}:{small_cloud.port}", session) as client,
        pytest.raises(PermissionDenied, match="only an operator can allow"),
    ):
        client.get("/things")
    assert (small_cloud.connections, session.stats.calls) == (0, 1)


@pytest.mark.parametrize("host", ["0177.0.0.1", "127.0.0.01", "0x7f.0.0.1"])
def test_what_the_name_server_takes_for_this_machine_is_refused_below_any_url(host: str, dialled: list[str]) -> None:
    with pytest.raises(PermissionDenied):
        _dial(host, public_only=True)
    assert dialled == []


@pytest.mark.parametrize("host", _INSIDE)
def test_an_address_inside_a_network_is_refused_before_anyone_is_called(host: str, dialled: list[str]) -> None:
    with a_client(f"http://{host}", a_session(trusted=False)) as client, pytest.raises(PermissionDenied):
        client.get("/things")
    assert dialled == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433"])
def test_an_endpoint_that_an_operator_chose_may_be_anywhere(small_cloud: SmallCloud, host: str) -> None:
    with a_client(f"http://{host}:{small_cloud.port}", a_session()) as client:
        assert client.get("/things")


def test_a_public_address_is_called(answers: list[list[str]], dialled: list[str]) -> None:
    answers.append([_PUBLIC])
    with pytest.raises(httpcore.ConnectError):
        _dial("cloud.example", public_only=True)
    assert dialled == [_PUBLIC]


def _dial(host: str, *, public_only: bool) -> None:
    with call_deadline(Deadline.after(5)):
        DeadlineBackend(public_only=public_only).connect_tcp(host, 443, 1)


def test_a_name_that_has_one_private_address_among_others_is_refused(
    answers: list[list[str]], dialled: list[str]
) -> None:
    answers.append([_PUBLIC, _PRIVATE])
    with pytest.raises(PermissionDenied):
        _dial("cloud.example", public_only=True)
    assert dialled == []


def test_a_name_that_turns_private_after_it_was_judged_is_called_where_it_was(
    answers: list[list[str]], dialled: list[str]
) -> None:
    answers += [[_PUBLIC], [_PRIVATE]]
    with pytest.raises(httpcore.ConnectError):
        _dial("rebound.example", public_only=True)
    assert dialled == [_PUBLIC]
    assert answers == [[_PRIVATE]]


def test_a_name_that_turned_private_is_refused_on_the_next_connection(
    answers: list[list[str]], dialled: list[str]
) -> None:
    answers += [[_PUBLIC], [_PRIVATE]]
    with pytest.raises(httpcore.ConnectError):
        _dial("rebound.example", public_only=True)
    with pytest.raises(PermissionDenied):
        _dial("rebound.example", public_only=True)
    assert dialled == [_PUBLIC]


def test_every_address_of_a_name_is_tried_once(answers: list[list[str]], dialled: list[str]) -> None:
    answers.append(["2001:db8::1", _PUBLIC, _PUBLIC])
    with pytest.raises(httpcore.ConnectError, match="nobody there"):
        _dial("cloud.example", public_only=False)
    assert dialled == ["2001:db8::1", _PUBLIC]


def test_the_second_address_helps_when_nobody_answers_at_the_first(
    small_cloud: SmallCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in ("127.0.0.2", "127.0.0.1")]
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a, **k: found if host == "two" else real(host, *a, **k))
    with a_client(f"http://two:{small_cloud.port}") as client:
        assert client.get("/things")


def test_the_first_address_is_the_best() -> None:
    assert resolve("127.0.0.1", 80, public_only=False) == "127.0.0.1"
    assert addresses("127.0.0.1", 80, public_only=False) == ["127.0.0.1"]


@pytest.mark.parametrize("host", ["no-such-host.invalid", "x" * 64 + ".example", "a..b"])
def test_a_name_that_nobody_knows_is_said_to_be_so(host: str, naps: list[float]) -> None:
    with (
        a_client(f"http://{host}", a_session(trusted=False)) as client,
        pytest.raises(ProviderUnavailable, match="cannot be resolved"),
    ):
        client.get("/things")


def test_a_port_where_nobody_listens_is_said_to_be_so(naps: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with (
        a_client(f"http://127.0.0.1:{port}") as client,
        pytest.raises(ProviderUnavailable, match=r"127\.0\.0\.1: the connection failed: .*refused"),
    ):
        client.get("/things")
    assert len(naps) == 4


def test_no_byte_is_waited_for_when_the_calls_time_is_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, call_deadline(Deadline.after(0.05)):
        stream = DeadlineBackend(public_only=False).connect_tcp("127.0.0.1", server.getsockname()[1], 5)
        with pytest.raises((httpcore.ReadTimeout, DeadlineExceeded)):
            stream.read(1, 30)
        with pytest.raises(DeadlineExceeded, match="did not finish its answer"):
            stream.read(1, 30)
        with pytest.raises(DeadlineExceeded):
            stream.write(b"x", None)
        stream.close()


def test_deadlines_of_nested_calls_end_with_their_block() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, call_deadline(Deadline.after(5)):
        stream = DeadlineBackend(public_only=False).connect_tcp("127.0.0.1", server.getsockname()[1], 5)
        with call_deadline(Deadline.after(0)), pytest.raises(DeadlineExceeded):
            stream.write(b"x")
        stream.write(b"x")
        stream.close()
