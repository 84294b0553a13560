from collections.abc import Collection

from app.core.domain.diff import Changes, ScopeDiff
from app.core.domain.resources import Resource

OLD, NEW = Resource("a", name="old"), Resource("a", name="new")


def compare(known: dict[str, str], *listed: Resource, suspects: Collection[str] = ()) -> Changes:
    diff = ScopeDiff(known, suspects)
    for resource in listed:
        diff.add(resource)
    return diff.finish()


def ids(changes: Changes) -> tuple[list[str], list[str], list[str], int]:
    created = [change.resource.external_id for change in changes.created]
    updated = [change.resource.external_id for change in changes.updated]
    return created, updated, list(changes.missing), changes.unchanged


def test_a_listing_is_told_apart_into_new_changed_missing_and_unchanged() -> None:
    known = {"a": OLD.fingerprint(), "b": Resource("b").fingerprint(), "c": Resource("c").fingerprint()}
    changes = compare(known, NEW, Resource("b"), Resource("d"))
    assert ids(changes) == (["d"], ["a"], ["c"], 1)
    assert changes.found == 3


def test_a_change_carries_the_fingerprint_of_the_new_state() -> None:
    (change,) = compare({"a": OLD.fingerprint()}, NEW).updated
    assert change.fingerprint == NEW.fingerprint()
    assert change.resource is NEW


def test_nothing_changed_is_false_and_nothing_listed_is_not_nothing_changed() -> None:
    assert not compare({"a": OLD.fingerprint()}, OLD)
    assert not compare({})
    assert compare({"a": OLD.fingerprint()})


def test_what_is_listed_twice_counts_once_with_its_last_state() -> None:
    changes = compare({}, OLD, NEW)
    assert ids(changes) == (["a"], [], [], 0)
    assert changes.created[0].resource is NEW


def test_what_changes_and_changes_back_while_it_is_listed_is_unchanged() -> None:
    assert ids(compare({"a": OLD.fingerprint()}, NEW, OLD)) == ([], [], [], 1)


def test_what_was_in_doubt_is_gone_when_it_is_missing_again_and_back_when_it_is_listed() -> None:
    known = {id_: Resource(id_).fingerprint() for id_ in "abcd"}
    changes = compare(known, Resource("b"), Resource("c", name="new"), suspects={"a", "b", "c"})
    assert (changes.gone, changes.back, changes.missing) == (("a",), ("b",), ("d",))
    assert [change.resource.external_id for change in changes.updated] == ["c"]
    assert changes.unchanged == 1


def test_a_return_from_doubt_is_a_change() -> None:
    assert compare({"a": OLD.fingerprint()}, OLD, suspects={"a"})
