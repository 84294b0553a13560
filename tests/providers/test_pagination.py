"""Listings in pages, read to their end or not believed."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.domain.errors import ProviderUnavailable, ResponseInvalid
from app.providers import pagination
from app.providers.pagination import Page, listed, walk

_IDS = st.lists(st.text(min_size=1), unique=True, max_size=30)


class _Cloud:
    """Cuts the items that `order` returns for the nth call into pages of the sizes given."""

    def __init__(
        self,
        order: Callable[[int], Sequence[str]],
        sizes: Sequence[int],
        *,
        tells_total: bool,
        ends_empty: bool = False,
    ) -> None:
        self._order, self._sizes = order, sizes
        self._tells_total, self._ends_empty = tells_total, ends_empty
        self.calls = 0

    def page(self, cursor: Any) -> Page[str]:
        number, start = cursor or (0, 0)
        items = list(self._order(self.calls))
        self.calls += 1
        end = start + self._sizes[number % len(self._sizes)]
        is_last = end > len(items) if self._ends_empty else end >= len(items)
        return Page(items[start:end], None if is_last else (number + 1, end), len(items) if self._tells_total else None)

    def walk(self) -> list[str]:
        return list(walk(self.page, key=str))


@given(_IDS, st.lists(st.integers(1, 7), min_size=1, max_size=5), st.booleans(), st.booleans())
def test_any_cut_into_pages_yields_every_item_once(
    ids: list[str], sizes: list[int], tells_total: bool, ends_empty: bool
) -> None:
    cloud = _Cloud(lambda _: ids, sizes, tells_total=tells_total, ends_empty=ends_empty)
    assert cloud.walk() == ids


@given(_IDS, st.integers(1, 7), st.booleans(), st.integers(), st.integers(0, 40))
def test_whatever_moves_between_pages_a_walk_that_ends_has_seen_everything(
    ids: list[str], size: int, tells_total: bool, seed: int, calm_after: int
) -> None:
    mixer = random.Random(seed)
    cloud = _Cloud(
        lambda call: ids if call >= calm_after else mixer.sample(ids, len(ids)), [size], tells_total=tells_total
    )
    with suppress(ResponseInvalid):
        assert set(cloud.walk()) == set(ids)


def test_an_item_that_moved_is_found_by_reading_again() -> None:
    orders = [["a", "b", "c", "d"], ["a", "c", "b", "d"]]
    cloud = _Cloud(lambda call: orders[call] if call < 2 else orders[0], [2], tells_total=True)
    # The second page repeats b; c, which moved to the first page, is missed at first.
    assert cloud.walk() == ["a", "b", "b", "d", "a", "b", "c", "d"]


@pytest.mark.parametrize("tells_total", [True, False])
def test_a_listing_that_never_settles_is_not_believed(tells_total: bool) -> None:
    orders = [["a", "b", "c", "d"], ["a", "c", "b", "d"]]
    cloud = _Cloud(lambda call: orders[call % 2], [2], tells_total=tells_total)
    with pytest.raises(ResponseInvalid, match="the listing does not settle: "):
        cloud.walk()
    assert cloud.calls == 6


def test_an_item_on_two_pages_is_believed_when_the_total_is_right() -> None:
    pages = {None: Page(["a", "b"], 2, 3), 2: Page(["b", "c"], None, 3)}
    assert list(walk(pages.__getitem__, key=str)) == ["a", "b", "b", "c"]


@pytest.mark.parametrize("total", [0, 1, 3])
def test_a_total_that_is_not_what_came_is_not_believed(total: int) -> None:
    with pytest.raises(ResponseInvalid, match=f"2 items came, the cloud counts {total}"):
        list(walk(lambda _: Page(["a", "b"], None, total), key=str))


def test_a_total_that_changes_on_the_way_is_read_again() -> None:
    totals = iter([2, 3, 2, 2])
    found = list(walk(lambda cursor: Page([cursor or "a"], None if cursor else "b", next(totals)), key=str))
    assert found == ["a", "b", "a", "b"]


def test_an_empty_listing_is_empty() -> None:
    assert list(walk(lambda _: Page([], None, 0), key=str)) == []
    assert list(walk(lambda _: Page([]), key=str)) == []


@pytest.mark.parametrize("loop", [{0: 0}, {0: 1, 1: 0}, {0: 1, 1: 2, 2: 1}])
def test_pages_that_go_round_in_circles_are_refused(loop: dict[int, int]) -> None:
    with pytest.raises(ResponseInvalid, match="have no end"):
        list(walk(lambda cursor: Page([f"{cursor}"], loop[cursor]), key=str, first=0))


def test_pages_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagination, "MAX_PAGES", 50)
    with pytest.raises(ResponseInvalid, match="have no end"):
        list(walk(lambda cursor: Page([], cursor + 1), key=str, first=0))


@pytest.mark.parametrize("cursor", [{"page": 2}, ["2"]])
def test_a_next_page_that_is_no_name_is_refused(cursor: Any) -> None:
    with pytest.raises(ResponseInvalid, match="names the next page by a"):
        list(walk(lambda _: Page(["a"], cursor), key=str))


def test_the_first_page_is_yielded_before_the_second_is_asked_for() -> None:
    asked = []

    def page(cursor: int) -> Page[str]:
        asked.append(cursor)
        return Page([f"{cursor}"], cursor + 1)

    assert next(walk(page, key=str, first=1)) == "1"
    assert asked == [1]


def test_an_error_on_a_later_page_ends_the_walk() -> None:
    def page(cursor: Any) -> Page[str]:
        if cursor:
            raise ProviderUnavailable("gone")
        return Page(["a"], 2)

    found = walk(page, key=str)
    assert next(found) == "a"
    with pytest.raises(ProviderUnavailable):
        next(found)


def test_a_list_is_taken_out_of_its_answer() -> None:
    assert listed({"servers": [1]}, "servers") == [1]
    assert listed({"servers": []}, "servers") == []


@pytest.mark.parametrize("body", [{}, {"servers": None}, {"servers": {}}, {"servers": "x"}, [], None, "servers"])
def test_an_answer_without_its_list_is_not_an_empty_one(body: Any) -> None:
    with pytest.raises(ResponseInvalid, match="the answer has no list 'servers'"):
        listed(body, "servers")


def test_a_list_may_be_absent_only_where_the_cloud_leaves_empty_ones_out() -> None:
    assert listed({}, "servers", may_be_absent=True) == []
    for body in ({"servers": None}, {"servers": {}}, [], None):
        with pytest.raises(ResponseInvalid):
            listed(body, "servers", may_be_absent=True)
