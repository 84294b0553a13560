import pytest

from app.core.domain.resources import Resource
from app.providers.digitalocean.names import Names

WEB = ("compute:droplet", "1")
DATA = ("volumes:volume", "v")


def names(*resources: tuple[str, str, str, str, str]) -> Names:
    found = Names()
    for type_, id_, name, region, size in resources:
        found.add(type_, Resource(id_, name, region, config={"type": size} if size else {}))
    return found


def test_a_name_with_its_size_is_the_droplet():
    known = names((*WEB, "web-1", "fra1", "c-4"), (*DATA, "web-1", "fra1", ""))
    assert known.match("web-1 (c-4)", "fra1", "1-DO-DROP-0001") == [WEB]


@pytest.mark.parametrize("name", ["web (old)", "web №1 / «тест»", "a (b) (c)"])
def test_odd_names_are_found_with_a_size_and_without(name):
    known = names((*WEB, name, "fra1", "c-4"))
    assert known.match(f"{name} (c-4)", "fra1", None) == [WEB]
    assert known.match(name, None, None) == [WEB]


def test_a_namesake_in_another_region_is_another_resource():
    known = names((*WEB, "web-1", "fra1", "c-4"))
    assert not known.match("web-1 (c-4)", "nyc3", None)
    assert known.match("web-1 (c-4)", "", None) == [WEB]


def test_namesakes_of_one_type_are_all_meant():
    known = names((*WEB, "web-1", "fra1", "c-4"), ("compute:droplet", "2", "web-1", "fra1", "c-4"))
    assert known.match("web-1 (c-4)", "fra1", None) == [WEB, ("compute:droplet", "2")]


def test_the_sku_decides_between_types_and_nothing_is_guessed():
    known = names((*WEB, "same", "fra1", "c-4"), (*DATA, "same", "fra1", ""), ("apps:app", "a", "same", "", ""))
    assert known.match("same (resized)", "fra1", "1-DO-DROP-0001") == [WEB]
    assert not known.match("same (100 GB)", "fra1", "1-DO-VOL-0001")
    assert not known.match("same", "fra1", None)


def test_a_volume_is_not_mistaken_for_the_droplet_of_its_name():
    known = names((*WEB, "same", "fra1", "c-4"), (*DATA, "same", "fra1", ""))
    assert known.match("same (100 GB)", "fra1", "1-DO-VOL-0001") == [DATA]


def test_a_droplet_alone_pays_for_what_bears_its_name():
    known = names((*WEB, "web-1", "fra1", "c-4"))
    assert known.match("web-1 (weekly backups)", "fra1", "1-DO-BKUP-0001") == [WEB]


def test_what_is_free_is_on_no_bill_and_unknown_names_match_nothing():
    known = names(("network:vpc", "n", "web-1", "fra1", ""))
    for description in ("web-1", "", "   ", "()", "x" * 10_000, " " * 10_000 + "("):
        assert not known.match(description, "fra1", None)
