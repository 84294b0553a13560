"""The demo's AWS accounts: three companies, and the keys and the role that read them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from emulators.aws.emulator import AwsEmulator
from emulators.aws.seed import MAX_CHANGES, REGIONS, Company, Key, Seeder

_SEED = 2027
_BIRTH = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
_EXTERNAL_ID = "infrazen-demo"
_ACME, _GLOBEX, _INITECH = "111111111111", "222222222222", "333333333333"


@dataclass(frozen=True, slots=True)
class AwsAccounts:
    """Credentials, as `infrazen connections add` takes them.

    initech         may not see databases
    through_a_role  reads globex with a key of acme
    unknown         a key that AWS never gave out
    """

    acme: dict[str, Any]
    globex: dict[str, Any]
    initech: dict[str, Any]
    through_a_role: dict[str, Any]
    unknown: dict[str, Any]


def fill(emulator: AwsEmulator, *, changes: int) -> AwsAccounts:
    """Fill the accounts, the same every time but for `changes`: each makes something appear, change and vanish."""
    changes = min(changes, MAX_CHANGES)
    seeder = Seeder(emulator)
    emulator.freeze(_BIRTH)
    emulator.seed_ids(_SEED)
    keys = {account: seeder.make_key(account) for account in (_ACME, _GLOBEX)}
    keys[_INITECH] = seeder.make_key(_INITECH, deny=("rds:*",))
    role = seeder.make_role(_GLOBEX, "inventory-of-infrazen")
    companies = (
        Company(_ACME, "acme", servers=20, databases=2, buckets=5),
        Company(_GLOBEX, "globex", servers=35, databases=3, buckets=4),
        Company(_INITECH, "initech", servers=8),
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
    acme, globex, initech = (_with_key(keys[account]) for account in (_ACME, _GLOBEX, _INITECH))
    return AwsAccounts(
        acme=acme,
        globex=globex,
        initech=initech,
        through_a_role=acme | {"role_arn": role, "external_id": _EXTERNAL_ID},
        unknown=_with_key(Key("AKIAIOSFODNN7EXAMPLE", "x" * 40)),
    )


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
