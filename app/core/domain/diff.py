"""Compare what a scope lists now with what is known of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from app.core.domain.resources import Resource


@dataclass(frozen=True, slots=True)
class Change:
    """A resource that is new or differs, with the fingerprint of its new state."""

    resource: Resource
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What one whole listing of a scope means.

    missing  external ids that are not listed for the first time: whether they are gone is decided when the whole
             connection was listed, see `doubt`
    gone     external ids that were missing before and were not believed to be gone: they are missing again
    back     external ids that were missing before, and are listed as they were
    """

    created: tuple[Change, ...] = ()
    updated: tuple[Change, ...] = ()
    missing: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    unchanged: int = 0

    @property
    def found(self) -> int:
        """How many different resources the scope listed."""
        return len(self.created) + len(self.updated) + self.unchanged

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.missing or self.gone or self.back)


@dataclass(slots=True)
class ScopeDiff:
    """Takes one scope's resources as they stream in and keeps only those that are new or changed.

    known: external id -> fingerprint of every present resource of the scope; suspects: those of them that an earlier
    listing missed. An id that is listed twice (pages shift while a cloud is being listed) counts once, with its last
    state.
    """

    known: Mapping[str, str]
    suspects: Collection[str] = frozenset()
    _seen: set[str] = field(default_factory=set)
    _changed: dict[str, Change] = field(default_factory=dict)

    def add(self, resource: Resource) -> None:
        """Take the next listed resource."""
        external_id = resource.external_id
        self._seen.add(external_id)
        fingerprint = resource.fingerprint()
        if self.known.get(external_id) == fingerprint:
            self._changed.pop(external_id, None)
        else:
            self._changed[external_id] = Change(resource, fingerprint)

    @property
    def is_blank(self) -> bool:
        """True while nothing is known of the scope and nothing was listed."""
        return not self.known and not self._seen

    def finish(self) -> Changes:
        """Return the changes. Call it only when the listing came to its end: what was not seen counts as missing."""
        created = tuple(change for id_, change in self._changed.items() if id_ not in self.known)
        updated = tuple(change for id_, change in self._changed.items() if id_ in self.known)
        unseen = [id_ for id_ in self.known if id_ not in self._seen]
        return Changes(
            created=created,
            updated=updated,
            missing=tuple(id_ for id_ in unseen if id_ not in self.suspects),
            gone=tuple(id_ for id_ in unseen if id_ in self.suspects),
            back=tuple(id_ for id_ in self.suspects if id_ in self._seen and id_ not in self._changed),
            unchanged=len(self._seen) - len(self._changed),
        )
