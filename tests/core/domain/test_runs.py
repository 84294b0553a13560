from datetime import UTC, datetime
from itertools import product

import pytest

from app.core.domain.runs import (
    ConnectionOutcome,
    ExitCode,
    ItemStatus,
    RunSummary,
    SyncStatus,
    SyncType,
    UserResult,
    connection_status,
    run_status,
    user_sync_status,
)
from app.core.domain.scopes import Scope, ScopeReceipt

GOOD = ScopeReceipt(Scope("vm", "r1"))
BAD = ScopeReceipt(Scope("vm", "r2"), error_code="rate_limited", error="slow down")
SUCCESS, PARTIAL, FAILED = SyncStatus.SUCCESS, SyncStatus.PARTIAL, SyncStatus.FAILED


@pytest.mark.parametrize(
    ("receipts", "status"),
    [([], SUCCESS), ([GOOD], SUCCESS), ([GOOD, BAD], PARTIAL), ([BAD, GOOD], PARTIAL), ([BAD, BAD], FAILED)],
)
def test_a_connection_is_as_good_as_its_scopes(receipts: list[ScopeReceipt], status: SyncStatus) -> None:
    assert connection_status(receipts) is status


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([SUCCESS, SUCCESS], SUCCESS),
        ([SUCCESS, PARTIAL], PARTIAL),
        ([SUCCESS, FAILED], PARTIAL),
        ([PARTIAL], PARTIAL),
        ([PARTIAL, FAILED], PARTIAL),
        ([FAILED, FAILED], FAILED),
    ],
)
def test_a_user_is_as_good_as_the_connections(outcomes: list[SyncStatus], status: SyncStatus) -> None:
    assert user_sync_status(outcomes) is status


COUNTS = list(product([0, 2], [0, 1], [0, 1], [0, 1]))


@pytest.mark.parametrize(("successful", "failed", "partial", "unfinished"), COUNTS)
def test_a_run_is_a_success_only_when_nothing_went_wrong(
    successful: int, failed: int, partial: int, unfinished: int
) -> None:
    status = run_status(successful=successful, failed=failed, partial=partial, unfinished=unfinished)
    if unfinished:
        assert status is SyncStatus.INTERRUPTED
    elif failed:
        assert status is (PARTIAL if successful else FAILED)
    else:
        assert status is (PARTIAL if partial else SUCCESS)


def outcome(error: str | None = None, *receipts: ScopeReceipt) -> ConnectionOutcome:
    return ConnectionOutcome(1, "prod", "aws", PARTIAL, receipts, error=error)


def test_the_reason_names_the_first_failed_scope_and_counts_the_others() -> None:
    assert outcome(None, GOOD, BAD).reason == "vm@r2: slow down"
    assert outcome(None, BAD, GOOD, BAD, BAD).reason == "vm@r2: slow down (and 2 more)"
    assert outcome(None, GOOD).reason is None


def test_an_error_of_the_whole_connection_is_its_reason() -> None:
    assert outcome("bad key", BAD).reason == "bad key"


def summary(
    status: SyncStatus = SUCCESS, successful: int = 0, failed: int = 0, skipped: int = 0, partial: int = 0
) -> RunSummary:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    total = successful + failed + skipped
    return RunSummary(1, SyncType.MANUAL, status, at, at, total, successful, failed, skipped, partial, 1.0)


@pytest.mark.parametrize(
    ("counts", "code", "strict_code"),
    [
        ({"successful": 3}, ExitCode.OK, ExitCode.OK),
        ({"successful": 3, "partial": 1}, ExitCode.OK, ExitCode.SOME_FAILED),
        ({"successful": 3, "failed": 1}, ExitCode.SOME_FAILED, ExitCode.SOME_FAILED),
        ({"failed": 2}, ExitCode.SOME_FAILED, ExitCode.SOME_FAILED),
        ({"skipped": 2}, ExitCode.NOTHING_PROCESSED, ExitCode.NOTHING_PROCESSED),
        ({}, ExitCode.NOTHING_PROCESSED, ExitCode.NOTHING_PROCESSED),
        ({"successful": 1, "status": SyncStatus.INTERRUPTED}, ExitCode.INTERRUPTED, ExitCode.INTERRUPTED),
    ],
)
def test_the_exit_code_of_a_run(counts: dict[str, int], code: ExitCode, strict_code: ExitCode) -> None:
    assert summary(**counts).exit_code() is code  # type: ignore[arg-type]
    assert summary(**counts).exit_code(strict=True) is strict_code  # type: ignore[arg-type]


def test_exit_codes_are_those_of_the_contract() -> None:
    assert [int(code) for code in ExitCode] == [0, 1, 2, 75, 78, 130]


def test_the_message_of_a_run() -> None:
    done = summary(successful=5, failed=1, skipped=2)
    assert done.message == "Bulk sync completed: 5 successful, 1 failed, 2 skipped"
    assert summary(SyncStatus.INTERRUPTED).message.startswith("Bulk sync interrupted: ")
    assert summary(SyncStatus.RUNNING).message.startswith("Bulk sync under way: ")


def test_a_partial_user_is_a_success_that_is_not_a_full_one() -> None:
    assert UserResult(1, None, ItemStatus.SUCCESS, sync_status=PARTIAL).is_partial
    assert not UserResult(1, None, ItemStatus.SUCCESS, sync_status=SUCCESS).is_partial
    assert not UserResult(1, None, ItemStatus.FAILED, sync_status=FAILED).is_partial
