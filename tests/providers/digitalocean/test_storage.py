from datetime import date
from decimal import Decimal

from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis
from app.providers.answers import read
from app.providers.digitalocean.collectors import storage
from emulators.digitalocean import other_things, things

DAY = date(2026, 11, 24)
BIRTH = "2026-01-10T08:00:00Z"


def test_a_volume_belongs_to_its_droplet_and_costs_ten_cents_a_gibibyte():
    record = things.volume(1, "data", 100, "fra1", BIRTH, 901)
    found = storage.volume(read(storage.Volume, record, "a volume"), DAY)
    assert (found.name, found.region, found.status) == ("data", "fra1", "")
    assert found.config == {
        "size_gb": 100,
        "filesystem": "ext4",
        "parent": {"type": "compute:droplet", "id": "901"},
    }
    assert found.cost == Cost(CostBasis.PRICE_LIST, Decimal(10) / 28, "USD")


def test_a_volume_that_is_not_attached_has_no_parent_and_costs_the_same():
    record = {"id": "v", "name": "data", "region": {"slug": "fra1"}, "size_gigabytes": 100}
    found = storage.volume(read(storage.Volume, record, "a volume"), DAY)
    assert found.config == {"size_gb": 100}
    assert found.cost == Cost(CostBasis.PRICE_LIST, Decimal(10) / 28, "USD")


def test_a_share_has_its_size_and_no_known_price():
    found = storage.share(read(storage.Share, other_things.share(0, "uploads", BIRTH), "a share"), DAY)
    assert (found.region, found.status, found.config["size_gb"], found.cost) == ("nyc3", "ACTIVE", 50, UNKNOWN_COST)


def test_a_key_of_spaces_tells_its_grants_and_is_free():
    record = {
        "access_key": "DO00",
        "grants": [{"bucket": "b", "permission": "read"}, {"bucket": "", "permission": "fullaccess"}],
    }
    found = storage.spaces_key(read(storage.SpacesKey, record, "a key"), DAY)
    assert found.config == {"grants": ["*: fullaccess", "b: read"]}
    assert found.cost == Cost(CostBasis.PRICE_LIST, Decimal(0), "USD")
