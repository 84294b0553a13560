"""Compare what a scope lists now with what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.domain.resources import Resource


@dataclass(frozen=True, slots=True)
class Change:
    """A resource that is new or differs, with the fingerprint of its new state."""

    resource: Resource
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What one whole listing of a scope means. `gone` holds the external ids that are no longer listed."""

    created: tuple[Change, ...] = ()
    updated: tuple[Change, ...] = ()
    gone: tuple[str, ...] = ()
    unchanged: int = 0

    @property
    def found(self) -> int:
        """How many different resources the scope listed."""
        return len(self.created) + len(self.updated) + self.unchanged

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.gone)


@dataclass(slots=True)
class ScopeDiff:
    """Takes one scope's resources as they stream in and keeps only those that are new or changed.

    known: external id -> fingerprint of every present resource of the scope. An id that is listed twice (pages
    shift while a cloud is being listed) counts once, with its last state.
    """

    known: Mapping[str, str]
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

    def finish(self) -> Changes:
        """Return the changes. Call it only when the listing came to its end: what was not seen counts as gone."""
        created = tuple(change for id_, change in self._changed.items() if id_ not in self.known)
        updated = tuple(change for id_, change in self._changed.items() if id_ in self.known)
        return Changes(
            created=created,
            updated=updated,
            gone=tuple(id_ for id_ in self.known if id_ not in self._seen),
            unchanged=len(self._seen) - len(self._changed),
        )
