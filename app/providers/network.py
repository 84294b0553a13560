"""Sockets that keep the deadline of the call and the endpoint policy, below any HTTP library."""

import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import httpcore

from app.core.domain.addresses import is_public
from app.core.domain.errors import DeadlineExceeded, PermissionDenied
from app.providers.base import Deadline

_call: ContextVar[Deadline] = ContextVar("deadline of the call")


@contextmanager
def call_deadline(deadline: Deadline) -> Iterator[None]:
    """Hold everything that this thread does on the network inside to the deadline."""
    token = _call.set(deadline)
    try:
        yield
    finally:
        _call.reset(token)


def resolve(host: str, port: int, *, public_only: bool) -> str:
    """Return the first IP address of the host, see `addresses`."""
    return addresses(host, port, public_only=public_only)[0]


def addresses(host: str, port: int, *, public_only: bool) -> list[str]:
    """Return the IP addresses of the host, best first. Raises OSError when there is none, and PermissionDenied when
    one is not public but must be. The caller connects to the very addresses that were judged, so that a second answer
    cannot differ."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if public_only and not all(is_public(address) for address in found):
        raise PermissionDenied(
            f"{host} is an address inside a private network; only an operator can allow such an endpoint"
        )
    return list(dict.fromkeys(found))


class DeadlineBackend(httpcore.NetworkBackend):
    """Opens TCP connections; each wait is cut to what is left of the call's deadline.

    A server that sends a byte now and then passes every read time-out; it does not pass this.
    """

    def __init__(self, *, public_only: bool) -> None:
        self._public_only = public_only
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that answers, after the policy has seen them all."""
        try:
            *others, last = addresses(host, port, public_only=self._public_only)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} cannot be resolved") from error
        for address in others:
            # A machine without IPv6 may be told an IPv6 address first.
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return self._connect(address, port, timeout, local_address, socket_options)
        return self._connect(last, port, timeout, local_address, socket_options)

    def _connect(
        self, address: str, port: int, timeout: float | None, local: str | None, options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        return _DeadlineStream(self._sockets.connect_tcp(address, port, _left(timeout), local, options))


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None) -> float | None:
    remaining = _call.get().remaining
    if not remaining:
        raise DeadlineExceeded("the cloud did not finish its answer in the time given to a call")
    return remaining if timeout is None else min(timeout, remaining)
