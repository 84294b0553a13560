"""The billing statistics and the balance: kopecks, and days of Moscow."""

from typing import Any

from emulators.kit.server import Reply, Request
from emulators.selectel.account import Account

KEYS = frozenset({"vpc", "serverless", "mks", "dbaas", "storage", "cdn", "vmware", "craas", "ones", "mobfarm", "ses"})
_GROUPS = frozenset({"project", "object", "metric", "project_metric", "region_metric", "project_object_region_metric"})
_PERIODS = frozenset({"hour", "day", "week", "month", "year", "all"})


def consumption(account: Account, request: Request) -> Reply:
    """Answer `GET /v1/cloud_billing/statistic/consumption`. Only days are kept, each object and metric for itself."""
    query = request.query
    keys = set(query.get("provider_keys", []))
    group, period = query.get("group_type", [""])[0], query.get("period_group_type", [""])[0]
    start, end = query.get("start", [""])[0], query.get("end", [""])[0]
    if not keys or not keys <= KEYS or group not in _GROUPS or period not in _PERIODS or "Z" in start + end:
        return Reply({"status": "error", "message": "wrong parameters"}, 400)
    rows = [row for row in account.rows if row["provider_key"] in keys and start <= row["period"] <= end]
    return Reply({"status": "success", "data": rows})


def balances(account: Account) -> Reply:
    """Answer `GET /v3/balances`."""
    primary = {
        "billing_type": "primary",
        "final_sum": 1234500,
        "debt_sum": 0,
        "balances_values_sum": 1234500,
        "debt": [],
        "balances": [{"balance_id": 1, "balance_type": "main", "value": 1234500}],
    }
    settings = {"mode": "single", "currency": account.currency}
    return Reply({"status": "success", "data": {"settings": settings, "debt_status": "", "billings": [primary]}})


def row(
    account: Account,
    key: str,
    day: str,
    value: int,
    *,
    project: tuple[str, str] | None,
    thing: dict[str, Any] | None,
    metric: str,
    region: str,
) -> dict[str, Any]:
    """Return a row: `value` in kopecks for a day (`2026-01-31`); `thing` has at least `id`, `name`, `type`."""
    return {
        "account_id": account.number,
        "provider_key": key,
        "period": f"{day}T00:00:00",
        "value": value,
        "balance": None,
        "project": {"id": project[0], "name": project[1]} if project else None,
        "object": {"type_name": "", "parent_id": "", "parent_name": ""} | thing if thing else None,
        "metric": {"id": metric, "name": metric, "unit": "item", "quantity": 1, "region": region, "locale": "en"},
        "provision_start": f"{day}T00:00:00",
        "provision_end": f"{day}T23:59:59",
    }
