"""Read a listing to its end, page by page, and notice when it cannot be trusted."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.core.domain.errors import ResponseInvalid

MAX_PAGES = 100_000
_ATTEMPTS = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One answer of a listing.

    next   what to ask the following page with (token, number, marker, offset); None when this is the last one
    total  how many items the cloud says the listing has; None when it does not say
    """

    items: list[T]
    next: Any = None
    total: int | None = None


def walk(fetch: Callable[[Any], Page[T]], key: Callable[[T], str], first: Any = None) -> Iterator[T]:
    """Yield every item of a listing; `fetch` gets `first`, then each page's `next`, and `key` tells items apart.

    Ending without an error means that this was all. Pages shift while a cloud is being listed: when an item came
    twice, or their number is not the cloud's total, the listing is read again and its items are yielded again.
    Raises ResponseInvalid when it does not settle in three attempts, or its pages have no end.
    """
    for _ in range(_ATTEMPTS):
        attempt = _Attempt(fetch, key, first)
        yield from attempt
        if attempt.is_consistent:
            return
    raise ResponseInvalid(f"the listing does not settle: {attempt.doubt}; nothing was concluded from it")


class _Attempt(Generic[T]):
    """One pass over all pages."""

    def __init__(self, fetch: Callable[[Any], Page[T]], key: Callable[[T], str], first: Any) -> None:
        self._fetch, self._key, self._first = fetch, key, first
        self._repeated = 0
        self.ids: set[str] = set()
        self.totals: set[int | None] = set()

    def __iter__(self) -> Iterator[T]:
        cursor, asked = self._first, set()
        while True:
            page = self._fetch(cursor)
            self.totals.add(page.total)
            for item in page.items:
                id_ = self._key(item)
                self._repeated += id_ in self.ids
                self.ids.add(id_)
                yield item
            if page.next is None:
                return
            asked.add(cursor)
            cursor = page.next
            if not isinstance(cursor, Hashable):
                raise ResponseInvalid(f"the cloud names the next page by a {type(cursor).__name__}")
            if cursor in asked or len(asked) >= MAX_PAGES:
                raise ResponseInvalid("the cloud's pages have no end: it names a page that was read already")

    @property
    def is_consistent(self) -> bool:
        """True when nothing speaks against this being all."""
        return self.totals == {len(self.ids)} or (self.totals == {None} and not self._repeated)

    @property
    def doubt(self) -> str:
        """Say what speaks against it."""
        if self.totals == {None}:
            return f"{self._repeated} items came twice"
        return f"{len(self.ids)} items came, the cloud counts {', '.join(map(str, self.totals))}"


def listed(body: Any, key: str, *, may_be_absent: bool = False) -> list[Any]:
    """Return the list under `key` of an answer. Raises ResponseInvalid when it is not there or is no list.

    `may_be_absent` is for clouds that leave empty lists out.
    """
    items = body.get(key) if isinstance(body, Mapping) else None
    if items is None and may_be_absent and isinstance(body, Mapping) and key not in body:
        return []
    if not isinstance(items, list):
        raise ResponseInvalid(f"the answer has no list {key!r}")
    return items
