"""Pages of lists, and the words of what goes wrong on the way."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from keystoneauth1.identity import v3

from app.core.domain.errors import PermissionDenied, ResponseInvalid
from app.providers.base import Deadline, Session
from app.providers.keystone.access import Door
from app.providers.keystone.reader import Reader
from emulators.kit.server import Reply
from emulators.openstack.emulator import OpenStackEmulator

SERVERS = "/region/RegionOne/compute/v2.1/servers/detail"


@pytest.fixture
def cloud() -> Iterator[OpenStackEmulator]:
    with OpenStackEmulator(page_size=2) as cloud:
        cloud.add_project(cloud.add_user("anna", "hunter2"), "prod")
        yield cloud


@pytest.fixture
def reader(cloud: OpenStackEmulator) -> Iterator[Reader]:
    (project,) = cloud.directory.projects.values()
    with closing(Door(Session(Deadline.after(10)), "anna")) as door:
        login = v3.Password(
            f"{cloud.url}/v3", username="anna", password="hunter2", user_domain_name="Default", project_id=project.id
        )
        yield Reader(door.enter(login), project.id, "RegionOne", cost=None)


def _answer(cloud: OpenStackEmulator, body: Any, status: int = 200) -> None:
    cloud.routes.insert(0, ("GET", SERVERS, lambda _: Reply(body, status)))


def _servers(reader: Reader) -> list[Any]:
    return list(reader.pages("compute", "/servers/detail", "servers"))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"servers": [], "servers_links": [{"rel": "next", "href": "x"}]}, "an empty page names a next page"),
        ({"servers": None}, "no list 'servers'"),
        ([], "no list 'servers'"),
        ({"servers": [{"name": "no id"}]}, "an item of the list is not as"),
        ({"servers": [], "servers_links": "next"}, "the link to the next page is not as"),
        ({"servers": [{"id": "a"}], "servers_links": [{"rel": "next"}]}, "no end"),
        ({"servers": [{"id": "a"}, {"id": "a"}]}, "does not settle"),
    ],
)
def test_pages_that_contradict_themselves_are_refused(
    cloud: OpenStackEmulator, reader: Reader, body: Any, words: str
) -> None:
    _answer(cloud, body)
    with pytest.raises(ResponseInvalid, match=words):
        _servers(reader)


def test_pages_by_offset_that_repeat_themselves_have_no_end(cloud: OpenStackEmulator, reader: Reader) -> None:
    path = f"/region/RegionOne/share/v2/{reader.project_id}/shares/detail"
    cloud.routes.insert(0, ("GET", path, lambda _: Reply({"shares": [{"id": "a"}, {"id": "b"}]})))
    with pytest.raises(ResponseInvalid, match="no end"):
        list(reader.offset_pages("shared-file-system", "/shares/detail", "shares"))
    assert len([r for r in cloud.requests if r.path == path]) == 2


def test_a_listing_by_offset_that_moved_is_read_again(cloud: OpenStackEmulator, reader: Reader) -> None:
    path = f"/region/RegionOne/share/v2/{reader.project_id}/shares/detail"
    pages = iter(["ab", "bc", "", "ab", "c", ""])
    answer = lambda _: Reply({"shares": [{"id": letter} for letter in next(pages)]})  # noqa: E731
    cloud.routes.insert(0, ("GET", path, answer))
    found = reader.offset_pages("shared-file-system", "/shares/detail", "shares")
    assert [item["id"] for item in found][-3:] == ["a", "b", "c"]


def test_links_to_elsewhere_are_not_followed(cloud: OpenStackEmulator, reader: Reader) -> None:
    pages = iter([([{"id": "a"}], True), ([{"id": "b"}], False)])

    def page(_: Any) -> Reply:
        items, more = next(pages)
        links = [{"rel": "next", "href": "http://10.0.0.1/steal?marker=x"}] if more else []
        return Reply({"servers": items, "servers_links": links})

    cloud.routes.insert(0, ("GET", SERVERS, page))
    assert _servers(reader) == [{"id": "a"}, {"id": "b"}]
    assert cloud.requests[-1].query["marker"] == ["a"]


def test_an_amount_keeps_its_digits(cloud: OpenStackEmulator, reader: Reader) -> None:
    _answer(cloud, b'{"servers": [{"id": "a", "x": 0.1234567890123456789}]}')
    assert str(_servers(reader)[0]["x"]) == "0.1234567890123456789"


def test_a_service_that_is_not_in_the_catalog_is_named(reader: Reader) -> None:
    assert not reader.has("dns")
    with pytest.raises(PermissionDenied, match="project prod, region RegionOne has no dns any more"):
        reader.get_url("dns", "/zones")


def test_a_closed_version_document_does_not_hide_the_service(cloud: OpenStackEmulator, reader: Reader) -> None:
    cloud.routes.insert(0, ("GET", "/region/RegionOne/compute(/v2.1)?/?", lambda _: Reply({}, 403)))
    assert _servers(reader) == []
    # Without the document nobody knows the newest version, so the oldest is asked for.
    assert "openstack-api-version" not in cloud.requests[-1].headers


@pytest.mark.parametrize("status", [401, 403, 404])
def test_images_are_read_where_glance_serves_no_version_document(
    cloud: OpenStackEmulator, reader: Reader, status: int
) -> None:
    cloud.routes.insert(0, ("GET", "/region/RegionOne/image(/v2)?/?", lambda _: Reply({}, status)))
    assert list(reader.pages("image", "/images", "images")) == []
    assert cloud.requests[-1].path.endswith("/image/v2/images")
