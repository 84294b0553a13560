"""A proxy in front of an emulator that can hold requests: the way to catch a sync in the middle."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

WAIT_S = 60


class GatedProxy:
    """Passes requests on to `upstream` while the gate is open. `url` is its own address; `passed` counts requests."""

    def __init__(self, upstream: str) -> None:
        self._upstream = urlsplit(upstream).netloc
        self._lock = threading.Lock()
        self._open = threading.Event()
        self._open.set()
        self._held = threading.Event()
        self._close_after: int | None = None
        self.passed = 0
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_any(self) -> None:
                proxy._serve(self)

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = do_any

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close_after(self, requests: int) -> None:
        """Let this many more requests pass, then hold what comes."""
        with self._lock:
            self._held.clear()
            self._close_after = self.passed + requests

    def open(self) -> None:
        """Let everything pass, also what is held."""
        with self._lock:
            self._close_after = None
            self._open.set()

    def wait_until_held(self) -> None:
        """Return when a request is being held."""
        assert self._held.wait(WAIT_S), "no request reached the closed gate"

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        with self._lock:
            if self._close_after is not None and self.passed >= self._close_after:
                self._open.clear()
            closed = not self._open.is_set()
            self.passed += not closed
        if closed:
            self._held.set()
            self._open.wait(WAIT_S)
        upstream = HTTPConnection(self._upstream, timeout=WAIT_S)
        try:
            upstream.request(request.command, request.path, body, dict(request.headers))
            answer = upstream.getresponse()
            payload = answer.read()
            request.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                    request.send_header(name, value)
            request.send_header("Content-Length", str(len(payload)))
            request.end_headers()
            request.wfile.write(payload)
        except OSError:
            request.close_connection = True  # the one who asked was killed
        finally:
            upstream.close()


@contextmanager
def gated_proxy(upstream: str) -> Iterator[GatedProxy]:
    """Run a proxy for the length of the block."""
    proxy = GatedProxy(upstream)
    thread = threading.Thread(target=proxy.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.open()
        proxy.server.shutdown()
        proxy.server.server_close()
        thread.join()
