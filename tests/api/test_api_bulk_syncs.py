import json
import queue
import threading
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.core.domain.errors import AuthenticationFailed
from app.core.models import BulkSync, CompleteSync
from app.core.services import report_service
from app.core.services.runtime import Runtime
from tests.api.conftest import AddUser, FakeCloud, LogIn

RUN = "/api/admin/bulk-sync-all-users"
LIST = "/api/admin/bulk-syncs"


@pytest.fixture
def add_runs(runtime: Runtime) -> Any:
    """Return a function that stores so many finished runs."""

    def add(count: int) -> None:
        with runtime.sessions.begin() as session:
            for _ in range(count):
                now = runtime.clock()
                session.add(
                    BulkSync(
                        sync_type="scheduled", status="success", requested_by="cron", started_at=now, completed_at=now
                    )
                )

    return add


def test_a_run_answers_in_the_contract_s_format(admin: FlaskClient, add_user: AddUser, cloud: FakeCloud) -> None:
    user_id = add_user("user@example.com", connections=2)
    response = admin.post(RUN, json={"sync_type": "scheduled"})
    assert response.status_code == 200
    answer = response.json
    assert answer["success"] is True
    assert answer["message"] == "Bulk sync completed: 1 successful, 0 failed, 1 skipped"
    assert answer["sync_type"] == "scheduled"
    counts = ("total_users", "successful_users", "failed_users", "skipped_users")
    assert [answer[name] for name in counts] == [2, 1, 0, 1]
    skipped, synced = answer["user_results"]
    assert skipped == {
        "user_id": 1,
        "user_email": "admin@example.com",
        "status": "skipped",
        "reason": "No auto-sync enabled providers",
        "duration_seconds": 0,
    }
    assert (synced["user_id"], synced["status"], synced["sync_status"]) == (user_id, "success", "success")
    assert (synced["providers_synced"], synced["resources_found"], synced["total_daily_cost"]) == (2, 4, 5.0)


def test_a_failed_user_tells_why(admin: FlaskClient, add_user: AddUser, cloud: FakeCloud) -> None:
    add_user("user@example.com", connections=1)
    cloud.failure = AuthenticationFailed("the key was revoked")
    answer = admin.post(RUN).json
    assert (answer["status"], answer["failed_users"]) == ("failed", 1)
    failed = answer["user_results"][1]
    assert (failed["status"], failed["message"]) == ("failed", "Complete sync failed")
    assert "the key was revoked" in failed["error"]


@pytest.mark.parametrize(
    ("request_", "sync_type"),
    [
        ({}, "manual"),
        ({"data": b"", "content_type": "application/json"}, "manual"),
        ({"data": b"", "content_type": "text/plain"}, "manual"),
        ({"json": {}}, "manual"),
        ({"json": {"sync_type": "manual"}}, "manual"),
        ({"json": {"sync_type": "scheduled"}}, "scheduled"),
        ({"json": {"sync_type": "api"}}, "api"),
        ({"data": b'{"sync_type": "api"}', "content_type": "application/json; charset=utf-8"}, "api"),
    ],
)
def test_which_type_a_body_means(
    runtime: Runtime, admin: FlaskClient, request_: dict[str, Any], sync_type: str
) -> None:
    response = admin.post(RUN, **request_)
    assert (response.status_code, response.json["sync_type"]) == (200, sync_type)
    with runtime.sessions() as session:
        run = session.query(BulkSync).one()
    assert (run.sync_type, run.requested_by) == (sync_type, "admin@example.com")


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({"sync_type": "daily"}, {"sync_type": ["Must be one of: scheduled, manual, api."]}),
        ({"sync_type": None}, {"sync_type": ["Field may not be null."]}),
        ({"sync_typ": "manual"}, {"sync_typ": ["Unknown field."]}),
        ({"Привет": 1}, {"Привет": ["Unknown field."]}),
        ([], {"_schema": ["Invalid input type."]}),
        ("manual", {"_schema": ["Invalid input type."]}),
        ({"user_ids": "1"}, {"user_ids": ["Not a valid list."]}),
        ({"user_ids": None}, {"user_ids": ["Field may not be null."]}),
        ({"user_ids": [1, "2"]}, {"user_ids": {"1": ["Not a valid integer."]}}),
        ({"user_ids": [True]}, {"user_ids": {"0": ["Not a valid integer."]}}),
        ({"user_ids": [1.0]}, {"user_ids": {"0": ["Not a valid integer."]}}),
    ],
)
def test_a_body_that_does_not_fit(runtime: Runtime, admin: FlaskClient, body: Any, details: dict[str, Any]) -> None:
    response = admin.post(RUN, json=body)
    assert response.status_code == 422
    assert (response.json["success"], response.json["message"]) == (False, "Invalid request")
    assert response.json["details"] == details
    messages = json.dumps(details, ensure_ascii=False)
    assert response.json["error"].split(": ")[-1] in messages
    with runtime.sessions() as session:
        assert session.query(BulkSync).count() == 0


