import json
from typing import Any

import pytest

from app.core.domain.errors import AuthenticationFailed, ResponseInvalid, SyncError
from app.core.domain.scopes import Scope
from app.providers.base import Deadline, Session
from app.providers.beget.account import BegetAccount
from app.providers.beget.catalog import HOSTING
from app.providers.beget.client import BegetClient
from app.providers.beget.credentials import BegetCredentials
from emulators.kit.server import Reply, Request
from tests.providers.beget.beget_cloud import AT
from tests.providers.beget.conftest import Cloud


@pytest.fixture
def answering(cloud: Cloud) -> Any:
    """Return a function that makes the emulator answer every call to a path with a body."""

    def answer(path: str, *bodies: Any) -> Cloud:
        left = list(bodies)

        def handler(_: Request, **__: str) -> Reply:
            # As bytes: the emulator leaves them as they are.
            return Reply(json.dumps(left.pop(0) if len(left) > 1 else left[0]).encode())

        method = "POST" if path.startswith("/api/") or path == "/v1/auth" else "GET"
        cloud.emulator.routes.insert(0, (method, path, handler))
        return cloud

    return answer


def errors_of(account: BegetAccount, resource_types: list[str]) -> list[SyncError]:
    errors = []
    for resource_type in resource_types:
        with pytest.raises(SyncError) as caught:
            list(account.collect(Scope(resource_type)))
        errors.append(caught.value)
    return errors


def test_passwords_are_sent_in_bodies_only(cloud: Cloud) -> None:
    cloud.holds.api_password = "the other password"
    account = cloud.open(api_password="the other password")
    account.identify()
    for scope in account.scopes():
        if scope.resource_type != "hosting:account":
            list(account.collect(scope))
    login, *calls = cloud.emulator.requests
    assert login.json() == {"login": "demo1", "password": "the password", "saveMe": False}
    hosting = [request for request in calls if request.path.startswith("/api/")]
    assert hosting[0].form() == {
        "login": "demo1",
        "passwd": "the other password",
        "input_format": "json",
        "output_format": "json",
        "input_data": "{}",
    }
    for request in cloud.emulator.requests:
        told = f"{request.path} {request.query} {request.headers}"
        assert "password" not in told
        assert request.method == "GET" or not request.query
    assert not any("authorization" in request.headers for request in [login, *hosting])


@pytest.mark.parametrize("echo", ["the password", "the%20password", "the+password"])
def test_no_error_repeats_a_password(answering: Any, echo: str) -> None:
    cloud = answering("/api/ftp/getList", {"status": "error", "error_code": 1, "error_text": f"bad: {echo}"})
    [error] = errors_of(cloud.open(), ["hosting:ftp-account"])
    assert "bad: ***" in str(error)
    assert echo not in f"{error} {error.message}"


def test_no_error_repeats_a_token(cloud: Cloud) -> None:
    def echo(request: Request) -> Reply:
        return Reply({"error": {"code": "BAD", "message": request.headers["authorization"]}})

    cloud.emulator.routes.insert(0, ("GET", "/v1/cloud", echo))
    [error] = errors_of(cloud.open(), ["cloud:cdn"])
    assert "BAD: Bearer ***" in error.message


@pytest.mark.parametrize(
    "body",
    [{}, {"token": ""}, {"token": None}, {"token": 5}, {"token": "привет"}, {"token": "a\r\nb"}, [], "token"],
)
def test_a_login_without_a_token_is_no_login(answering: Any, body: Any) -> None:
    cloud = answering("/v1/auth", body)
    with pytest.raises(ResponseInvalid, match="no token"):
        cloud.open(hosting=False).identify()


def test_the_hosting_api_is_not_asked_for_ever_with_a_password_that_it_refuses(cloud: Cloud) -> None:
    account = cloud.open(api_password="wrong")
    errors = errors_of(account, list(HOSTING))
    assert {type(error) for error in errors} == {AuthenticationFailed}
    assert len(cloud.paths()) == 3
    assert "with api_password: switch API access on" in errors[0].message
    assert "not asked, as the hosting API refused this login before: " in errors[-1].message


