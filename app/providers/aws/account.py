"""One AWS account, open for reading."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC

from app.core.domain.costs import Bill
from app.core.domain.errors import SyncError
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.aws import costs
from app.providers.aws.assumed_role import AssumedRole
from app.providers.aws.catalog import GLOBAL, REGIONAL
from app.providers.aws.client import Clients
from app.providers.aws.credentials import AwsCredentials
from app.providers.aws.errors import Translator
from app.providers.aws.reader import Identity, Reader
from app.providers.aws.transport import Transport
from app.providers.base import Session

_HOMES = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1", "aws-eusc": "eusc-de-east-1"}
"""Where calls go that are not of one region, by partition."""
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "eusc-": "aws-eusc"}


class AwsAccount:
    """Reads one account. Makes no call before `identify`; used by one thread at a time."""

    def __init__(self, credentials: AwsCredentials, session: Session) -> None:
        self._regions = credentials.regions
        self._home = _home(credentials)
        self._today = session.at.astimezone(UTC).date()
        self._transport = Transport(session)
        self._clients = Clients(credentials, session, self._transport)
        role, external_id = credentials.role_arn, credentials.external_id
        self._keys = AssumedRole(self._clients, self._home, role, external_id) if role else None
        hidden = (credentials.secret_access_key, credentials.session_token)
        self._errors = Translator(self._transport, [secret.get_secret_value() for secret in hidden if secret])
        self._identity: Identity | None = None

    def identify(self) -> str:
        """Return the 12 digits of the account, which is the role's when there is a role. One call to STS, or two."""
        self._identity = self._ask_identity()
        return self._identity.account_id

    def scopes(self) -> Sequence[Scope]:
        """Return the global scopes, then every regional one, region by region. One call unless regions were named."""
        regions = self._regions or self._enabled_regions()
        return (
            *(Scope(kind) for kind in GLOBAL),
            *(Scope(kind, region) for region in regions for kind in REGIONAL),
        )

    def collect(self, scope: Scope) -> Iterator[Resource]:
        """Yield the resources of one scope, page by page."""
        everywhere = GLOBAL.get(scope.resource_type)
        region = None if everywhere else scope.location
        collector = everywhere or REGIONAL[scope.resource_type]
        reader = self._reader(region or self._home)
        with self._errors.translated(region):
            yield from collector(reader)

    def bill(self) -> Bill | None:
        """Return the latest complete day in Cost Explorer, None when it has no charges or does not exist here.

        Two requests or more, USD 0.01 each. When AWS does not name resources, the note says why.
        """
        region = costs.REGIONS.get(self._reader(self._home).identity.partition)
        if region is None:
            return None
        reader = self._reader(region)
        with self._errors.translated():
            bill = costs.read_bill(reader, self._today)
        if bill is None:
            return None
        try:
            with self._errors.translated():
                return costs.itemise(reader, bill)
        except SyncError as error:
            return replace(
                bill, note=f"charges are spread evenly, costs per resource are not available: {error.message}"
            )

    def close(self) -> None:
        """Close clients and connections."""
        self._clients.close()
        self._transport.close()

    def _enabled_regions(self) -> tuple[str, ...]:
        with self._errors.translated():
            found = self._reader(self._home).items("ec2", "describe_regions", "Regions")
            return tuple(sorted(r["RegionName"] for r in found if r.get("OptInStatus") != "not-opted-in"))

    def _reader(self, region: str) -> Reader:
        if self._identity is None:
            self._identity = self._ask_identity()
        return Reader(self._clients, self._keys, self._identity, region)

    def _ask_identity(self) -> Identity:
        with self._errors.translated():
            caller = self._clients.get("sts", self._home, self._keys).get_caller_identity()
            return Identity(caller["Account"], caller["Arn"].split(":")[1])


def _home(credentials: AwsCredentials) -> str:
    if credentials.role_arn is not None:
        partition = credentials.role_arn.split(":")[1]
    else:
        first = credentials.regions[0] if credentials.regions else ""
        partition = next((name for prefix, name in _PARTITIONS.items() if first.startswith(prefix)), "aws")
    return _HOMES.get(partition, _HOMES["aws"])