@pytest.mark.parametrize("ids", [[-1], [2**63], list(range(10_001))])
def test_ids_out_of_range(admin: FlaskClient, ids: list[int]) -> None:
    response = admin.post(RUN, json={"user_ids": ids})
    assert response.status_code == 422
    assert list(response.json["details"]) == ["user_ids"]


def test_only_the_users_asked_for(admin: FlaskClient, add_user: AddUser, cloud: FakeCloud) -> None:
    first = add_user("first@example.com", connections=1)
    add_user("second@example.com", connections=1)
    answer = admin.post(RUN, json={"user_ids": [first, 999, first]}).json
    assert answer["sync_type"] == "manual"
    assert [(r["user_id"], r["status"]) for r in answer["user_results"]] == [(first, "success"), (999, "skipped")]


def test_no_users_asked_for_means_none(admin: FlaskClient, add_user: AddUser, cloud: FakeCloud) -> None:
    add_user("user@example.com", connections=1)
    answer = admin.post(RUN, json={"user_ids": []}).json
    assert (answer["total_users"], answer["user_results"]) == (0, [])
    assert not cloud.started.is_set()


def test_of_two_requests_at_once_one_runs(
    app: APIFlask, runtime: Runtime, admin: FlaskClient, add_user: AddUser, log_in: LogIn, cloud: FakeCloud
) -> None:
    add_user("user@example.com", connections=1)
    cloud.gate.clear()
    answers: queue.Queue[Any] = queue.Queue()
    clients = [admin, log_in("admin@example.com")]
    both = threading.Barrier(2)

    def ask(client: FlaskClient) -> None:
        both.wait()
        answers.put(client.post(RUN, json={"sync_type": "manual"}))

    threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    refused = answers.get(timeout=60)
    assert cloud.started.wait(60)
    cloud.gate.set()
    done = answers.get(timeout=60)
    for thread in threads:
        thread.join()

    assert (refused.status_code, done.status_code) == (409, 200)
    assert (refused.json["success"], refused.json["message"]) == (False, "Bulk sync refused")
    assert refused.json["error"].startswith("another bulk sync is under way: ")
    assert done.json["successful_users"] == 1
    with runtime.sessions() as session:
        assert session.query(CompleteSync).count() == 1
    assert admin.post(RUN).status_code == 200


def test_a_run_under_way_can_be_looked_at(
    admin: FlaskClient, add_user: AddUser, log_in: LogIn, cloud: FakeCloud
) -> None:
    add_user("user@example.com", connections=1)
    cloud.gate.clear()
    watcher = log_in("admin@example.com")
    thread = threading.Thread(target=admin.post, args=(RUN,))
    thread.start()
    assert cloud.started.wait(60)
    answer = watcher.get(f"{LIST}/1").json
    cloud.gate.set()
    thread.join()
    assert (answer["success"], answer["status"], answer["completed_at"]) == (False, "running", None)
    assert [result["status"] for result in answer["user_results"]] == ["skipped"]
    assert watcher.get(f"{LIST}/1").json["status"] == "success"


