"""Whose bill it is, and the bill itself. Source: yandex.cloud/docs/billing/api-ref."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, timedelta
from urllib.parse import quote

from yandex.cloud.billing.usage_records.v1.consumption_core_service_pb2 import ResourceUsageReportResponse

from app.core.domain.costs import Bill
from app.core.domain.errors import PermissionDenied, RateLimited, ResponseInvalid
from app.providers.base import Session
from app.providers.yandex.bills import EARLIER_DAYS, Usage
from app.providers.yandex.client import Api
from app.providers.yandex.credentials import YandexCredentials
from app.providers.yandex.endpoints import BILLING
from app.providers.yandex.hosts import HostIndex
from app.providers.yandex.records import Item, Listed, Part
from app.providers.yandex.usage import Filters, UsageApi

_PATH = "/billing/v1/billingAccounts"
_WAY_OUT = (
    'grant the account the role "billing.accounts.viewer" on the billing account, or put the id of the billing account '
    "(dn2…) in billing_account_id"
)


class BillingAccount(Item):
    """A billing account."""

    currency: str = ""


class _Object(Part):
    id: str = ""
    type: str = ""


class _Binding(Listed):
    billable_object: _Object

    @property
    def key(self) -> str:
        return f"{self.billable_object.type} {self.billable_object.id}"


class Billing:
    """Reads the bill of what one credential sees."""

    def __init__(self, api: Api, session: Session, credentials: YandexCredentials) -> None:
        self._api, self._session, self._credentials = api, session, credentials

    def read(self, clouds: Collection[str], hosts: HostIndex, note: str | None) -> Bill | None:
        """Return the bill of yesterday (UTC), None when there is no usage and no currency.

        One usage report for each billing account, which nearly always is one.
        """
        day = self._session.at.astimezone(UTC).date() - timedelta(days=1)
        accounts = self._accounts(clouds)
        usage = Usage(accounts[0].currency)
        for account in accounts:
            usage.add(self._report(account.id, accounts, day), hosts)
        return usage.bill(day, note) if usage.currency else None

    def _report(self, account_id: str, accounts: Sequence[BillingAccount], day: date) -> ResourceUsageReportResponse:
        first = day - timedelta(days=EARLIER_DAYS)
        try:
            return UsageApi(self._api, self._session).resources(account_id, first, day, self._only())
        except RateLimited as error:
            if len(accounts) == 1:
                raise
            ids = ", ".join(account.id for account in accounts)
            raise RateLimited(
                f"{error.message}; {len(accounts)} billing accounts pay for these clouds ({ids}): make a connection "
                "for each, with its billing_account_id and the cloud_id that it pays for"
            ) from error

    def _only(self) -> Filters:
        """Return the filters: a connection to one cloud or folder has the bill of that, not of its neighbours."""
        if self._credentials.folder_id:
            return Filters(folder_ids=[self._credentials.folder_id])
        return Filters(cloud_ids=[self._credentials.cloud_id] if self._credentials.cloud_id else [])

    def _accounts(self, clouds: Collection[str]) -> list[BillingAccount]:
        named = self._credentials.billing_account_id
        if named:
            return [BillingAccount(id=named)]
        try:
            found = {a.id: a for a in self._api.items(BILLING, _PATH, "billingAccounts", BillingAccount, "an account")}
            paying = [account for account in found.values() if self._pays(account, clouds)]
        except PermissionDenied as error:
            raise PermissionDenied(f"billing accounts cannot be read: {error.message}; {_WAY_OUT}") from error
        if not found:
            raise PermissionDenied(f"no billing account can be seen, so costs are not known; {_WAY_OUT}")
        if not paying:
            raise PermissionDenied(f"no billing account that can be seen pays for these clouds; {_WAY_OUT}")
        return _alike(sorted(paying, key=lambda account: account.id))

    def _pays(self, account: BillingAccount, clouds: Collection[str]) -> bool:
        path = f"{_PATH}/{quote(account.id, safe='')}/billableObjectBindings"
        bound = self._api.items(BILLING, path, "billableObjectBindings", _Binding, "what a billing account pays for")
        return any(b.billable_object.type == "cloud" and b.billable_object.id in clouds for b in bound)


def _alike(accounts: list[BillingAccount]) -> list[BillingAccount]:
    currencies = sorted({account.currency for account in accounts})
    if len(currencies) > 1:
        raise ResponseInvalid(
            f"the clouds are paid for in {' and '.join(currencies)}, which cannot be added; make a connection for each "
            "billing account, with its billing_account_id and the cloud_id that it pays for"
        )
    return accounts
