"""An emulated Beget with one account, for these tests and others'."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.base import Deadline, Session
from app.providers.beget import BegetProvider
from app.providers.beget.account import BegetAccount
from emulators.beget.accounts import Account
from emulators.beget.emulator import BegetEmulator
from emulators.beget.seed import fill

AT = datetime(2026, 2, 10, 3, tzinfo=UTC)
DAY = AT.date()


@contextmanager
def beget_cloud(*, servers: int = 7, day: date = DAY, **options: Any) -> Iterator[tuple[BegetEmulator, dict[str, Any]]]:
    """Yield a running emulator and the credential of the account in it."""
    with BegetEmulator(**options) as emulator:
        yield emulator, fill(emulator, servers=servers, day=day)


def open_account(emulator: BegetEmulator, credentials: dict[str, Any], *, at: datetime = AT) -> BegetAccount:
    session = Session(Deadline.after(20), api_endpoint=emulator.url, at=at)
    return BegetProvider().open(BegetProvider.credentials.model_validate(credentials), session)


def account_of(emulator: BegetEmulator, credentials: dict[str, Any]) -> Account:
    return emulator.accounts[credentials["login"]]


def collect(account: BegetAccount, resource_type: str) -> dict[str, Resource]:
    return {resource.external_id: resource for resource in account.collect(Scope(resource_type))}


def everything(account: Account) -> dict[str, set[str]]:
    """Return what a whole listing finds: resource type -> external ids."""

    def of(prefix: str) -> set[str]:
        return {service["id"] for service in account.services if service["type"].startswith(prefix)}

    def ids(items: list[dict[str, Any]], key: str = "id") -> set[str]:
        return {item[key] for item in items}

    return {
        "cloud:project": ids(account.projects),
        "vps:server": ids(account.servers),
        "vps:ip": ids([*account.main_ips, *account.additional_ips], "ip"),
        "vps:private-network": ids(account.private_networks),
        "vps:snapshot": ids(account.snapshots),
        "vps:backup": ids(account.backups),
        "cloud:mysql": of("MYSQL"),
        "cloud:postgresql": of("POSTGRESQL"),
        "cloud:s3": of("S_3"),
        "cloud:cdn": of("CDN"),
        "cloud:other": set(),
        "hosting:account": {account.login},
        "hosting:domain": ids(account.domains),
        "hosting:subdomain": ids(account.subdomains),
        "hosting:site": ids(account.sites),
        "hosting:database": ids(account.databases, "name"),
        "hosting:ftp-account": ids(account.ftp, "login"),
        "hosting:mailbox": {f"{box['mailbox']}@{box['domain']}" for box in account.mailboxes},
        "hosting:backup": ids(account.file_backups, "backup_id"),
    }
