"""Faults in front of the AWS emulator: calls go through here to moto, unless one is switched on."""

from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from emulators.kit.faults import Fault, Kind
from emulators.kit.server import Emulator, Reply, Request

_HOP = frozenset({"connection", "transfer-encoding", "content-length", "server", "date"})
_ERROR = (
    "<ErrorResponse><Error><Code>{code}</Code><Message>{words}</Message></Error>"
    "<RequestId>0</RequestId></ErrorResponse>"
)
_CODES = {
    401: "AuthFailure",
    403: "AccessDenied",
    429: "TooManyRequestsException",
    500: "InternalError",
    503: "ServiceUnavailable",
}


class FaultyAws(Emulator):
    """Stands between us and a running moto; `target` is moto's address."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self._target = urlsplit(target).netloc

    def refusal(self, status: int, words: str) -> Reply:
        """Return an error in AWS's XML."""
        content = _ERROR.format(code=_CODES.get(status, "InvalidRequest"), words=words)
        return Reply(content.encode(), status, {"Content-Type": "text/xml"})

    def answer(self, request: Request, faults: list[Fault]) -> Reply:
        """Return moto's answer, or the fault's."""
        if any(fault.kind is Kind.STATUS for fault in faults):
            return super().answer(request, faults)
        return self._forward(request)

    def _forward(self, request: Request) -> Reply:
        path = request.path + (f"?{urlencode(request.query, doseq=True)}" if request.query else "")
        moto = HTTPConnection(self._target, timeout=30)
        try:
            # The host that was signed goes along, as the signature is checked over there.
            moto.request(request.method, path, request.body, dict(request.headers))
            response = moto.getresponse()
            content = response.read()
        finally:
            moto.close()
        headers = {name: value for name, value in response.getheaders() if name.lower() not in _HOP}
        return Reply(content, response.status, headers)
