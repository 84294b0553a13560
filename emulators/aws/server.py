"""The emulator's own process: `python -m emulators.aws.server`.

Prints its address as the first line and ends when its standard input is closed, hence together with whoever started
it. The line `freeze <ISO time>` on its input stops its clock there, `thaw` lets it go on: accounts that are seeded
under a stopped clock are the same every time.
"""

import logging
import os
import sys
from datetime import datetime
from typing import Any

os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")


def main() -> None:
    """Serve on a free loopback port until the input ends."""
    import time_machine
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    _mend_signature_check()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    _say(f"http://{host}:{port}")
    travel = None
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        if travel is not None:
            travel.stop()
            travel = None
        if command == "freeze":
            travel = time_machine.travel(datetime.fromisoformat(argument), tick=False)
            travel.start()
        _say("done")
    server.stop()


def _mend_signature_check() -> None:
    """Let moto 5.2 verify signatures of GET requests.

    It hashes a GET's query parameters as if they were its body, and so refuses every signed call of the REST
    protocols (EKS, Lambda); real AWS hashes the empty body.
    """
    from moto.iam.access_control import IAMRequest

    check = IAMRequest.check_signature

    def check_with_empty_body(request: Any) -> None:
        if request._method == "GET":
            request._data = request._body = b""
        check(request)

    IAMRequest.check_signature = check_with_empty_body  # type: ignore[assignment, method-assign]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