def test_a_database_error_fails_the_run(runtime: Runtime, admin: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with runtime.sessions.begin() as session:
        session.execute(text("DROP TABLE leases"))
    response = admin.post(RUN)
    assert response.status_code == 500
    incident = response.json["error"].split()[-4]
    assert response.json == {
        "success": False,
        "error": f"Failed to execute bulk sync: database error, see {incident} in the log",
        "message": "Bulk sync failed",
    }
    assert incident in caplog.text
    assert "no such table: leases" in caplog.text


def test_runs_are_listed_newest_first(admin: FlaskClient, add_runs: Any) -> None:
    add_runs(25)
    answer = admin.get(LIST).json
    assert answer["success"] is True
    assert [run["bulk_sync_id"] for run in answer["bulk_syncs"]] == list(range(25, 5, -1))
    assert answer["next_before_id"] == 6
    assert "user_results" not in answer["bulk_syncs"][0]
    rest = admin.get(LIST, query_string={"before_id": 6}).json
    assert [run["bulk_sync_id"] for run in rest["bulk_syncs"]] == [5, 4, 3, 2, 1]
    assert rest["next_before_id"] is None


def test_a_page_that_ends_with_the_last_run_has_no_next(admin: FlaskClient, add_runs: Any) -> None:
    add_runs(3)
    assert admin.get(LIST, query_string={"limit": 3}).json["next_before_id"] is None
    assert admin.get(LIST, query_string={"limit": 2}).json["next_before_id"] == 2


def test_no_runs_yet(admin: FlaskClient) -> None:
    assert admin.get(LIST).json == {"success": True, "bulk_syncs": [], "next_before_id": None}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit", 0),
        ("limit", 101),
        ("limit", "many"),
        ("before_id", 0),
        ("before_id", 2**63),
        ("before_id", "9" * 5000),
    ],
)
def test_a_page_that_cannot_be(admin: FlaskClient, field: str, value: Any) -> None:
    response = admin.get(LIST, query_string={field: value})
    assert response.status_code == 422
    assert list(response.json["details"]) == [field]


def test_a_run_reads_back_as_it_was_answered(
    admin: FlaskClient, add_user: AddUser, runtime: Runtime, cloud: FakeCloud
) -> None:
    add_user("user@example.com", connections=1)
    answered = admin.post(RUN, json={"sync_type": "api"}).json
    shown = admin.get(f"{LIST}/{answered['bulk_sync_id']}").json
    assert shown == answered
    # The schema of the answer lets everything through that the service says.
    summary = report_service.find_run(runtime, answered["bulk_sync_id"])
    assert summary is not None
    assert shown == json.loads(json.dumps(report_service.run_response(runtime, summary)))
    assert [run["message"] for run in admin.get(LIST).json["bulk_syncs"]] == [answered["message"]]


@pytest.mark.parametrize("run_id", ["1", "0", str(2**63 - 1), str(2**63), "9" * 5000, "-1", "x"])
def test_an_unknown_run(admin: FlaskClient, run_id: str) -> None:
    response = admin.get(f"{LIST}/{run_id}")
    assert (response.status_code, response.json["message"]) == (404, "Not Found")


def test_answers_keep_the_contract_s_order_and_letters(admin: FlaskClient, add_user: AddUser, cloud: FakeCloud) -> None:
    add_user("user@example.com", connections=1)
    cloud.failure = AuthenticationFailed("ключ отозван")
    response = admin.post(RUN)
    assert list(response.json)[:2] == ["success", "message"]
    assert list(response.json)[-1] == "user_results"
    assert "ключ отозван" in response.text
