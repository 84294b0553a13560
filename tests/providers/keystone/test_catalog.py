"""Which services a catalog has where."""

from typing import Any

import pytest

from app.core.domain.errors import ResponseInvalid
from app.providers.keystone.catalog import Catalog


def _service(type_: str, *endpoints: dict[str, Any]) -> dict[str, Any]:
    return {"type": type_, "name": type_, "endpoints": list(endpoints)}


def _endpoint(url: str, region: str = "ru-3", interface: str = "public", **more: Any) -> dict[str, Any]:
    return {"interface": interface, "region": region, "region_id": region, "url": url, **more}


def test_only_public_endpoints_count_and_slashes_at_the_end_do_not() -> None:
    internal = _endpoint("http://10.0.0.1", interface="internal")
    catalog = Catalog.parse([_service("compute", internal, _endpoint("https://c.example/v2.1/"))])
    assert catalog.url("compute", "ru-3") == "https://c.example/v2.1"
    assert catalog.url("compute", "ru-9") is None


def test_a_service_goes_by_each_of_its_names_the_newest_first() -> None:
    services = [_service("volume", _endpoint("http://old")), _service("volumev3", _endpoint("http://new"))]
    assert Catalog.parse(services).url("block-storage", "ru-3") == "http://new"
    assert Catalog.parse([_service("sharev2", _endpoint("http://m"))]).url("shared-file-system", "ru-3") == "http://m"


def test_regions_are_those_of_all_services() -> None:
    services = [_service("compute", _endpoint("http://a", "r1")), _service("dns", _endpoint("http://b", "r2"))]
    assert Catalog.parse(services).regions == {"r1", "r2"}


def test_an_old_catalog_has_only_the_region() -> None:
    old = {"interface": "public", "region": "r1", "url": "http://a"}
    assert Catalog.parse([_service("compute", old)]).url("compute", "r1") == "http://a"


@pytest.mark.parametrize("catalog", [None, "text", [{"type": "compute", "endpoints": [{}]}], [{"endpoints": []}]])
def test_what_is_no_catalog_is_refused(catalog: Any) -> None:
    with pytest.raises(ResponseInvalid, match="service catalog"):
        Catalog.parse(catalog)
