"""The usage API: gRPC only, and one request a minute for each IP address.

Source: the service's own definition (yandex/cloud/billing/usage_records/v1), as the official SDK carries it. The
SDK's channels are not used: they know neither our deadlines nor the endpoint policy.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import grpc
from yandex.cloud.billing.usage_records.v1.common_types_pb2 import TimeGrouping
from yandex.cloud.billing.usage_records.v1.consumption_core_service_pb2 import (
    ResourceUsageReportResponse,
    UsageReportRequest,
)
from yandex.cloud.billing.usage_records.v1.consumption_core_service_pb2_grpc import ConsumptionCoreServiceStub

from app.core.domain.errors import (
    PermissionDenied,
    ProviderUnavailable,
    RateLimited,
    ResponseInvalid,
    SyncError,
)
from app.providers.answers import printable_words
from app.providers.base import Session
from app.providers.network import resolve
from app.providers.pagination import listed
from app.providers.retrying import shared_pause, with_retries
from app.providers.transport import USER_AGENT
from app.providers.yandex.client import Api
from app.providers.yandex.endpoints import BILLING

MAX_REPORT_BYTES = 64 * 1024 * 1024
"""The largest report that is read; a resource takes a few hundred bytes a day."""
_TRIES = 3
"""More would not help against the limit, whose minute is longer than a sync should wait."""
_Code = grpc.StatusCode
_Call = Callable[..., ResourceUsageReportResponse]
_NOT_ACCEPTED = {_Code.INVALID_ARGUMENT, _Code.UNIMPLEMENTED, _Code.OUT_OF_RANGE, _Code.FAILED_PRECONDITION}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which usage is reported; empty for all of the billing account."""

    cloud_ids: Sequence[str] = ()
    folder_ids: Sequence[str] = ()


class UsageApi:
    """Reads usage reports of one account. A connection is opened for each report and closed after it."""

    def __init__(self, api: Api, session: Session) -> None:
        self._api, self._session = api, session

    def resources(self, billing_account: str, first: date, last: date, only: Filters) -> ResourceUsageReportResponse:
        """Return a ResourceUsageReportResponse by day, both days included.

        Raises SyncErrors. One request, unless it fails.
        """
        request = UsageReportRequest(
            billing_account_id=billing_account,
            aggregation_period=TimeGrouping.Value("DAY"),
            cloud_ids=only.cloud_ids,
            folder_ids=only.folder_ids,
        )
        request.start_date.FromDatetime(_midnight(first))
        request.end_date.FromDatetime(_midnight(last))
        pause = shared_pause(f"{self._api.principal} usage")
        host, port = self._address()
        with self._channel(host, port) as channel:
            call = ConsumptionCoreServiceStub(channel).GetResourceUsageReport
            return with_retries(self._session, pause, lambda: self._ask(call, request), tries=_TRIES)

    def _ask(self, call: _Call, request: UsageReportRequest) -> ResourceUsageReportResponse:
        try:
            return self._once(call, request)
        except grpc.RpcError as error:
            if error.code() is not _Code.UNAUTHENTICATED or not self._api.tokens.can_renew:
                raise self._meaning(error, request) from error
        self._api.tokens.drop()
        try:
            return self._once(call, request)
        except grpc.RpcError as error:
            raise self._meaning(error, request) from error

    def _once(self, call: _Call, request: UsageReportRequest) -> ResourceUsageReportResponse:
        token = self._api.tokens.current()
        deadline = self._session.deadline.within(self._session.call_timeout_s)
        deadline.check()
        return call(request, timeout=deadline.remaining, metadata=(("authorization", f"Bearer {token}"),))

    def _address(self) -> tuple[str, int]:
        """Return where the service answers: what the endpoint's directory says, if it has one."""
        address = self._api.endpoints.own_address
        if self._api.endpoints.base is not None:
            directory = self._api.ask_openly("/endpoints")
            entries = [] if directory is None else listed(directory, "endpoints")
            named = [e.get("address") for e in entries if isinstance(e, dict) and e.get("id") == BILLING]
            address = str(named[0]) if named else address
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ResponseInvalid(f"the endpoint names no usable address of {BILLING}: {printable_words(address)!r}")
        return host.strip("[]"), int(port)

    @contextmanager
    def _channel(self, host: str, port: int) -> Iterator[Any]:
        try:
            address = resolve(host, port, public_only=not self._session.endpoint_trusted)
        except (OSError, UnicodeError) as error:
            raise ProviderUnavailable(f"the name {host} cannot be resolved") from error
        target = f"ipv6:[{address}]:{port}" if ":" in address else f"ipv4:{address}:{port}"
        options = _options(host, port)
        if self._api.endpoints.is_plain:
            channel = grpc.insecure_channel(target, options=options)
        else:
            channel = grpc.secure_channel(target, grpc.ssl_channel_credentials(), options=options)
        with channel:
            yield channel

    def _meaning(self, error: Any, request: UsageReportRequest) -> SyncError:
        code, details = error.code(), error.details() or ""
        said = f"{code.name}: {printable_words(details) or 'no reason given'}"
        account = request.billing_account_id
        if code is _Code.UNAUTHENTICATED:
            return PermissionDenied(
                f"the usage API does not know the billing account {account} or not this account ({said}); check "
                'billing_account_id, and grant the role "billing.accounts.viewer" on the billing account'
            )
        if code in (_Code.PERMISSION_DENIED, _Code.NOT_FOUND):
            return PermissionDenied(
                f"the usage of the billing account {account} may not be read ({said}); grant the account the role "
                '"billing.accounts.viewer" on the billing account'
            )
        if code is _Code.RESOURCE_EXHAUSTED and "larger than max" not in details:
            return RateLimited(f"the usage API allows one request a minute for each IP address ({said})")
        if code is _Code.DEADLINE_EXCEEDED:
            self._session.deadline.check()
            return ProviderUnavailable("the usage API did not answer in time")
        if code in _NOT_ACCEPTED | {_Code.RESOURCE_EXHAUSTED, _Code.DATA_LOSS} or "deserializ" in details:
            return ResponseInvalid(f"the usage API's answer cannot be used ({said})")
        return ProviderUnavailable(f"the usage API failed ({said})")


def _options(host: str, port: int) -> list[tuple[str, str | int]]:
    """Return a channel's options: the address that was judged is dialled, under the name that was asked for."""
    name = f"[{host}]" if ":" in host else host
    return [
        ("grpc.default_authority", f"{name}:{port}"),
        ("grpc.ssl_target_name_override", host),
        ("grpc.max_receive_message_length", MAX_REPORT_BYTES),
        ("grpc.primary_user_agent", USER_AGENT),
        # Retries are ours, proxies of the environment are not used, connections are not shared between accounts.
        ("grpc.enable_retries", 0),
        ("grpc.enable_http_proxy", 0),
        ("grpc.use_local_subchannel_pool", 1),
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
