"""What Cost Explorer's answers become."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from app.core.domain.costs import Bill
from app.core.domain.errors import PermissionDenied, RateLimited, ResponseInvalid
from app.providers.aws import client
from tests.providers.aws.aws_cloud import HUB, Canned, Cloud, Request, caller_identity, json_error, post

EC2, OTHER, S3 = "Amazon Elastic Compute Cloud - Compute", "EC2 - Other", "Amazon Simple Storage Service"
TODAY = datetime.now(UTC).date()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def day(on: date, *groups: tuple[Iterable[str], str], unit: str = "USD") -> dict[str, Any]:
    return {
        "TimePeriod": {"Start": on.isoformat(), "End": (on + timedelta(days=1)).isoformat()},
        "Total": {},
        "Estimated": True,
        "Groups": [
            {"Keys": list(keys), "Metrics": {"UnblendedCost": {"Amount": amount, "Unit": unit}}}
            for keys, amount in groups
        ],
    }


def seed(cloud: Cloud, *answers: dict[str, Any]) -> None:
    body = json.dumps({"account_id": HUB, "results": list(answers)})
    post(f"{cloud.url}/moto-api/static/ce/cost-and-usage-results", body.encode())


def charges(bill: Bill | None) -> dict[tuple[str, str | None], Decimal]:
    assert bill is not None
    return {(charge.service, charge.region): charge.amount for charge in bill.charges}


def explorer(costs: Any, resources: Any = None) -> Callable[[Request], tuple[int, str]]:
    """Answer as Cost Explorer: each argument is (status, body) or an answer, the second one per resource."""

    def answer(request: Request) -> tuple[int, str]:
        if request.operation == "GetCallerIdentity":
            return 200, caller_identity()
        given = resources if request.operation == "GetCostAndUsageWithResources" else costs
        given = given(json.loads(request.body)) if callable(given) else given
        return given if isinstance(given, tuple) else (200, json.dumps(given))

    return answer


def bill_of(canned: Canned) -> Bill | None:
    account = Cloud(canned.url).open()
    try:
        return account.bill()
    finally:
        account.close()


def asked(canned: Canned) -> list[dict[str, Any]]:
    return [json.loads(r.body) for r in canned.requests if r.operation.startswith("GetCostAndUsage")]


def test_an_account_without_charges_has_no_bill(cloud: Cloud) -> None:
    assert cloud.open().bill() is None


def test_the_latest_complete_day_is_billed(cloud: Cloud) -> None:
    days = [day(ago(n), ((EC2, "us-east-1"), f"{n}.5")) for n in (3, 2, 1)]
    seed(cloud, {"ResultsByTime": days})
    bill = cloud.open().bill()
    assert bill is not None
    assert (bill.charged_on, bill.currency, bill.total) == (ago(2), "USD", Decimal("2.5"))
    assert [charge.resource_types for charge in bill.charges] == [{"ec2:instance"}]


def test_a_day_without_groups_is_not_billed(cloud: Cloud) -> None:
    seed(cloud, {"ResultsByTime": [day(ago(3), ((EC2, "us-east-1"), "3")), day(ago(2))]})
    bill = cloud.open().bill()
    assert bill is not None
    assert bill.charged_on == ago(3)


def test_three_complete_days_before_are_read_again_in_the_same_question(canned: Canned) -> None:
    days = [day(ago(n), ((EC2, "us-east-1"), f"{n}")) for n in (6, 5, 3, 2, 1)]
    canned.answer = explorer({"ResultsByTime": [*days, day(ago(4))]})
    bill = bill_of(canned)
    assert bill is not None
    assert bill.charged_on == ago(2)
    told = {d.charged_on: [(c.service, c.region, c.amount) for c in d.charges] for d in bill.earlier}
    assert told == {ago(3): [(EC2, "us-east-1", 3)], ago(4): [], ago(5): [(EC2, "us-east-1", 5)]}
    assert canned.operations.count("GetCostAndUsage") == 1


def test_days_that_were_not_answered_are_not_told_as_free_of_charge(cloud: Cloud) -> None:
    seed(cloud, {"ResultsByTime": [day(ago(2), ((EC2, "us-east-1"), "2")), day(ago(4), ((EC2, "us-east-1"), "4"))]})
    bill = cloud.open().bill()
    assert bill is not None
    assert [d.charged_on for d in bill.earlier] == [ago(4)]


def test_which_days_are_asked_for_is_a_matter_of_the_syncs_moment(canned: Canned) -> None:
    canned.answer = explorer({"ResultsByTime": [day(date(2024, 2, 28), ((EC2, "us-east-1"), "1"))]})
    zone = timezone(timedelta(hours=3))
    account = Cloud(canned.url).open(at=datetime(2024, 3, 2, 1, 30, tzinfo=zone))
    bill = account.bill()
    account.close()
    assert bill is not None
    assert bill.charged_on == date(2024, 2, 28)
    assert asked(canned)[0]["TimePeriod"] == {"Start": "2024-02-23", "End": "2024-03-01"}


def test_a_partial_day_is_better_than_none(cloud: Cloud) -> None:
    seed(cloud, {"ResultsByTime": [day(ago(1), ((EC2, "us-east-1"), "1"))]})
    bill = cloud.open().bill()
    assert bill is not None
    assert bill.charged_on == ago(1)


def test_every_page_is_added_up(cloud: Cloud) -> None:
    first = day(ago(2), ((EC2, "us-east-1"), "1.25"), ((S3, "us-east-1"), "0.1"))
    second = day(ago(2), ((EC2, "eu-west-1"), "2"), ((EC2, "us-east-1"), "0.25"))
    seed(cloud, {"ResultsByTime": [first], "NextPageToken": "more"}, {"ResultsByTime": [second]})
    assert charges(cloud.open().bill()) == {
        (EC2, "us-east-1"): Decimal("1.5"),
        (EC2, "eu-west-1"): Decimal(2),
        (S3, "us-east-1"): Decimal("0.1"),
    }


def test_a_credit_stays_negative_and_amounts_keep_their_digits(cloud: Cloud) -> None:
    groups = (((EC2, "us-east-1"), "0.0000000123"), (("Tax", "NoRegion"), "-12.0000000001"))
    seed(cloud, {"ResultsByTime": [day(ago(2), *groups)]})
    assert charges(cloud.open().bill()) == {
        (EC2, "us-east-1"): Decimal("0.0000000123"),
        ("Tax", None): Decimal("-12.0000000001"),
    }


def test_charges_without_a_region_have_none(cloud: Cloud) -> None:
    groups = ((("AWS Lambda",), "1"), ((S3, "global"), "2"), ((EC2, "NoRegion"), "3"))
    seed(cloud, {"ResultsByTime": [day(ago(2), *groups)]})
    assert {region for _, region in charges(cloud.open().bill())} == {None}


def test_an_emulator_without_costs_per_resource_gives_a_note_after_one_try(cloud: Cloud) -> None:
    seed(cloud, {"ResultsByTime": [day(ago(2), ((EC2, "us-east-1"), "1"))]})
    account, session = cloud.open_with_session()
    bill = account.bill()
    assert bill is not None
    assert (bill.by_resource, bill.itemised) == (None, frozenset())
    assert bill.note is not None
    assert "spread evenly" in bill.note
    assert (session.stats.calls, session.stats.retries) == (3, 0)


def test_the_question_covers_the_last_week_of_this_account_only(canned: Canned) -> None:
    canned.answer = explorer({"ResultsByTime": []})
    bill_of(canned)
    (question,) = asked(canned)
    assert question == {
        "TimePeriod": {"Start": ago(7).isoformat(), "End": TODAY.isoformat()},
        "Granularity": "DAILY",
        "Metrics": ["UnblendedCost"],
        "Filter": {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [HUB]}},
        "GroupBy": [{"Type": "DIMENSION", "Key": key} for key in ("SERVICE", "REGION")],
    }
    assert all("/us-east-1/ce/" in r.headers["Authorization"] for r in canned.requests[1:])


def test_resources_that_the_bill_names_get_their_own_amounts(canned: Canned) -> None:
    groups = (((EC2, "us-east-1"), "3"), ((OTHER, "us-east-1"), "1"), (("Tax", ""), "1"), (("AWS Lambda", ""), "0"))
    gateway = "arn:aws:ec2:us-east-1:123456789012:natgateway/nat-1"
    named = (
        ((EC2, "i-1"), "2"),
        ((EC2, "NoResourceId"), "1"),
        ((OTHER, gateway), "0.7"),
        ((OTHER, "i-1"), "0.3"),
    )
    canned.answer = explorer({"ResultsByTime": [day(ago(2), *groups)]}, {"ResultsByTime": [day(ago(2), *named)]})
    bill = bill_of(canned)
    assert bill is not None
    assert bill.by_resource == {"i-1": Decimal("2.3"), "nat-1": Decimal("0.7")}
    assert bill.itemised == {EC2, OTHER}
    assert bill.note is None
    question = asked(canned)[1]
    assert question["TimePeriod"] == {"Start": ago(2).isoformat(), "End": ago(1).isoformat()}
    services, own = question["Filter"]["And"]
    assert services["Dimensions"] == {"Key": "SERVICE", "Values": [EC2, OTHER]}
    assert own["Dimensions"]["Values"] == [HUB]


def test_costs_per_resource_are_read_to_their_last_page(canned: Canned) -> None:
    def pages(question: dict[str, Any]) -> dict[str, Any]:
        if "NextPageToken" not in question:
            return {"ResultsByTime": [day(ago(2), ((EC2, "i-1"), "1"))], "NextPageToken": "more"}
        return {"ResultsByTime": [day(ago(2), ((EC2, "i-2"), "2"))]}

    canned.answer = explorer({"ResultsByTime": [day(ago(2), ((EC2, "us-east-1"), "3"))]}, pages)
    bill = bill_of(canned)
    assert bill is not None
    assert bill.by_resource == {"i-1": Decimal(1), "i-2": Decimal(2)}


def test_a_service_whose_resources_are_not_named_is_spread_and_noted(canned: Canned) -> None:
    groups = (((EC2, "us-east-1"), "3"), ((S3, "us-east-1"), "1"))
    named = (((EC2, "i-1"), "3"), ((S3, "NoResourceId"), "1"))
    canned.answer = explorer({"ResultsByTime": [day(ago(2), *groups)]}, {"ResultsByTime": [day(ago(2), *named)]})
    bill = bill_of(canned)
    assert bill is not None
    assert bill.itemised == {EC2}
    assert bill.note == f"AWS names no resources of {S3}: these charges are spread evenly"


@pytest.mark.parametrize(
    "refusal",
    [
        (400, json_error("DataUnavailableException", "not opted in")),
        (400, json_error("AccessDeniedException", "not opted in")),
        (400, json_error("ValidationException", "not opted in")),
        (404, "<html>not opted in</html>"),
        (500, "<html>not opted in</html>"),
        (200, "not opted in"),
    ],
)
def test_without_costs_per_resource_the_bill_still_counts(canned: Canned, refusal: tuple[int, str]) -> None:
    canned.answer = explorer({"ResultsByTime": [day(ago(2), ((EC2, "us-east-1"), "3"))]}, refusal)
    bill = bill_of(canned)
    assert bill is not None
    assert (bill.total, bill.by_resource, bill.itemised) == (Decimal(3), None, frozenset())
    assert bill.note is not None
    assert bill.note.startswith("charges are spread evenly, costs per resource are not available: ")
    assert "<html>" not in bill.note
    assert canned.operations.count("GetCostAndUsageWithResources") == 1


def test_nothing_is_asked_per_resource_when_nothing_listed_costs_anything(canned: Canned) -> None:
    canned.answer = explorer({"ResultsByTime": [day(ago(2), (("Tax", ""), "3"), ((EC2, "us-east-1"), "0"))]})
    bill = bill_of(canned)
    assert bill is not None
    assert bill.note is None
    assert canned.operations == ["GetCallerIdentity", "GetCostAndUsage"]


@pytest.mark.parametrize("code", ["AccessDeniedException", "DataUnavailableException"])
def test_a_denied_cost_explorer_is_a_matter_of_permission(canned: Canned, code: str) -> None:
    canned.answer = explorer((400, json_error(code)))
    with pytest.raises(PermissionDenied, match=f"Cost Explorer is switched on.*{code}"):
        bill_of(canned)


def test_too_many_questions_are_a_matter_of_time(canned: Canned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ATTEMPTS", 1)
    canned.answer = explorer((400, json_error("LimitExceededException")))
    with pytest.raises(RateLimited):
        bill_of(canned)


@pytest.mark.parametrize(
    ("costs", "says"),
    [
        ({}, "ResultsByTime"),
        ({"ResultsByTime": [{"TimePeriod": {"Start": "soon"}, "Groups": []}]}, "not as described"),
        ({"ResultsByTime": [{"Groups": []}]}, "'TimePeriod'"),
        ({"ResultsByTime": [day(ago(2), ((EC2, "us-east-1"), "free"))]}, "not as described"),
        ({"ResultsByTime": [day(ago(2), ((EC2, "us-east-1"), "NaN"))]}, "not an amount of money"),
        ({"ResultsByTime": [day(ago(2), ((), "1"))]}, "not as described"),
        ({"ResultsByTime": [], "NextPageToken": "again"}, "same page token twice"),
        (
            {"ResultsByTime": [day(ago(2), ((EC2, "a"), "1")), day(ago(3), ((EC2, "a"), "1"), unit="CNY")]},
            "several currencies: CNY, USD",
        ),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(canned: Canned, costs: Any, says: str) -> None:
    canned.answer = explorer(costs)
    with pytest.raises(ResponseInvalid) as caught:
        bill_of(canned)
    assert says in caught.value.message


def test_a_partition_without_cost_explorer_has_no_bill(canned: Canned) -> None:
    identity = caller_identity().replace("arn:aws:", "arn:aws-us-gov:")
    canned.answer = lambda request: (200, identity)
    account = Cloud(canned.url).open(regions=["us-gov-west-1"])
    assert account.bill() is None
    assert canned.operations == ["GetCallerIdentity"]
    assert "/us-gov-west-1/sts/" in canned.requests[0].headers["Authorization"]
    account.close()
