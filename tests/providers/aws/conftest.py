"""Fixtures of the AWS tests; what they are made of stands in aws_cloud.py."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.providers.aws.aws_cloud import Canned, Cloud, Request, moto_server, post


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("moto") / "log"
    with moto_server(log, MOTO_EC2_LOAD_DEFAULT_AMIS="false") as url:
        yield url


@pytest.fixture
def cloud(moto: str) -> Iterator[Cloud]:
    post(f"{moto}/moto-api/reset-auth", b"inf")
    post(f"{moto}/moto-api/reset")
    cloud = Cloud(moto)
    yield cloud
    for account in cloud.opened:
        account.close()
    post(f"{moto}/moto-api/reset-auth", b"inf")


@pytest.fixture
def canned() -> Iterator[Canned]:
    canned = Canned("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            named = self.headers.get("X-Amz-Target", "").rpartition(".")[2] or re.search(r"Action=(\w+)", body)
            operation = named if isinstance(named, str) else named[1] if named else self.path
            request = Request(operation, dict(self.headers), body)
            canned.requests.append(request)
            canned.connections.add(self.client_address)
            status, answer = canned.answer(request)
            self.send_response(status)
            for name, value in canned.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        do_GET = do_POST

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    canned.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield canned
    server.shutdown()
    thread.join()
    server.server_close()
