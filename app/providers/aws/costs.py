"""Read the latest complete day from Cost Explorer: per service and region, and per resource where AWS allows it.

Facts: docs.aws.amazon.com/aws-cost-management/latest/APIReference. A day is a UTC day. AWS needs up to two days to
complete one: yesterday is still partial. Every request costs the account USD 0.01.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.core.domain.costs import Bill, DayCharges, ServiceCharge
from app.core.domain.errors import ResponseInvalid
from app.core.domain.money import quantize
from app.providers.aws.reader import Reader, answered
from app.providers.aws.services import external_id, resource_types

REGIONS: Mapping[str, str] = {"aws": "us-east-1", "aws-cn": "cn-northwest-1"}
"""Where Cost Explorer answers, by partition; the others have none."""
WINDOW_DAYS = 7
EARLIER_DAYS = 3
"""Days before the billed one that are read again, because AWS restates them; they lie in the window anyway."""
_COMPLETE_AFTER = timedelta(days=2)
_METRIC = "UnblendedCost"
_NO_REGION = ("", "global", "noregion")

_Amounts = dict[tuple[str, ...], Decimal]


def read_bill(reader: Reader, today: date) -> Bill | None:
    """Return the account's charges of the latest complete day, None when the last week has none.

    Amounts are unblended: what this account pays, credits and refunds included. Raises botocore's errors, and
    ResponseInvalid.
    """
    days, currency = _read(
        reader.clients.get("ce", reader.region, reader.keys).get_cost_and_usage,
        today - timedelta(days=WINDOW_DAYS),
        today,
        Filter=_own(reader),
        GroupBy=_group_by("SERVICE", "REGION"),
    )
    billed = [day for day, amounts in days.items() if amounts]
    if not billed:
        return None
    charged_on = max((day for day in billed if today - day >= _COMPLETE_AFTER), default=max(billed))
    earlier = (charged_on - timedelta(days=n) for n in range(1, EARLIER_DAYS + 1))
    return Bill(
        charged_on=charged_on,
        currency=currency,
        charges=_charges(days[charged_on]),
        earlier=tuple(DayCharges(day, _charges(days[day])) for day in earlier if day in days),
    )


def itemise(reader: Reader, bill: Bill) -> Bill:
    """Return the bill with the amounts of single resources, for the services whose resources AWS names.

    AWS offers this for the last 14 days, to accounts that switched it on. It is asked once, without retries.
    Raises botocore's errors, and ResponseInvalid.
    """
    services = sorted({charge.service for charge in bill.charges if charge.amount and charge.resource_types})
    if not services:
        return bill
    client = reader.clients.create("ce", reader.region, reader.keys, retries=False)
    try:
        days, currency = _read(
            client.get_cost_and_usage_with_resources,
            bill.charged_on,
            bill.charged_on + timedelta(days=1),
            Filter={"And": [{"Dimensions": {"Key": "SERVICE", "Values": services}}, _own(reader)]},
            GroupBy=_group_by("SERVICE", "RESOURCE_ID"),
        )
    finally:
        client.close()
    if currency not in (bill.currency, ""):
        raise ResponseInvalid(f"Cost Explorer answers in {bill.currency} and {currency}")
    return _with_resources(bill, services, days.get(bill.charged_on, {}))


def _with_resources(bill: Bill, services: list[str], amounts: _Amounts) -> Bill:
    by_resource: dict[str, Decimal] = defaultdict(Decimal)
    itemised = set()
    for (service, resource_id, *_), amount in amounts.items():
        resource = external_id(resource_id)
        if resource is not None:
            by_resource[resource] += amount
            itemised.add(service)
    spread = [service for service in services if service not in itemised]
    note = f"AWS names no resources of {', '.join(spread)}: these charges are spread evenly" if spread else None
    return replace(bill, by_resource=dict(by_resource), itemised=frozenset(itemised), note=note)


def _read(operation: Callable[..., Any], start: date, end: date, **parameters: Any) -> tuple[dict[date, _Amounts], str]:
    """Return day -> keys -> amount over all pages, for all days answered, and the currency ("" without amounts)."""
    days: dict[date, _Amounts] = defaultdict(lambda: defaultdict(Decimal))
    currencies = set()
    period = {"Start": start.isoformat(), "End": end.isoformat()}
    for result in _pages(operation, TimePeriod=period, Granularity="DAILY", Metrics=[_METRIC], **parameters):
        day = date.fromisoformat(result["TimePeriod"]["Start"][:10])
        amounts = days[day]
        for group in result["Groups"]:
            metric = group["Metrics"][_METRIC]
            amounts[tuple(group["Keys"])] += quantize(Decimal(metric["Amount"]))
            currencies.add(metric["Unit"])
    if len(currencies) > 1:
        raise ResponseInvalid(f"Cost Explorer answers in several currencies: {', '.join(sorted(currencies))}")
    return days, "".join(currencies)


def _pages(operation: Callable[..., Any], **parameters: Any) -> Iterator[Any]:
    # botocore has no paginator for Cost Explorer.
    seen = set()
    while True:
        answer = operation(**parameters)
        yield from answered(answer, "ResultsByTime", "GetCostAndUsage")
        token = answer.get("NextPageToken")
        if not token:
            return
        if token in seen:
            raise ResponseInvalid("Cost Explorer gave the same page token twice; the bill would never end")
        seen.add(token)
        parameters["NextPageToken"] = token


def _charges(amounts: _Amounts) -> tuple[ServiceCharge, ...]:
    return tuple(_charge(*keys, amount=amount) for keys, amount in sorted(amounts.items()))


def _charge(service: str, region: str = "", *_: str, amount: Decimal) -> ServiceCharge:
    known = None if region.casefold() in _NO_REGION else region
    return ServiceCharge(service, amount, resource_types(service), known)


def _group_by(*dimensions: str) -> list[dict[str, str]]:
    return [{"Type": "DIMENSION", "Key": dimension} for dimension in dimensions]


def _own(reader: Reader) -> dict[str, Any]:
    # The account that pays for an organisation would otherwise be shown everyone's charges.
    return {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [reader.identity.account_id]}}
