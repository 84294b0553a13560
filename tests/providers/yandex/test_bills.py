"""Usage reports become bills, against figures worked out by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from yandex.cloud.billing.usage_records.v1.common_types_pb2 import Currency
from yandex.cloud.billing.usage_records.v1.consumption_core_service_pb2 import ResourceUsageReportResponse

from app.core.domain.costs import DayCharges, ServiceCharge
from app.core.domain.errors import ResponseInvalid
from app.providers.yandex.bills import Usage
from app.providers.yandex.hosts import HostIndex

DAY = date(2026, 11, 23)


def report(
    *rows: tuple[str, str, int, str], currency: str = "RUB", total: str | None = None
) -> ResourceUsageReportResponse:
    """Return a report of rows (resource id, service, day of November, expense)."""
    made = ResourceUsageReportResponse(currency=Currency.Value(currency))
    made.expense.value = total or str(sum(Decimal(row[3]) for row in rows))
    for id_, service, day, amount in rows:
        entity = made.entities_data.add()
        entity.resource.id = id_
        if service:
            entity.resource.meta.service = service
        part = entity.periodic.add()
        part.timestamp.FromDatetime(datetime(2026, 11, day, tzinfo=UTC))
        part.expense.value = amount
    return made


def usage(*reports: ResourceUsageReportResponse, hosts: HostIndex | None = None) -> Usage:
    made = Usage()
    for one in reports:
        made.add(one, hosts or HostIndex())
    return made


def test_a_day_is_told_by_service_and_by_resource() -> None:
    rows = [("fhm1", "compute", 23, "10.0000000001"), ("fhm2", "compute", 23, "-2.5"), ("b", "storage", 23, "0.1")]
    bill = usage(report(*rows)).bill(DAY)
    assert (bill.charged_on, bill.currency, bill.note) == (DAY, "RUB", None)
    assert bill.charges == (
        ServiceCharge("compute", Decimal("7.5000000001")),
        ServiceCharge("storage", Decimal("0.1")),
    )
    assert bill.by_resource == {"fhm1": Decimal("10.0000000001"), "fhm2": Decimal("-2.5"), "b": Decimal("0.1")}
    assert bill.itemised == {"compute", "storage"}
    assert bill.total == Decimal("7.6000000001")


def test_the_days_before_come_from_the_same_report() -> None:
    rows = [("fhm1", "compute", day, f"{day}.5") for day in (19, 20, 21, 22, 23)]
    bill = usage(report(*rows, total="107.5")).bill(DAY)
    assert bill.earlier == (
        DayCharges(date(2026, 11, 22), (ServiceCharge("compute", Decimal("22.5")),)),
        DayCharges(date(2026, 11, 21), (ServiceCharge("compute", Decimal("21.5")),)),
        DayCharges(date(2026, 11, 20), (ServiceCharge("compute", Decimal("20.5")),)),
    )
    assert bill.total == Decimal("23.5")


def test_hosts_count_for_their_cluster_by_either_name() -> None:
    hosts = HostIndex()
    for name in ("rc1a-x.mdb.yandexcloud.net", "rc1b-y.mdb.yandexcloud.net"):
        hosts.add(name, "c9q0", "mysql")
    rows = [
        ("rc1a-x.mdb.yandexcloud.net", "", 23, "1.1"),
        ("rc1b-y", "", 23, "2.2"),
        ("c9q0", "managed-mysql", 23, "4"),
    ]
    bill = usage(report(*rows), hosts=hosts).bill(DAY)
    assert bill.by_resource == {"c9q0": Decimal("7.3")}
    assert bill.charges == (ServiceCharge("managed-mysql", Decimal("7.3")),)


def test_usage_of_no_resource_and_no_service_is_in_the_total_only() -> None:
    bill = usage(report(("", "vpc", 23, "12.34"), ("gone", "", 23, "5.5"))).bill(DAY)
    assert bill.charges == (ServiceCharge("other", Decimal("5.5")), ServiceCharge("vpc", Decimal("12.34")))
    assert bill.by_resource == {"gone": Decimal("5.5")}


def test_without_an_expense_it_is_cost_and_credit_together() -> None:
    made = report(("fhm1", "compute", 23, "0"), total="10")
    part = made.entities_data[0].periodic[0]
    part.ClearField("expense")
    part.cost.value, part.credit_details.credit.value = "12.50", "-2.50"
    assert usage(made).bill(DAY).total == Decimal("10.00")


def test_a_day_without_usage_is_a_bill_of_nothing() -> None:
    bill = usage(report()).bill(DAY)
    assert (bill.currency, bill.total, bill.charges) == ("RUB", Decimal(0), ())


def test_a_total_that_the_days_do_not_add_up_to_is_told() -> None:
    bill = usage(report(("fhm1", "compute", 23, "10"), total="11.5")).bill(DAY, "databases are missing")
    assert bill.note == ("databases are missing; the report's own total of 4 days is 11.5 RUB, its days add up to 10")


def test_two_payers_of_one_currency_are_added() -> None:
    bill = usage(report(("fhm1", "compute", 23, "1.5")), report(("fhm2", "compute", 23, "2"))).bill(DAY)
    assert bill.total == Decimal("3.5")


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(ResponseInvalid, match=r"in RUB and in USD, which cannot be added; make a connection for each"):
        usage(report(("a", "", 23, "1")), report(("b", "", 23, "1"), currency="USD"))


@pytest.mark.parametrize("amount", ["ten", "NaN", "Infinity", "1e10", "1,5"])
def test_an_amount_that_is_none_is_refused(amount: str) -> None:
    with pytest.raises(ResponseInvalid, match="an amount that is none"):
        usage(report(("a", "", 23, amount), total="1"))


def test_amounts_without_a_known_currency_are_refused() -> None:
    with pytest.raises(ResponseInvalid, match="without a currency"):
        usage(report(("a", "", 23, "1"), currency="CURRENCY_UNSPECIFIED"))
    made = report(("a", "", 23, "1"))
    made.currency = 77
    with pytest.raises(ResponseInvalid, match="number 77"):
        usage(made)


def test_a_day_that_is_none_is_refused() -> None:
    made = report(("a", "", 23, "1"))
    made.entities_data[0].periodic[0].timestamp.seconds = 10**15
    with pytest.raises(ResponseInvalid, match="a day that is none"):
        usage(made)
