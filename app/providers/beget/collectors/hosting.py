"""The hosting account, which has a price, and what is inside it, which has none: sites, databases, FTP logins, backups.

Every section of the hosting API is allowed for itself in the control panel.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import Field

from app.core.domain.errors import ResponseInvalid
from app.core.domain.resources import Cost, Resource
from app.providers.answers import read
from app.providers.beget.fields import Count, Flag, Id, Lenient, Moment, Price, Text, compact
from app.providers.beget.pricing import INCLUDED, listed, per_day, per_day_of_year
from app.providers.beget.reader import Reader

R = TypeVar("R", bound=Lenient)


class Account(Lenient):
    """The answer of user/getAccountInfo. Rates are roubles a day, month and year; sizes are MB."""

    plan_name: str
    user_rate_current: Price = Decimal(0)
    user_rate_month: Price = Decimal(0)
    user_rate_year: Price = Decimal(0)
    user_is_year_plan: Flag = False
    plan_site: Count = 0
    plan_domain: Count = 0
    plan_mysql: Count = 0
    plan_quota: Count = 0
    plan_ftp: Count = 0
    plan_mail: Count = 0
    server_name: Text = ""

    def cost(self, day: date) -> Cost:
        """The rate of the day, else a yearly plan's part, else the monthly rate's."""
        yearly = per_day_of_year(self.user_rate_year) if self.user_is_year_plan else Decimal(0)
        return listed(self.user_rate_current or yearly or per_day(Decimal(0), self.user_rate_month, day))


class _Domain(Lenient):
    fqdn: str = ""


class _Site(Lenient):
    id: Id
    path: str = ""
    domains: list[_Domain] = Field(default_factory=list)


class _Access(Lenient):
    name: str = ""


class _Database(Lenient):
    name: Id
    accesses: list[_Access] = Field(default_factory=list)


class _FtpLogin(Lenient):
    login: Id
    homedir: str = ""


class _Backup(Lenient):
    backup_id: Id
    date: Moment = None


def accounts(reader: Reader) -> Iterator[Resource]:
    """Yield the one hosting account. What is used of its limits changes all day and is left out."""
    account = read(Account, reader.client.hosting("user", "getAccountInfo"), "the hosting account")
    yield Resource(
        external_id=reader.client.login,
        name=reader.client.login,
        config=compact(
            type=account.plan_name,
            server=account.server_name,
            is_year_plan=account.user_is_year_plan,
            max_sites=account.plan_site,
            max_domains=account.plan_domain,
            max_ftp_accounts=account.plan_ftp,
            max_mailboxes=account.plan_mail,
            max_databases_mb=account.plan_mysql,
            max_disk_mb=account.plan_quota,
        ),
        cost=account.cost(reader.day),
    )


def sites(reader: Reader) -> Iterator[Resource]:
    """Yield the sites with the domains that lead to them."""
    for site in _listing(reader, "site", "getList", _Site):
        domains = sorted(domain.fqdn for domain in site.domains if domain.fqdn)
        name = domains[0] if domains else site.path
        yield inside(reader, site.id, name, path=site.path, domains=domains)


def databases(reader: Reader) -> Iterator[Resource]:
    """Yield the MySQL databases of the hosting account."""
    for database in _listing(reader, "mysql", "getList", _Database):
        accesses = sorted(access.name for access in database.accesses if access.name)
        yield inside(reader, database.name, database.name, engine="mysql", accesses=accesses)


def ftp_accounts(reader: Reader) -> Iterator[Resource]:
    """Yield the FTP logins."""
    for ftp in _listing(reader, "ftp", "getList", _FtpLogin):
        yield inside(reader, ftp.login, ftp.login, homedir=ftp.homedir)


def backups(reader: Reader) -> Iterator[Resource]:
    """Yield the backups of the account's files."""
    for backup in _listing(reader, "backup", "getFileBackupList", _Backup):
        yield inside(reader, backup.backup_id, backup.backup_id, created_at=backup.date)


def inside(reader: Reader, external_id: str, name: str, *, created_at: Any = None, **config: Any) -> Resource:
    """Return something that the hosting account's price includes."""
    return Resource(
        external_id=external_id,
        name=name,
        created_at=created_at,
        config=compact(parent=reader.hosting_parent, **config),
        cost=INCLUDED,
    )


def records(items: Any, model: type[R], what: str) -> Iterable[R]:
    """Yield the records of a listing. Raises ResponseInvalid when it is no list or an item is not as described."""
    if not isinstance(items, list):
        raise ResponseInvalid(f"the hosting API's answer is no list of {what}")
    return (read(model, item, what) for item in items)


def _listing(reader: Reader, section: str, method: str, model: type[R]) -> Iterable[R]:
    return records(reader.client.hosting(section, method), model, f"an item of {section}/{method}")
