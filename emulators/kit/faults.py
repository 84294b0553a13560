"""What can go wrong between a cloud and us, to be switched on in an emulator."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """One way to fail."""

    # before or while the answer is sent
    HANG = "hang"
    HANG_IN_BODY = "hang_in_body"
    DRIP = "drip"
    RESET = "reset"
    TRUNCATED = "truncated"
    STATUS = "status"
    # the answer's form
    MALFORMED = "malformed"
    HTML = "html"
    BYTE_ORDER_MARK = "byte_order_mark"
    NOT_A_NUMBER = "not_a_number"
    HUGE = "huge"
    DEEP = "deep"
    DUPLICATE_KEYS = "duplicate_keys"
    REDIRECT = "redirect"
    # the answer's content
    WRONG_TYPES = "wrong_types"
    MISSING_FIELDS = "missing_fields"
    NO_LIST = "no_list"
    # listings over several pages
    ITEM_ON_TWO_PAGES = "item_on_two_pages"
    ITEMS_MOVE = "items_move"
    SAME_PAGE_FOR_EVER = "same_page_for_ever"
    # the credential
    TOKEN_EXPIRES = "token_expires"  # noqa: S105 - a fault, not a password


PAGED = frozenset({Kind.ITEM_ON_TWO_PAGES, Kind.ITEMS_MOVE, Kind.SAME_PAGE_FOR_EVER})
CONTENT = frozenset({Kind.WRONG_TYPES, Kind.MISSING_FIELDS, Kind.NO_LIST})


@dataclass(slots=True)
class Fault:
    """A fault in the answers to calls whose path contains `path`.

    times    how often it happens; None for every time
    after    how many fitting calls go well first
    status, headers, words   of the answer, for kind `status`; `{echo}` in the words repeats the request
    """

    kind: Kind
    path: str = ""
    times: int | None = None
    after: int = 0
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    words: str = "something broke"


class Faults:
    """The faults that are switched on; safe to change while the emulator serves."""

    def __init__(self) -> None:
        self._active: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Switch a fault on."""
        with self._lock:
            self._active.append(fault)

    def clear(self) -> None:
        """Switch all faults off."""
        with self._lock:
            self._active.clear()

    def take(self, path: str, *, paged: bool = False) -> list[Fault]:
        """Return the faults that a call to `path` meets, and count them.

        Those of listings over several pages count only calls for a second or later page: `paged`.
        """
        with self._lock:
            return list(self._taken(path, paged))

    def _taken(self, path: str, paged: bool) -> Iterator[Fault]:
        for fault in self._active:
            if fault.path not in path or (fault.kind in PAGED) is not paged:
                continue
            if fault.after:
                fault.after -= 1
            elif fault.times is None:
                yield fault
            elif fault.times:
                fault.times -= 1
                yield fault
