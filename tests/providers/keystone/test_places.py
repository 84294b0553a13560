"""What is planned to be read: kinds, projects, regions."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.core.domain.errors import PermissionDenied, ResponseInvalid
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.keystone.catalog import Catalog
from app.providers.keystone.places import Kind, Project, collect, location, plan
from app.providers.keystone.reader import Reader
from tests.providers.keystone.readers import a_reader


def _nothing(_: Reader) -> Iterator[Resource]:
    return iter(())


SERVER, IMAGE = Kind("compute:server", "compute", _nothing), Kind("image:image", "image", _nothing)
ACCESS: Any = a_reader()._access


def _catalog(**urls: dict[str, str]) -> Catalog:
    return Catalog.parse(
        [
            {"type": service, "endpoints": [{"interface": "public", "region": r, "url": url} for r, url in by.items()]}
            for service, by in urls.items()
        ]
    )


def _scopes(*projects: Project, regions: list[str] | None = None) -> list[str]:
    return [str(scope) for scope in plan((SERVER, IMAGE), projects, regions)]


def test_every_region_that_has_a_service_is_read_and_no_other() -> None:
    catalog = _catalog(compute={"r1": "http://a", "r2": "http://b"}, image={"r2": "http://c"})
    assert _scopes(Project("p", ACCESS, catalog)) == ["compute:server@p/r1", "compute:server@p/r2", "image:image@p/r2"]


def test_regions_of_all_projects_are_read() -> None:
    first, second = _catalog(compute={"r1": "http://a"}), _catalog(compute={"r2": "http://b"})
    found = _scopes(Project("p2", ACCESS, second), Project("p1", ACCESS, first))
    assert found == ["compute:server@p1/r1", "compute:server@p2/r2"]


def test_a_service_that_regions_share_is_read_once() -> None:
    catalog = _catalog(image={"r1": "http://shared", "r2": "http://shared"})
    assert _scopes(Project("p", ACCESS, catalog)) == ["image:image@p/r1"]
    assert _scopes(Project("p", ACCESS, catalog), regions=["r2"]) == ["image:image@p/r2"]


def test_a_region_that_does_not_exist_has_a_scope_that_can_fail() -> None:
    catalog = _catalog(compute={"r1": "http://a"})
    found = _scopes(Project("p", ACCESS, catalog), regions=["r1", "typo"])
    assert found == ["compute:server@p/r1", "compute:server@p/typo"]


@pytest.mark.parametrize("error", [PermissionDenied("no role"), ResponseInvalid("odd")])
def test_a_project_that_cannot_be_entered_fails_in_the_scopes_of_the_others(error: Any) -> None:
    good = Project("p1", ACCESS, _catalog(compute={"r1": "http://a"}))
    tasks = plan((SERVER, IMAGE), [good, Project("p2", ACCESS, error)])
    assert list(map(str, tasks)) == ["compute:server@p1/r1", "compute:server@p2/r1"]
    with pytest.raises(type(error), match=error.message):
        list(collect(tasks[Scope("compute:server", "p2/r1")], cost=None))


def test_a_location_fits_its_column_and_stays_unique() -> None:
    project, region = "f" * 32, "a-region-of-thirty-one-letters-x"
    assert location(project, "ru-3") == f"{project}/ru-3"
    long, longer = location(project, region), location(project, f"{region}y")
    assert len(long) == len(longer) == 64
    assert long != longer
