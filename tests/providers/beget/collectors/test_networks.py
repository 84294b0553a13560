from decimal import Decimal

import pytest

from app.core.domain.errors import ResponseInvalid
from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis
from app.core.domain.scopes import Scope
from tests.providers.beget.conftest import Cloud

INCLUDED = Cost(CostBasis.INCLUDED_IN_PARENT, Decimal(0), "RUB")


def test_addresses_know_their_server_and_only_main_ones_are_in_its_price(cloud: Cloud) -> None:
    cloud.holds.main_ips = [{"ip": "192.0.2.1", "mac": "52:54:00:00:00:01", "vps_id": "v1"}]
    cloud.holds.additional_ips = [
        {"ip": "192.0.2.2", "region": "ru1", "vps_id": "v1"},
        {"ip": "192.0.2.3", "region": "ru1", "vps_id": ""},
    ]
    main, additional, free = cloud.listing("vps:ip")
    server = {"type": "vps:server", "id": "v1"}
    assert main.config == {"kind": "main", "public_ips": ["192.0.2.1"], "parent": server}
    assert (main.status, main.cost) == ("attached", INCLUDED)
    assert (additional.region, additional.config["parent"], additional.cost) == ("ru1", server, UNKNOWN_COST)
    assert (free.external_id, free.status, free.cost) == ("192.0.2.3", "unattached", UNKNOWN_COST)
    assert "parent" not in free.config


def test_private_networks_are_read(cloud: Cloud) -> None:
    cloud.holds.private_networks = [{"id": "n1", "subnet": "10.0.0.0", "mask": "24", "region": "ru1"}, {"id": "n2"}]
    first, second = cloud.listing("vps:private-network")
    assert (first.external_id, first.name, first.region) == ("n1", "10.0.0.0/24", "ru1")
    assert first.config == {"cidr": "10.0.0.0/24"}
    assert (first.cost, second.config) == (UNKNOWN_COST, {})


def test_both_scopes_share_one_call(cloud: Cloud) -> None:
    account = cloud.open()
    for resource_type in ("vps:ip", "vps:private-network"):
        assert not list(account.collect(Scope(resource_type)))
    assert cloud.paths().count("/v1/vps/network") == 1


def test_an_address_without_itself_is_refused(cloud: Cloud) -> None:
    cloud.holds.additional_ips = [{"region": "ru1"}]
    with pytest.raises(ResponseInvalid, match=r"an address is not as .*: ip"):
        cloud.listing("vps:ip")
