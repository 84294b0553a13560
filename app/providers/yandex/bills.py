"""From usage reports to a bill. Pure: what the reports say, nothing is asked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from yandex.cloud.billing.usage_records.v1.common_types_pb2 import Currency
from yandex.cloud.billing.usage_records.v1.consumption_core_service_pb2 import ResourceUsageReportResponse

from app.core.domain.costs import Bill, DayCharges, ServiceCharge
from app.core.domain.errors import ResponseInvalid
from app.core.domain.money import plain, quantize
from app.providers.yandex.hosts import HostIndex

EARLIER_DAYS = 3
"""Days before the billed one that are read again: figures are revised for days, and corrected for a month."""
OTHER = "other"
"""The service of usage that the report tells none of."""
_UNSPECIFIED = "CURRENCY_UNSPECIFIED"


@dataclass(slots=True)
class Usage:
    """What one or more reports say, in one currency.

    stated       the reports' own totals of all days
    by_service   day -> service -> amount
    by_resource  day -> id -> amount; ids are those of the inventory, database hosts count for their cluster
    """

    currency: str = ""
    stated: Decimal = Decimal(0)
    by_service: dict[date, dict[str, Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )
    by_resource: dict[date, dict[str, Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )

    def add(self, report: ResourceUsageReportResponse, hosts: HostIndex) -> None:
        """Add a ResourceUsageReportResponse. Raises ResponseInvalid for no usable amounts, days or currencies."""
        if report.entities_data or _name(report.currency) != _UNSPECIFIED:
            self._agree(_name(report.currency))
        self.stated += expense(report)
        for entity in report.entities_data:
            id_ = hosts.clusters.get(entity.resource.id, entity.resource.id)
            service = entity.resource.meta.service or _managed(hosts.engine(id_)) or OTHER
            for part in entity.periodic:
                day, amount = _day(part.timestamp), expense(part)
                self.by_service[day][service] += amount
                if id_:
                    self.by_resource[day][id_] += amount

    def bill(self, day: date, note: str | None = None) -> Bill:
        """Return the bill of a day. Its charges are the sums of the report's parts, which is the day's total."""
        charges = _charges(self.by_service.get(day, {}))
        before = [day - timedelta(days=n) for n in range(1, EARLIER_DAYS + 1)]
        notes = [text for text in (note, self._doubt([day, *before])) if text]
        return Bill(
            charged_on=day,
            currency=self.currency,
            charges=charges,
            by_resource=_fitting(self.by_resource.get(day, {})),
            itemised=frozenset(charge.service for charge in charges),
            note="; ".join(notes) or None,
            earlier=tuple(DayCharges(d, _charges(self.by_service.get(d, {}))) for d in before),
        )

    def _agree(self, currency: str) -> None:
        if currency == _UNSPECIFIED:
            raise ResponseInvalid("the usage report has amounts without a currency")
        if self.currency and self.currency != currency:
            raise ResponseInvalid(
                f"the clouds are paid for in {self.currency} and in {currency}, which cannot be added; make a "
                "connection for each billing account, with its billing_account_id and the cloud_id that it pays for"
            )
        self.currency = currency

    def _doubt(self, days: Iterable[date]) -> str | None:
        told = sum((amount for day in days for amount in self.by_service.get(day, {}).values()), Decimal(0))
        if told == self.stated:
            return None
        return (
            f"the report's own total of {EARLIER_DAYS + 1} days is {plain(self.stated)} {self.currency}, its days add "
            f"up to {plain(told)}"
        )


def expense(part: Any) -> Decimal:
    """Return what is paid for a part of a report: its cost less discounts and grants."""
    if part.HasField("expense"):
        return _decimal(part.expense.value)
    return _decimal(part.cost.value) + _decimal(part.credit_details.credit.value)


def _decimal(text: str) -> Decimal:
    try:
        amount = Decimal(text or 0)
        quantize(amount)
    except (InvalidOperation, ValueError) as error:
        raise ResponseInvalid(f"the usage report has an amount that is none: {text[:40]!r}") from error
    return amount


def _day(timestamp: Any) -> date:
    try:
        return timestamp.ToDatetime(tzinfo=UTC).date()  # type: ignore[no-any-return]
    except (ValueError, OverflowError) as error:
        raise ResponseInvalid("the usage report has a day that is none") from error


def _name(currency: int) -> str:
    try:
        return str(Currency.Name(currency))
    except ValueError as error:
        raise ResponseInvalid(f"the usage report is in a currency that is not known: number {currency}") from error


def _managed(engine: str | None) -> str | None:
    return engine and f"managed-{engine}"


def _charges(amounts: Mapping[str, Decimal]) -> tuple[ServiceCharge, ...]:
    return tuple(ServiceCharge(service, amount) for service, amount in sorted(_fitting(amounts).items()))


def _fitting(amounts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return sums that can be stored. Raises ResponseInvalid for one that is too large."""
    return {name: _decimal(str(amount)) for name, amount in amounts.items()}
