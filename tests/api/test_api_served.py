"""The contract's two commands, against a real server."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask

from app.core.models import Role
from tests.api.conftest import PASSWORD, AddUser

COMMANDS = [
    """curl -X POST http://127.0.0.1:5001/api/auth/login-password \\
  -H "Content-Type: application/json" \\
  -d '{"username":"admin@example.com","password":"your_password"}' \\
  -c cookies.txt""",
    """curl -X POST http://127.0.0.1:5001/api/admin/bulk-sync-all-users \\
  -H "Content-Type: application/json" \\
  -d '{"sync_type":"manual"}' \\
  -b cookies.txt""",
]


@pytest.fixture
def address(app: APIFlask, tmp_path: Path) -> Iterator[str]:
    """`host:port` of a server on this test's database; the system chooses the port."""
    environment = {
        "HOME": str(tmp_path),
        "INFRAZEN_INSTANCE_DIR": str(tmp_path),
        "INFRAZEN_DATABASE_URL": f"sqlite:///{tmp_path / 'test.db'}",
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        "127.0.0.1:0",
        "--worker-class",
        "gthread",
        "app:create_app()",
    ]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            found = next(filter(None, (re.search(r"http://(127\.0\.0\.1:\d+)", line) for line in server.stderr)))
            yield found[1]
        finally:
            server.terminate()
            server.stderr.read()


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_contract_s_commands(address: str, add_user: AddUser, tmp_path: Path) -> None:
    add_user("admin@example.com", Role.ADMIN)
    answers = []
    for command in COMMANDS:
        here = command.replace("127.0.0.1:5001", address).replace("your_password", PASSWORD)
        done = subprocess.run(here, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True)
        answers.append(json.loads(done.stdout))
    assert answers[0] == {"success": True, "user": {"id": 1, "email": "admin@example.com", "role": "admin"}}
    assert (answers[1]["success"], answers[1]["sync_type"], answers[1]["total_users"]) == (True, "manual", 1)
