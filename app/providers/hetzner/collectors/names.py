"""What names and proves things, without charge: DNS zones, certificates, SSH keys."""

from pydantic import AwareDatetime

from app.core.domain.resources import Resource
from app.providers.answers import Record
from app.providers.hetzner.pricing import Tariff
from app.providers.hetzner.records import Named, compact, described


class Zone(Named):
    """A DNS zone."""

    status: str
    mode: str
    ttl: int | None = None
    record_count: int | None = None
    registrar: str | None = None


def zone(record: Zone, tariff: Tariff) -> Resource:
    """Return a DNS zone."""
    return described(
        record,
        status=record.status,
        config=compact(
            mode=record.mode,
            ttl_s=record.ttl,
            records=record.record_count,
            registrar=record.registrar,
            delete_protection=record.protection.delete,
        ),
        cost=tariff.free(),
    )


class _CertificateStatus(Record):
    issuance: str | None = None
    renewal: str | None = None


class Certificate(Named):
    """A certificate, without its text. Only managed ones have a status; dates come once it is issued."""

    type: str
    domain_names: tuple[str, ...]
    fingerprint: str | None = None
    not_valid_before: AwareDatetime | None = None
    not_valid_after: AwareDatetime | None = None
    status: _CertificateStatus | None = None


def certificate(record: Certificate, tariff: Tariff) -> Resource:
    """Return a certificate; its status is that of the issuance."""
    return described(
        record,
        status=(record.status and record.status.issuance) or "",
        config=compact(
            type=record.type,
            domain_names=sorted(record.domain_names),
            fingerprint=record.fingerprint,
            not_valid_before=record.not_valid_before and record.not_valid_before.isoformat(),
            not_valid_after=record.not_valid_after and record.not_valid_after.isoformat(),
            renewal=record.status and record.status.renewal,
        ),
        cost=tariff.free(),
    )


class SshKey(Named):
    """The public half of a key, of which the fingerprint is kept."""

    fingerprint: str


def ssh_key(record: SshKey, tariff: Tariff) -> Resource:
    """Return an SSH key."""
    return described(
        record,
        config={"fingerprint": record.fingerprint},
        cost=tariff.free(),
    )
