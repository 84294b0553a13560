"""The usage API: a real gRPC server, so that a real client has to speak to it."""

import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import grpc
from yandex.cloud.billing.usage_records.v1.common_types_pb2 import Currency
from yandex.cloud.billing.usage_records.v1.consumption_core_service_pb2 import (
    ResourceUsageReportResponse,
    UsageReportRequest,
)

from emulators.kit.faults import Fault, Kind
from emulators.kit.server import Request
from emulators.yandex.accounts import Account, Usage

if TYPE_CHECKING:
    from emulators.yandex.emulator import YandexEmulator

SERVICE, NAME = "yandex.cloud.billing.usage_records.v1.ConsumptionCoreService", "GetResourceUsageReport"
METHOD = f"/{SERVICE}/{NAME}"
_Code = grpc.StatusCode
_CODES = {
    400: _Code.INVALID_ARGUMENT,
    401: _Code.UNAUTHENTICATED,
    403: _Code.PERMISSION_DENIED,
    404: _Code.NOT_FOUND,
    429: _Code.RESOURCE_EXHAUSTED,
    500: _Code.INTERNAL,
    503: _Code.UNAVAILABLE,
    504: _Code.DEADLINE_EXCEEDED,
}
_PAUSE_S = 60


class UsageServer:
    """Answers GetResourceUsageReport for the emulator's accounts; the other reports are not implemented.

    Faults are those of the emulator whose path fits METHOD: a status, hanging, an expired token.
    """

    def __init__(self, cloud: "YandexEmulator") -> None:
        self._cloud = cloud
        self._asked_at: float | None = None
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="usage")
        self._server = grpc.server(self._pool, options=[("grpc.so_reuseport", 0)])
        handler = grpc.unary_unary_rpc_method_handler(
            self._answer,
            request_deserializer=UsageReportRequest.FromString,
            response_serializer=ResourceUsageReportResponse.SerializeToString,
        )
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {NAME: handler}),))
        self._port = self._server.add_insecure_port("127.0.0.1:0")

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Begin to answer."""
        self._server.start()

    def stop(self) -> None:
        """End, at once."""
        self._server.stop(None).wait()
        self._pool.shutdown()

    def _answer(self, request: UsageReportRequest, context: Any) -> ResourceUsageReportResponse:
        """Return what each resource cost, day by day."""
        metadata = {str(key): str(value) for key, value in context.invocation_metadata()}
        self._cloud.requests.append(Request("GRPC", METHOD, {}, metadata, request.SerializeToString()))
        self._cloud.wait()
        self._meet(self._cloud.faults.take(METHOD), context)
        account = self._account(request, metadata, context)
        if any(part in METHOD or part in "/billing/" for part in account.denied):
            context.abort(_Code.PERMISSION_DENIED, "Permission denied")
        if not self._may_ask():
            context.abort(_Code.RESOURCE_EXHAUSTED, "The limit of 1 request per minute has been exceeded")
        return self._report(account, request, context)

    def _account(self, request: UsageReportRequest, metadata: dict[str, str], context: Any) -> Account:
        account = self._cloud.tokens.owner(metadata.get("authorization", ""))
        if account is not None and request.billing_account_id in account.bindings:
            return account
        context.abort(_Code.UNAUTHENTICATED, "Unauthenticated, or there is no such billing account")
        raise AssertionError("abort raises")

    def _meet(self, faults: Iterable[Fault], context: Any) -> None:
        for fault in faults:
            if fault.kind is Kind.HANG:
                self._cloud.hang_until(lambda: not context.is_active())
            elif fault.kind is Kind.TOKEN_EXPIRES:
                self._cloud.expire_tokens()
            elif fault.kind is Kind.STATUS:
                context.abort(_CODES.get(fault.status, _Code.UNKNOWN), fault.words)

    def _may_ask(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if self._cloud.limits_usage and self._asked_at is not None and now - self._asked_at < _PAUSE_S:
                return False
            self._asked_at = now
            return True

    def _report(self, account: Account, request: UsageReportRequest, context: Any) -> ResourceUsageReportResponse:
        first, last = _day(request.start_date), _day(request.end_date)
        if first > last:
            context.abort(_Code.INVALID_ARGUMENT, "start_date is after end_date")
        rows = [row for row in account.usage[request.billing_account_id] if first <= row.day <= last]
        rows = [row for row in rows if _wanted(row, request)]
        payer = next((b for b in account.billing_accounts if b["id"] == request.billing_account_id), {})
        report = ResourceUsageReportResponse(currency=Currency.Value(payer.get("currency", "RUB")))
        _tell(report, rows)
        by_resource: dict[str, list[Usage]] = {}
        for row in rows:
            by_resource.setdefault(row.resource_id, []).append(row)
        for id_, own in by_resource.items():
            entity = report.entities_data.add()
            entity.resource.id, entity.resource.name = id_, own[0].name
            entity.resource.service_instance_type = "cloud"
            if own[0].service:
                entity.resource.meta.service = own[0].service
                entity.resource.meta.resource_type = own[0].resource_type
                entity.resource.meta.cloud_id, entity.resource.meta.folder_id = own[0].cloud_id, own[0].folder_id
            _tell(entity, own)
            for day in sorted({row.day for row in own}):
                part = entity.periodic.add()
                part.timestamp.FromDatetime(datetime(day.year, day.month, day.day, tzinfo=UTC))
                _tell(part, [row for row in own if row.day == day])
        return report


def _wanted(row: Usage, request: UsageReportRequest) -> bool:
    filters = (
        (request.cloud_ids, row.cloud_id),
        (request.folder_ids, row.folder_id),
        (request.service_ids, row.service),
        (request.resource_ids, row.resource_id),
    )
    return all(not wanted or value in wanted for wanted, value in filters)


def _tell(part: Any, rows: list[Usage]) -> None:
    """Write the sums of some usage into a part of the report."""
    cost = sum((row.cost for row in rows), Decimal(0))
    credit = sum((row.credit for row in rows), Decimal(0))
    part.cost.value, part.expense.value = str(cost), str(cost + credit)
    part.credit_details.credit.value = str(credit)
    part.credit_details.volume_incentive_credit.value = str(credit)


def _day(moment: Any) -> date:
    day: date = moment.ToDatetime(tzinfo=UTC).date()
    return day
