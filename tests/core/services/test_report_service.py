import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.core.domain.exchange import Rate
from app.core.domain.runs import ItemStatus, ProviderError, RunSummary, SyncStatus, SyncType, UserResult
from app.core.persistence.runs import PlannedUser
from app.core.services import report_service

AT = datetime(2025, 10, 27, 2, 0, 0, 987654, tzinfo=UTC)
SUMMARY = RunSummary(7, SyncType.SCHEDULED, SyncStatus.PARTIAL, AT, AT.replace(minute=2), 8, 5, 1, 2, 1, 123.456)
ERROR = ProviderError(3, "prod", "aws", SyncStatus.FAILED, "API connection timeout", "provider_unavailable")
SUCCESS = UserResult(
    user_id=2,
    user_email="user@example.com",
    status=ItemStatus.SUCCESS,
    duration_s=23.44,
    complete_sync_id=42,
    sync_status=SyncStatus.PARTIAL,
    providers=3,
    failed_providers=1,
    resources_found=45,
    total_daily_cost=Decimal("125.5000000000"),
    currency="USD",
    costs={"USD": Decimal("100.0000000000"), "EUR": Decimal("20.0000000000")},
    exchange_rates=(Rate("EUR", "USD", Decimal("1.2750000000"), date(2025, 10, 24), "ecb"),),
    provider_errors=(ERROR,),
)
SKIPPED = UserResult(5, "another@example.com", ItemStatus.SKIPPED, reason="No auto-sync enabled providers")
FAILED = UserResult(
    7, "failed@example.com", ItemStatus.FAILED, 5.2, error="prod: API connection timeout", provider_errors=(ERROR,)
)

CONTRACT = {
    "run": [
        "success", "message", "total_users", "successful_users", "failed_users", "skipped_users", "duration_seconds",
        "sync_type", "started_at", "completed_at", "user_results",
    ],
    "success": [
        "user_id", "user_email", "status", "complete_sync_id", "sync_status", "providers_synced",
        "successful_providers", "failed_providers", "resources_found", "total_daily_cost", "duration_seconds",
    ],
    "skipped": ["user_id", "user_email", "status", "reason", "duration_seconds"],
    "failed": ["user_id", "user_email", "status", "error", "message", "duration_seconds"],
}  # fmt: skip


def test_the_run_has_the_contracts_keys_and_forms() -> None:
    answer = report_service.response(SUMMARY, [SUCCESS, SKIPPED, FAILED])
    assert [key for key in answer if key in CONTRACT["run"]] == CONTRACT["run"]
    assert {key: value for key, value in answer.items() if key != "user_results"} == {
        "success": True,
        "message": "Bulk sync completed: 5 successful, 1 failed, 2 skipped",
        "bulk_sync_id": 7,
        "status": "partial",
        "total_users": 8,
        "successful_users": 5,
        "failed_users": 1,
        "skipped_users": 2,
        "partial_users": 1,
        "duration_seconds": 123.5,
        "sync_type": "scheduled",
        "started_at": "2025-10-27T02:00:00",
        "completed_at": "2025-10-27T02:02:00",
    }


@pytest.mark.parametrize(("result", "kind"), [(SUCCESS, "success"), (SKIPPED, "skipped"), (FAILED, "failed")])
def test_a_user_has_the_contracts_keys_of_its_status(result: UserResult, kind: str) -> None:
    answer = report_service.user_result(result)
    assert [key for key in answer if key in CONTRACT[kind]] == CONTRACT[kind]


def test_a_successful_user() -> None:
    answer = report_service.user_result(SUCCESS)
    error = answer.pop("provider_errors")
    assert answer == {
        "user_id": 2,
        "user_email": "user@example.com",
        "status": "success",
        "complete_sync_id": 42,
        "sync_status": "partial",
        "providers_synced": 3,
        "successful_providers": 2,
        "failed_providers": 1,
        "resources_found": 45,
        "total_daily_cost": 125.5,
        "currency": "USD",
        "total_daily_cost_by_currency": {"USD": "100", "EUR": "20"},
        "exchange_rates": [
            {"base": "EUR", "quote": "USD", "rate": "1.275", "rate_date": "2025-10-24", "source": "ecb"},
        ],
        "unconverted_currencies": [],
        "duration_seconds": 23.4,
    }
    assert error == [
        {
            "connection_id": 3,
            "connection_name": "prod",
            "provider": "aws",
            "status": "failed",
            "error_code": "provider_unavailable",
            "error": "API connection timeout",
        }
    ]


def test_a_skipped_user_took_no_time() -> None:
    assert report_service.user_result(replace(SKIPPED, duration_s=3.0)) == {
        "user_id": 5,
        "user_email": "another@example.com",
        "status": "skipped",
        "reason": "No auto-sync enabled providers",
        "duration_seconds": 0,
    }


def test_a_failed_user_shows_the_clouds_own_error() -> None:
    answer = report_service.user_result(FAILED)
    assert (answer["error"], answer["message"]) == ("prod: API connection timeout", "Complete sync failed")
    assert answer["complete_sync_id"] is None


def test_a_total_without_a_rate_is_null_and_a_total_of_nothing_is_zero() -> None:
    costs = {"EUR": Decimal(1), "USD": Decimal("0.10")}
    several = replace(SUCCESS, total_daily_cost=None, costs=costs, exchange_rates=(), unconverted=("EUR",))
    assert report_service.user_result(several)["unconverted_currencies"] == ["EUR"]
    assert report_service.user_result(several)["total_daily_cost"] is None
    assert report_service.user_result(several)["total_daily_cost_by_currency"] == {"EUR": "1", "USD": "0.1"}
    nothing = report_service.user_result(replace(SUCCESS, total_daily_cost=Decimal(0), costs={}))
    assert (nothing["total_daily_cost"], nothing["total_daily_cost_by_currency"]) == (0.0, {})


@pytest.mark.parametrize(
    ("status", "success"),
    [
        (SyncStatus.SUCCESS, True),
        (SyncStatus.PARTIAL, True),
        (SyncStatus.FAILED, True),
        (SyncStatus.INTERRUPTED, False),
        (SyncStatus.RUNNING, False),
    ],
)
def test_success_says_that_the_run_came_to_its_end(status: SyncStatus, success: bool) -> None:
    assert report_service.overview(replace(SUMMARY, status=status))["success"] is success


def test_a_run_under_way_has_no_end() -> None:
    assert report_service.overview(replace(SUMMARY, completed_at=None))["completed_at"] is None


def test_an_answer_is_json() -> None:
    answer = report_service.response(SUMMARY, [SUCCESS, SKIPPED, FAILED])
    assert json.loads(json.dumps(answer)) == answer


def test_a_plan_counts_who_is_synced_and_who_is_not() -> None:
    users = [PlannedUser(1, "a@example.com", 3, None), PlannedUser(2, "b@example.com", 0, "Nothing to do")]
    plan = report_service.plan(users, SyncType.MANUAL)
    assert (plan["total_users"], plan["users_to_sync"], plan["users_to_skip"]) == (2, 1, 1)
    assert [entry["action"] for entry in plan["users"]] == ["sync", "skip"]
