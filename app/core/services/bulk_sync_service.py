"""Plan a bulk run over many users, drive it, and sum it up."""

import getpass
import logging
import time
import uuid
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.core.domain.runs import ItemStatus, RunSummary, SyncType, UserResult
from app.core.execution import run_lease
from app.core.execution.local import run_items
from app.core.execution.stop import Stop
from app.core.models import BulkSync, User
from app.core.persistence import runs, users
from app.core.persistence.runs import PlannedUser
from app.core.services import report_service
from app.core.services.complete_sync_service import CompleteSyncService
from app.core.services.runtime import Runtime
from app.providers.base import Deadline

log = logging.getLogger(__name__)

MAX_USER_IDS = 10_000
_DIED = "the process that ran this sync ended without finishing it"
_STOPPED = "the run was interrupted"


class Listener(Protocol):
    """Told what happens in a run, in the thread that drives it."""

    def started(self, run_id: int, total: int) -> None:
        """The run is planned and begins."""

    def finished(self, position: int, result: UserResult) -> None:
        """A user is done, or was skipped; positions count from 1 in the order of the plan."""


@dataclass(frozen=True, slots=True)
class _Item:
    id: int
    position: int
    user_id: int


class BulkSyncService:
    """The bulk sync. Takes the runtime of the current Flask app unless one is given."""

    def __init__(self, runtime: Runtime | None = None) -> None:
        self._runtime = runtime or current_app.extensions["infrazen"]
        self._complete = CompleteSyncService(self._runtime)

    def get_eligible_users(self, sync_type: str = SyncType.MANUAL) -> list[PlannedUser]:
        """Return active users that are no demo, by id, with the number of connections a run would sync now."""
        return list(self.preview(SyncType(sync_type)))

    def preview(self, sync_type: SyncType) -> Iterator[PlannedUser]:
        """Stream what a run over all users would do; writes nothing."""
        with self._runtime.sessions() as session:
            yield from runs.preview(session, runs.planned(sync_type, self._runtime.clock(), users.eligible()))

    def sync_all_users(self, sync_type: str = SyncType.SCHEDULED, *, requested_by: str | None = None) -> dict[str, Any]:
        """Sync all eligible users; return the contract's response.

        Raises ValueError for an unknown sync type, RunInProgress while another run is under way.
        """
        summary = self.run(SyncType(sync_type), requested_by=requested_by)
        return report_service.run_response(self._runtime, summary)

    def sync_specific_users(
        self, user_ids: Sequence[int], sync_type: str = SyncType.MANUAL, *, requested_by: str | None = None
    ) -> dict[str, Any]:
        """Sync the users with these ids; return the contract's response.

        Ids that do not exist or are not eligible come back as skipped, with the reason. Raises ValueError for an
        unknown sync type, something that is no id, or too many of them; RunInProgress while another run is under way.
        """
        # Checked before duplicates are dropped, which takes True for 1.
        if not all(type(id_) is int and 0 <= id_ < 2**63 for id_ in user_ids) or len(set(user_ids)) > MAX_USER_IDS:
            raise ValueError(f"user_ids are up to {MAX_USER_IDS} whole numbers")
        summary = self.run(SyncType(sync_type), user_ids=user_ids, requested_by=requested_by)
        return report_service.run_response(self._runtime, summary)

    def run(
        self,
        sync_type: SyncType,
        *,
        user_ids: Sequence[int] | None = None,
        concurrency: int | None = None,
        requested_by: str | None = None,
        listener: Listener | None = None,
        stop: Stop | None = None,
    ) -> RunSummary:
        """Plan, drive and close one run over all eligible users, or those given (each once). Raises RunInProgress.

        `concurrency` users are synced at a time (the setting unless given). After `stop` is asked no new user
        starts and the run ends as interrupted.
        """
        stop = stop or Stop()
        with run_lease.hold(self._runtime.sessions, self._runtime.settings.lease_ttl, stop):
            self._close_dead_runs()
            started = time.monotonic()
            ids = None if user_ids is None else list(dict.fromkeys(user_ids))
            run_id, total = self._plan(sync_type, ids, requested_by or _whoami())
            try:
                if listener is not None:
                    listener.started(run_id, total)
                with closing(self._drive(run_id, total, sync_type, concurrency, stop)) as finished:
                    for position, result in finished:
                        if listener is not None:
                            listener.finished(position, result)
            finally:
                summary = self._close(run_id, time.monotonic() - started)
            log.info("%s in %.1f seconds", summary.message, summary.duration_s)
            return summary

    def _plan(self, sync_type: SyncType, user_ids: Sequence[int] | None, requested_by: str) -> tuple[int, int]:
        """Write the run and its items; return the run's id and the number of its users."""
        whose = "all active users" if user_ids is None else f"{len(user_ids)} users"
        log.info("Starting bulk sync for %s", whose)
        now = self._runtime.clock()
        with self._runtime.sessions.begin() as session:
            run = BulkSync(
                sync_type=sync_type.value,
                selection={} if user_ids is None else {"user_ids": list(user_ids)},
                requested_by=requested_by,
                started_at=now,
            )
            session.add(run)
            session.flush()
            who = users.eligible() if user_ids is None else User.id.in_(user_ids)
            runs.add_items(session, run.id, runs.planned(sync_type, now, who))
            run.total_users = runs.count_items(session, run.id)
            unknown = runs.missing_ids(session, user_ids) if user_ids else []
            if unknown:
                runs.add_unknown_items(session, run.id, unknown, after=run.total_users)
                run.total_users += len(unknown)
            return run.id, run.total_users

    def _drive(
        self, run_id: int, total: int, sync_type: SyncType, concurrency: int | None, stop: Stop
    ) -> Generator[tuple[int, UserResult]]:
        """Yield (position, result) as users end; those the plan skipped come when their turn has come."""
        settings = self._runtime.settings
        deadline = Deadline.after(settings.run_timeout)
        shown = 0

        def claim() -> _Item | None:
            with self._runtime.sessions.begin() as session:
                item = runs.claim(session, run_id, self._runtime.clock())
                return None if item is None else _Item(item.id, item.position, item.user_id)

        def work(item: _Item) -> tuple[int, UserResult]:
            return item.position, self._sync_user(item, sync_type, deadline)

        finished = run_items(
            claim,
            work,
            concurrency=min(concurrency or settings.sync_concurrency, max(total, 1)),
            stop=stop,
            grace_s=settings.shutdown_grace,
        )
        with closing(finished):
            for position, result in finished:
                yield from self._skipped(run_id, shown, position)
                shown = max(shown, position)
                yield position, result
        if not stop.asked:
            yield from self._skipped(run_id, shown, total + 1)

    def _skipped(self, run_id: int, after: int, before: int) -> Iterator[tuple[int, UserResult]]:
        if before - after > 1:
            with self._runtime.sessions() as session:
                yield from runs.skipped_between(session, run_id, after, before)

    def _sync_user(self, item: _Item, sync_type: SyncType, deadline: Deadline) -> UserResult:
        started = time.monotonic()
        try:
            result = self._complete.sync(item.user_id, sync_type, deadline)
        except Exception as error:
            incident = uuid.uuid4().hex[:12]
            log.exception("✗ User %s sync failed: unexpected error %s", item.user_id, incident)
            kind = "database error" if isinstance(error, SQLAlchemyError) else "unexpected error"
            result = UserResult(
                item.user_id,
                self._email(item.user_id),
                ItemStatus.FAILED,
                duration_s=time.monotonic() - started,
                error=f"{kind}, see {incident} in the log",
            )
        with self._runtime.sessions.begin() as session:
            runs.finish_item(session, item.id, result, self._runtime.clock())
        return result

    def _email(self, user_id: int) -> str | None:
        with self._runtime.sessions() as session:
            return session.scalar(select(User.email).where(User.id == user_id))

    def _close(self, run_id: int, duration_s: float) -> RunSummary:
        with self._runtime.sessions.begin() as session:
            now = self._runtime.clock()
            runs.interrupt_unfinished(session, runs.lock(session, run_id), _STOPPED, now)
            return runs.close(session, run_id, now, duration_s)

    def _close_dead_runs(self) -> None:
        """Close what a killed process left behind; holding the lease proves that nobody works on it."""
        with self._runtime.sessions.begin() as session:
            now = self._runtime.clock()
            for run in runs.unfinished(session):
                log.warning("run %s of %s was never finished; it is closed as interrupted", run.id, run.started_at)
                runs.interrupt_unfinished(session, run, _DIED, now)
                runs.close(session, run.id, now, (now - run.started_at).total_seconds())
            runs.interrupt_syncs(session, _DIED, now)


def _whoami() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
