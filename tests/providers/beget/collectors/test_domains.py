from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.core.domain.errors import AuthenticationFailed, ResponseInvalid
from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis
from app.core.domain.scopes import Scope
from app.providers.beget.collectors.domains import Domain, Zone, renewal
from tests.providers.beget.conftest import Cloud

PARENT = {"type": "hosting:account", "id": "demo1"}
INCLUDED = Cost(CostBasis.INCLUDED_IN_PARENT, Decimal(0), "RUB")
REGISTERED: dict[str, Any] = {
    "id": 101,
    "fqdn": "shop.ru",
    "date_add": "2023-05-01 12:30:00",
    "date_register": "2023-05-02",
    "date_expire": "2026-05-02",
    "auto_renew": "1",
    "registrar": "beget",
    "registrar_status": "delegated",
}
ATTACHED: dict[str, Any] = {
    "id": "102",
    "fqdn": "other.com",
    "date_add": "2023-05-01 12:30:00",
    "date_register": "null",
    "date_expire": None,
    "auto_renew": "0",
    "registrar": "null",
}
ZONES = {
    "ru": Zone(price_renew=Decimal(365)),
    "com.ru": Zone(price_renew=Decimal(730)),
    "com": Zone(price_renew=Decimal(1095), price_idn_renew=Decimal(1460)),
    "xn--p1ai": Zone(price_renew=Decimal(730)),
    "free": Zone(),
}


def rub(amount: str) -> Cost:
    return Cost(CostBasis.PRICE_LIST, Decimal(amount), "RUB")


def test_a_domain_registered_here_costs_a_day_of_its_yearly_renewal(cloud: Cloud) -> None:
    cloud.holds.domains = [REGISTERED, ATTACHED]
    cloud.holds.zones = {"ru": {"id": "1", "zone": "ru", "price": "199", "price_renew": "365"}}
    registered, attached = cloud.listing("hosting:domain")
    assert (registered.external_id, registered.name, registered.status) == ("101", "shop.ru", "delegated")
    assert registered.created_at == datetime(2023, 5, 1, 21, tzinfo=UTC)
    assert registered.config == {
        "registrar": "beget",
        "expires_on": "2026-05-02",
        "auto_renew": True,
        "parent": PARENT,
    }
    assert registered.cost == rub("1")
    assert attached.created_at == datetime(2023, 5, 1, 9, 30, tzinfo=UTC)
    assert (attached.config, attached.cost) == ({"parent": PARENT}, INCLUDED)


def test_prices_are_not_asked_for_when_no_domain_has_one(cloud: Cloud) -> None:
    cloud.holds.domains = [ATTACHED]
    assert cloud.only("hosting:domain").cost == INCLUDED
    assert cloud.paths() == ["/api/domain/getList"]


def test_without_prices_of_zones_the_domains_fail(cloud: Cloud) -> None:
    cloud.holds.domains = [REGISTERED]
    with pytest.raises(ResponseInvalid, match="prices of zones"):
        cloud.listing("hosting:domain")


@pytest.mark.parametrize(
    ("fqdn", "cost"),
    [
        ("shop.ru", rub("1")),
        ("SHOP.RU.", rub("1")),
        ("shop.com.ru", rub("2")),
        ("a.b.ru", rub("1")),
        ("магазин.рф", rub("2")),
        ("xn--80aaac0ct.xn--p1ai", rub("2")),
        ("shop.com", rub("3")),
        ("магазин.com", rub("4")),
        ("shop.free", UNKNOWN_COST),
        ("shop.zone", UNKNOWN_COST),
        ("ru", UNKNOWN_COST),
        ("-" * 80 + ".ru", rub("1")),
    ],
)
def test_the_longest_zone_that_fits_tells_the_price(fqdn: str, cost: Cost) -> None:
    assert renewal(Domain.model_validate(REGISTERED | {"fqdn": fqdn}), ZONES) == cost


def test_subdomains_and_mailboxes_are_in_the_accounts_price(cloud: Cloud) -> None:
    cloud.holds.domains = [REGISTERED, ATTACHED]
    cloud.holds.subdomains = [{"id": "5", "fqdn": "www.shop.ru", "domain_id": "101"}, {"id": "6", "fqdn": "x.ru"}]
    cloud.holds.mailboxes = [{"mailbox": "почта", "domain": "other.com", "spam_filter_status": "1"}]
    first, second = cloud.listing("hosting:subdomain")
    assert first.config == {"parent": {"type": "hosting:domain", "id": "101"}}
    assert (second.config, second.cost) == ({"parent": PARENT}, INCLUDED)
    mailbox = cloud.only("hosting:mailbox")
    assert mailbox.external_id == "почта@other.com"
    assert (mailbox.config, mailbox.cost) == ({"parent": PARENT, "spam_filter": "1"}, INCLUDED)


def test_domains_and_mailboxes_share_one_list_of_domains(cloud: Cloud) -> None:
    cloud.holds.domains = [ATTACHED]
    account = cloud.open()
    for resource_type in ("hosting:domain", "hosting:mailbox"):
        list(account.collect(Scope(resource_type)))
    assert cloud.paths() == ["/api/domain/getList", "/api/mail/getMailboxList"]


def test_mailboxes_say_when_the_domains_are_what_is_missing(cloud: Cloud) -> None:
    cloud.emulator.deny({"login": "demo1"}, "domain")
    with pytest.raises(AuthenticationFailed, match=r"mailboxes are listed domain by domain.*section 'domain'"):
        cloud.listing("hosting:mailbox")