def test_a_section_that_is_not_allowed_costs_only_itself(cloud: Cloud) -> None:
    for section in ("mail", "ftp", "mysql", "backup"):
        cloud.emulator.deny({"login": "demo1"}, section)
    cloud.holds.domains = [{"id": "1", "fqdn": "a.ru"}]
    account = cloud.open()
    assert len(list(account.collect(Scope("hosting:domain")))) == 1
    denied = ["hosting:mailbox", "hosting:ftp-account", "hosting:database", "hosting:backup"]
    for error, section in zip(errors_of(account, denied), ("mail", "ftp", "mysql", "backup"), strict=True):
        assert f"section '{section}'" in error.message
    assert list(account.collect(Scope("hosting:site"))) == []


def test_a_failure_that_passes_is_tried_again_in_both_apis(answering: Any) -> None:
    failed = {"status": "success", "answer": {"status": "error", "errors": [{"error_code": "METHOD_FAILED"}]}}
    answering(
        "/api/ftp/getList", failed, {"status": "success", "answer": {"status": "success", "result": [{"login": "x"}]}}
    )
    cloud = answering("/v1/vps/snapshot", {"error": "INTERNAL_ERROR"}, {"snapshot": [{"id": "1"}]})
    assert cloud.only("hosting:ftp-account").external_id == "x"
    assert cloud.only("vps:snapshot").external_id == "1"


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"status": "success"},
        {"status": "odd", "answer": {"status": "success", "result": []}},
        {"status": "success", "answer": {"status": "success"}},
        {"status": "success", "answer": {"status": "odd", "result": []}},
        {"status": "success", "answer": {"status": "success", "result": None}},
        {"status": "success", "answer": {"status": "success", "result": {"surprise": True}}},
        {"status": "success", "answer": "what"},
    ],
)
def test_an_envelope_that_is_not_as_described_is_refused(answering: Any, body: Any) -> None:
    cloud = answering("/api/ftp/getList", body)
    with pytest.raises(ResponseInvalid):
        cloud.listing("hosting:ftp-account")


def test_an_answer_without_the_inner_envelope_is_the_result_itself(answering: Any) -> None:
    cloud = answering("/api/ftp/getList", {"status": "success", "answer": [{"login": "x"}]})
    assert cloud.only("hosting:ftp-account").external_id == "x"


@pytest.mark.parametrize(
    ("pages", "ids"),
    [
        ([{}], []),
        ([{"total_count": 0}], []),
        ([{"vps": [{"id": "1"}], "total_count": "1"}], ["1"]),
        ([{"vps": [{"id": "1"}], "total_count": 2}, {"vps": [{"id": "2"}], "total_count": 2}], ["1", "2"]),
    ],
)
def test_zero_totals_and_empty_lists_may_be_left_out(answering: Any, pages: list[Any], ids: list[str]) -> None:
    cloud = answering("/v1/vps/server/list", *pages)
    assert [server.external_id for server in cloud.listing("vps:server")] == ids


@pytest.mark.parametrize(
    "body",
    [
        {"total_count": 3},
        {"vps": [{"id": "1"}]},
        {"vps": [{"id": "1"}], "total_count": 0},
        {"vps": [{"id": "1"}], "total_count": True},
        {"vps": [{"id": "1"}], "total_count": "many"},
        {"vps": None},
        {"servers": []},
        {"surprise": 1, "total_count": 0},
        [],
    ],
)
def test_a_listing_that_contradicts_itself_is_refused(answering: Any, body: Any) -> None:
    cloud = answering("/v1/vps/server/list", body)
    with pytest.raises(ResponseInvalid):
        cloud.listing("vps:server")


@pytest.mark.parametrize("body", [{"error": "odd"}, {"page": []}, {"projects": []}, {}])
def test_projects_without_their_page_are_refused(answering: Any, body: Any) -> None:
    cloud = answering("/v1/cloud/projects/list", body)
    with pytest.raises(ResponseInvalid):
        cloud.listing("cloud:project")


def test_prices_are_for_the_utc_day_of_the_sync() -> None:
    client = BegetClient(BegetCredentials(login="x", password="p"), Session(Deadline.after(1), at=AT))
    assert client.day.isoformat() == "2026-02-10"
    client.close()
