"""Domains with their yearly renewal, subdomains, and the mailboxes of each domain."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.core.domain.errors import ResponseInvalid, SyncError
from app.core.domain.resources import Cost, Resource
from app.providers.answers import read
from app.providers.beget.collectors.hosting import inside, records
from app.providers.beget.fields import Flag, Id, Lenient, Moment, Price, Text, compact, moscow_date
from app.providers.beget.pricing import INCLUDED, listed, per_day_of_year
from app.providers.beget.reader import Reader

TYPE = "hosting:domain"


class Domain(Lenient):
    """A domain of domain/getList."""

    id: Id
    fqdn: Id
    date_add: Moment = None
    date_register: Moment = None
    date_expire: Moment = None
    auto_renew: Flag = False
    registrar: Text = ""
    registrar_status: Text = ""

    @property
    def is_registered_here(self) -> bool:
        """True when Beget registers it, and so charges its renewal; others are only attached."""
        return bool(self.registrar and self.date_expire)


class Zone(Lenient):
    """Prices of a zone, roubles a year."""

    zone: str = ""
    price_renew: Price = Decimal(0)
    price_idn_renew: Price = Decimal(0)


class _Subdomain(Lenient):
    id: Id
    fqdn: Id
    domain_id: str = ""


class _Mailbox(Lenient):
    mailbox: Id
    domain: Id
    spam_filter_status: Text = ""
    forward_mail_status: Text = ""


def domains(reader: Reader) -> Iterator[Resource]:
    """Yield the domains. Prices are asked for only when one of them has a price."""
    found = reader.kept(_domains)
    zones = _zones(reader) if any(domain.is_registered_here for domain in found) else {}
    for domain in found:
        yield Resource(
            external_id=domain.id,
            name=domain.fqdn,
            status=domain.registrar_status,
            created_at=domain.date_register or domain.date_add,
            config=compact(
                registrar=domain.registrar,
                expires_on=moscow_date(domain.date_expire),
                auto_renew=domain.auto_renew,
                parent=reader.hosting_parent,
            ),
            cost=renewal(domain, zones) if domain.is_registered_here else INCLUDED,
        )


def subdomains(reader: Reader) -> Iterator[Resource]:
    """Yield the subdomains."""
    answer = reader.client.hosting("domain", "getSubdomainList")
    for subdomain in records(answer, _Subdomain, "a subdomain"):
        parent = {"type": TYPE, "id": subdomain.domain_id} if subdomain.domain_id else reader.hosting_parent
        yield Resource(external_id=subdomain.id, name=subdomain.fqdn, config=compact(parent=parent), cost=INCLUDED)


def mailboxes(reader: Reader) -> Iterator[Resource]:
    """Yield the mailboxes; one call for every domain."""
    try:
        found = reader.kept(_domains)
    except SyncError as error:
        words = f"mailboxes are listed domain by domain, and the domains cannot be read: {error.message}"
        raise type(error)(words) from error
    for domain in found:
        answer = reader.client.hosting("mail", "getMailboxList", domain=domain.fqdn)
        for box in records(answer, _Mailbox, "a mailbox"):
            address = f"{box.mailbox}@{box.domain}"
            yield inside(
                reader, address, address, spam_filter=box.spam_filter_status, forwarding=box.forward_mail_status
            )


def renewal(domain: Domain, zones: Mapping[str, Zone]) -> Cost:
    """Return a day's part of the yearly renewal; unknown when the domain's zone has no price.

    zones   by ASCII name; the longest that fits counts: `com.ru` before `ru`
    """
    labels = _ascii(domain.fqdn).split(".")
    zone = next(filter(None, (zones.get(".".join(labels[start:])) for start in range(1, len(labels)))), Zone())
    is_idn = labels[0].startswith("xn--") and bool(zone.price_idn_renew)
    return listed(per_day_of_year(zone.price_idn_renew if is_idn else zone.price_renew))


def _domains(reader: Reader) -> list[Domain]:
    return list(records(reader.client.hosting("domain", "getList"), Domain, "a domain"))


def _zones(reader: Reader) -> dict[str, Zone]:
    answer: Any = reader.client.hosting("domain", "getZoneList")
    if not isinstance(answer, Mapping):
        raise ResponseInvalid("the hosting API's answer has no prices of zones")
    zones = {name: read(Zone, item, f"the zone {name}") for name, item in answer.items()}
    return {_ascii(zone.zone or name): zone for name, zone in zones.items()}


def _ascii(name: str) -> str:
    name = name.strip(".").lower()
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return name
