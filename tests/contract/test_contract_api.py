"""The contract's curl lines against a real server, and its two answers."""

import json
from collections.abc import Iterator

import pytest

from tests.support.installation import Installation
from tests.support.serving import Served, served

LOGIN = """curl -s -X POST http://127.0.0.1:5001/api/auth/login-password \\
  -H "Content-Type: application/json" \\
  -d '{"username":"admin@example.com","password":"your_password"}' \\
  -c cookies.txt"""
TRIGGER = """curl -s -X POST http://127.0.0.1:5001/api/admin/bulk-sync-all-users \\
  -H "Content-Type: application/json" \\
  -d '{"sync_type":"manual"}' \\
  -b cookies.txt"""


@pytest.fixture(scope="module")
def server(platform: Installation) -> Iterator[Served]:
    with served(platform) as server:
        yield server


def curl(platform: Installation, server: Served, command: str) -> dict[str, object]:
    answer: dict[str, object] = json.loads(platform.ok(command.replace("http://127.0.0.1:5001", server.url)))
    return answer


def test_the_two_curl_lines_run_a_bulk_sync(platform: Installation, server: Served) -> None:
    assert curl(platform, server, LOGIN)["success"] is True
    answer = curl(platform, server, TRIGGER)
    assert answer["success"] is True
    assert answer["message"] == "Bulk sync completed: 1 successful, 1 failed, 1 skipped"
    assert (answer["total_users"], answer["successful_users"]) == (3, 1)
    assert (answer["failed_users"], answer["skipped_users"]) == (1, 1)
    assert len(answer["user_results"]) == 3  # type: ignore[arg-type]


def test_without_the_cookie_the_answer_is_the_contracts_error(platform: Installation, server: Served) -> None:
    answer = curl(platform, server, TRIGGER.replace("-b cookies.txt", ""))
    assert answer["success"] is False
    assert {"error", "message"} <= answer.keys()


def test_the_run_can_be_read_back(platform: Installation, server: Served) -> None:
    curl(platform, server, LOGIN)
    run = curl(platform, server, TRIGGER)
    url = f"curl -s {server.url}/api/admin/bulk-syncs/{run['bulk_sync_id']} -b cookies.txt"
    again = curl(platform, server, url)
    assert again["user_results"] == run["user_results"]
