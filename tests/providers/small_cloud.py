"""The smallest cloud there is, and a client of it: for tests of what all clouds share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.providers.base import CallStats, Deadline, Session
from app.providers.http import HttpClient
from emulators.kit.server import Emulator, Reply, Request

THINGS = [{"id": 1, "price": 0.1}, {"id": 2, "price": 0.2}]


class SmallCloud(Emulator):
    """Lists things, takes orders, and counts connections."""

    def __init__(self) -> None:
        super().__init__()
        self.connections = 0
        self.reply = Reply({"things": THINGS})
        self.routes = [("GET", "/things", self._answer), ("HEAD", "/things", self._answer)]
        self.routes += [(method, "/orders", self._answer) for method in ("POST", "PUT", "DELETE")]
        accept = self._server.get_request

        def counted() -> Any:
            self.connections += 1
            return accept()

        self._server.get_request = counted  # type: ignore[method-assign]

    def _answer(self, request: Request) -> Reply:
        return Reply(self.reply.body, self.reply.status, dict(self.reply.headers))

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


def a_session(
    *,
    deadline_s: float = 10,
    trusted: bool = True,
    connect_timeout_s: float = 1,
    read_timeout_s: float = 0.2,
    call_timeout_s: float = 0.3,
    stats: CallStats | None = None,
) -> Session:
    return Session(
        Deadline.after(deadline_s),
        endpoint_trusted=trusted,
        connect_timeout_s=connect_timeout_s,
        read_timeout_s=read_timeout_s,
        call_timeout_s=call_timeout_s,
        stats=stats or CallStats(),
    )


@contextmanager
def a_client(
    url: str, session: Session | None = None, *, principal: str = "ours", **options: Any
) -> Iterator[HttpClient]:
    client = HttpClient(session or a_session(), url, principal=principal, **options)
    try:
        yield client
    finally:
        client.close()
