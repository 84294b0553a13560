"""The demo's platform: users that show every case, on emulated clouds that change a little between runs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from emulators.aws.emulator import AwsEmulator
from emulators.aws.seed import MAX_CHANGES, REGIONS, Company, Key, Seeder

DOMAIN = "demo.infrazen.example"
_SEED = 2027
_BIRTH = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
_EXTERNAL_ID = "infrazen-demo"


@dataclass(frozen=True, slots=True)
class DemoConnection:
    """A connection to an emulated account."""

    name: str
    credentials: dict[str, Any]
    auto_sync: bool = True


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A user and the case that it shows."""

    name: str
    shows: str
    role: str = "user"
    is_active: bool = True
    connections: tuple[DemoConnection, ...] = ()

    @property
    def email(self) -> str:
        """The user's address, on a domain that belongs to nobody."""
        return f"{self.name}@{DOMAIN}"


def build(emulator: AwsEmulator, *, runs_before: int) -> list[DemoUser]:
    """Fill the emulated accounts and return the demo's users; the same accounts every time but for a few changes.

    `runs_before` is the number of earlier demo runs: each makes something appear, change and vanish.
    """
    changes = min(runs_before, MAX_CHANGES)
    seeder = Seeder(emulator)
    emulator.freeze(_BIRTH)
    emulator.seed_ids(_SEED)
    acme, globex, initech = "111111111111", "222222222222", "333333333333"
    keys = {account: seeder.make_key(account) for account in (acme, globex)}
    keys[initech] = seeder.make_key(initech, deny=("rds:*",))
    role = seeder.make_role(globex, "inventory-of-infrazen")
    companies = (
        Company(acme, "acme", servers=20, databases=2, buckets=5),
        Company(globex, "globex", servers=35, databases=3, buckets=4),
        Company(initech, "initech", servers=8),
    )
    for company in companies:
        seeder.fill(company)
    # What is made today is not on the bill yet, so that it does not change everyone's share of it.
    emulator.freeze(datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0))
    for company in companies[:2]:
        seeder.change(company, changes)
    emulator.thaw()
    day = datetime.now(UTC).date() - timedelta(days=2)
    for company in companies:
        seeder.set_bill(company.account, f"{day}", f"{day + timedelta(days=1)}", _charges(company.servers))
    emulator.check_credentials()
    return _users(keys, role, acme=acme, globex=globex, initech=initech)


def _users(keys: dict[str, Key], role: str, *, acme: str, globex: str, initech: str) -> list[DemoUser]:
    return [
        DemoUser("admin", "an administrator without connections", role="admin"),
        DemoUser("anna", "one connection, all fine", connections=(DemoConnection("acme", _with_key(keys[acme])),)),
        DemoUser(
            "boris",
            "two connections, one of them through an assumed role",
            connections=(
                DemoConnection("acme-read-only", _with_key(keys[acme])),
                DemoConnection("globex", _with_key(keys[acme]) | {"role_arn": role, "external_id": _EXTERNAL_ID}),
            ),
        ),
        DemoUser(
            "carla",
            "a connection, but not for bulk runs",
            connections=(DemoConnection("globex", _with_key(keys[globex]), auto_sync=False),),
        ),
        DemoUser(
            "dmitri",
            "a credential that AWS does not know",
            connections=(DemoConnection("old-account", _with_key(Key("AKIAIOSFODNN7EXAMPLE", "x" * 40))),),
        ),
        DemoUser(
            "elena",
            "a credential that may not see databases",
            connections=(DemoConnection("initech", _with_key(keys[initech])),),
        ),
        DemoUser(
            "fyodor",
            "deactivated",
            is_active=False,
            connections=(DemoConnection("globex", _with_key(keys[globex])),),
        ),
        DemoUser(
            "visitor", "a demo user", role="demouser", connections=(DemoConnection("acme", _with_key(keys[acme])),)
        ),
    ]


def _with_key(key: Key) -> dict[str, Any]:
    return {
        "access_key_id": key.access_key_id,
        "secret_access_key": key.secret_access_key,
        "regions": list(REGIONS),
    }


def _charges(servers: int) -> dict[tuple[str, str], Decimal]:
    """One day's bill of a company, per service and region, in USD."""
    shares = {
        "Amazon Elastic Compute Cloud - Compute": Decimal("0.4992") * servers,
        "EC2 - Other": Decimal("0.21") * servers,
        "Amazon Relational Database Service": Decimal("3.4560"),
        "Amazon Simple Storage Service": Decimal("0.8123456789"),
        "Amazon ElastiCache": Decimal("0.4080"),
        "AWS Lambda": Decimal("0.0312"),
        "Amazon Elastic Load Balancing": Decimal("0.5400"),
        "Amazon Elastic Container Service for Kubernetes": Decimal("2.4000"),
        "AmazonCloudWatch": Decimal("0.2500"),
    }
    return {(service, region): amount for region in REGIONS for service, amount in shares.items()}
