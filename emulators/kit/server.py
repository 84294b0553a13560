"""A small HTTP server for one emulated cloud: routes, a log of requests, a rate limit, latency, and faults."""

import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from emulators.kit.faults import CONTENT, Fault, Faults, Kind
from emulators.kit.pages import Listing

_DRIP_S = 0.02
_ENDLESS = 10**9


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came; header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body's JSON."""
        return json.loads(self.body or b"null")

    def form(self) -> dict[str, str]:
        """Return the fields of a form."""
        return {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@dataclass(slots=True)
class Reply:
    """An answer: `body` is a JSON value, a listing, or bytes as they are."""

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[..., Reply]


class Emulator:
    """One cloud on a free loopback port, from `with` to the end of the block.

    Subclasses fill `self.routes` with (method, path as a regular expression, handler); named groups of the
    expression become keyword arguments after the request. They override `authenticate` and `refusal`.

    latency_s  seconds that each answer waits
    limit      calls that are answered before 429, None for no limit
    """

    def __init__(self) -> None:
        self.routes: list[tuple[str, str, Handler]] = []
        self.requests: list[Request] = []
        self.faults = Faults()
        self.latency_s = 0.0
        self.limit: int | None = None
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """Where the emulator answers, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def authenticate(self, request: Request) -> Reply | None:
        """Return a refusal, or None to let the request in."""
        return None

    def refusal(self, status: int, words: str) -> Reply:
        """Return an error in the cloud's own form."""
        return Reply({"message": words}, status)

    def limited(self) -> Reply:
        """Return the answer to a call above the limit, with the cloud's own headers."""
        return self.refusal(429, "too many requests")

    def expire_tokens(self) -> None:
        """Forget the tokens that were given out; nothing to do for clouds with keys that last."""

    def answer(self, request: Request, faults: list[Fault]) -> Reply:
        """Return the answer to a request, as far as it can be said in a reply."""
        self._closing.wait(self.latency_s)
        for fault in faults:
            if fault.kind is Kind.STATUS:
                reply = self.refusal(fault.status, _echoing(fault.words, request))
                reply.headers.update(fault.headers)
                return reply
            if fault.kind is Kind.TOKEN_EXPIRES:
                self.expire_tokens()
        if self.limit is not None:
            self.limit -= 1
            if self.limit < 0:
                return self.limited()
        return self._route(request, faults)

    def hang(self) -> None:
        """Say nothing until the emulator ends."""
        self._closing.wait()

    def _route(self, request: Request, faults: list[Fault]) -> Reply:
        for method, pattern, handler in self.routes:
            match = re.fullmatch(pattern, request.path)
            if match and method == request.method:
                reply = self.authenticate(request) or handler(request, **match.groupdict())
                return self._rendered(reply, request, faults)
        return self.refusal(404, f"there is no {request.path}")

    def _rendered(self, reply: Reply, request: Request, faults: list[Fault]) -> Reply:
        if isinstance(reply.body, Listing):
            reply.body = reply.body.answer(request.query, lambda: self.faults.take(request.path, paged=True))
        for fault in faults:
            if fault.kind in CONTENT:
                reply.body = _spoiled(reply.body, fault.kind)
        return reply


def _echoing(words: str, request: Request) -> str:
    """Return a fault's words; `{echo}` in them repeats the request, as careless clouds do."""
    sent = " ".join((request.path, *request.headers.values(), request.body.decode(errors="replace")))
    return words.replace("{echo}", sent)


def _spoiled(body: Any, kind: Kind) -> Any:
    """Return a body whose lists are gone, or whose items have lost their fields or their types."""
    if not isinstance(body, dict):
        return body
    if kind is Kind.NO_LIST:
        return {key: {"surprise": True} if isinstance(value, list) else value for key, value in body.items()}
    return {
        key: [_spoiled_item(item, kind) for item in value] if isinstance(value, list) else value
        for key, value in body.items()
    }


def _spoiled_item(item: Any, kind: Kind) -> Any:
    if not isinstance(item, dict):
        return {"not": "this"} if kind is Kind.WRONG_TYPES else item
    return {} if kind is Kind.MISSING_FIELDS else {key: [{"wrong": "type"}] for key in item}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves early is no error of the emulator's."""


def _handler_of(emulator: Emulator) -> type[BaseHTTPRequestHandler]:
    class Connection(_Connection):
        cloud = emulator

    return Connection


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    cloud: Emulator

    def log_message(self, *_: Any) -> None:
        """The emulator keeps its own log of requests."""

    def _serve(self) -> None:
        url = urlsplit(self.path)
        size = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = parse_qs(url.query, keep_blank_values=True)
        request = Request(self.command, url.path, query, headers, self.rfile.read(size))
        self.cloud.requests.append(request)
        faults = self.cloud.faults.take(url.path)
        kinds = {fault.kind for fault in faults}
        if Kind.HANG in kinds:
            self.cloud.hang()
        if kinds & {Kind.HANG, Kind.RESET}:
            self._reset()
            return
        reply = self.cloud.answer(request, faults)
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self._send(reply, content, kinds)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815 - the names are the base class's

    def _send(self, reply: Reply, content: bytes, kinds: set[Kind]) -> None:
        headers = {"Content-Type": "application/json", "Date": self.date_time_string()} | reply.headers
        if Kind.REDIRECT in kinds:
            reply.status, headers["Location"] = 302, "http://elsewhere.invalid/"
        if Kind.HTML in kinds:
            content, headers["Content-Type"] = b"<html><form>Please log in</form></html>", "text/html"
        content = _mangled(content, kinds)
        self.send_response_only(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if reply.status not in (204, 304):
            self.send_header("Content-Length", str(len(content) if Kind.DRIP not in kinds else _ENDLESS))
        self.end_headers()
        if kinds & {Kind.TRUNCATED, Kind.HANG_IN_BODY, Kind.DRIP}:
            self._send_badly(content, kinds)
        elif self.command != "HEAD" and reply.status not in (204, 304):
            self.wfile.write(content)

    def _send_badly(self, content: bytes, kinds: set[Kind]) -> None:
        half = max(1, len(content) // 2)
        self.wfile.write(content[:half])
        self.wfile.flush()
        if Kind.HANG_IN_BODY in kinds:
            self.cloud.hang()
        elif Kind.DRIP in kinds:
            self._drip()
        self.close_connection = True

    def _drip(self) -> None:
        while not self.cloud._closing.wait(_DRIP_S):
            self.wfile.write(b" ")
            self.wfile.flush()

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True


def _mangled(content: bytes, kinds: set[Kind]) -> bytes:
    if Kind.MALFORMED in kinds:
        return content[: max(1, len(content) - 2)] + b",,"
    if Kind.BYTE_ORDER_MARK in kinds:
        return b"\xef\xbb\xbf" + content
    if Kind.NOT_A_NUMBER in kinds:
        return b'{"surprise": NaN, "rest": ' + content + b"}"
    if Kind.HUGE in kinds:
        return b'{"surprise": "' + b"x" * (65 * 1024 * 1024) + b'"}'
    if Kind.DEEP in kinds:
        return b"[" * 100_000 + b"]" * 100_000
    if Kind.DUPLICATE_KEYS in kinds:
        return b'{"a": 1, "a": 2, "rest": ' + content + b"}"
    return content
