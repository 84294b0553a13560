"""The listings of a connection's sync: each scope is listed, diffed and saved; what vanished is decided at the end."""

import logging
import shlex
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from app.core.domain.doubt import SUSPECT, Brake, vanished
from app.core.domain.errors import NotOffered, SyncError
from app.core.domain.scopes import Scope, ScopeReceipt
from app.core.models import CloudProvider, User
from app.core.persistence import inventory
from app.core.persistence.engine import in_transaction
from app.core.services.runtime import Runtime
from app.core.services.walk import Walk
from app.providers.base import Account

log = logging.getLogger(__name__)

INVENTORY = Scope("inventory")
"""The receipt of deciding what vanished, beside those of the listings."""


def sync_scope(runtime: Runtime, walk: Walk, account: Account, scope: Scope) -> None:
    """List one scope and save what changed, all of it or nothing; what it missed is marked, not deleted yet."""
    connection = walk.connection
    with runtime.sessions() as session:
        diff = inventory.scope_diff(session, connection.id, scope)
    walk.known += len(diff.known)
    try:
        walk.session.deadline.check()
        for resource in account.collect(scope):
            diff.add(resource)
    except SyncError as error:
        if isinstance(error, NotOffered) and diff.is_blank:
            walk.receipts.append(ScopeReceipt(scope))
            return
        log.warning("connection %s: %s not listed: %s", connection.id, scope, error.message)
        walk.receipts.append(ScopeReceipt(scope, error_code=error.code, error=error.message))
        return
    changes = diff.finish()
    if changes:
        in_transaction(
            runtime.sessions,
            lambda session: inventory.save_changes(
                session, connection.id, scope, changes, sync_id=walk.sync_id, at=walk.at
            ),
        )
    walk.receipts.append(
        ScopeReceipt(
            scope,
            found=changes.found,
            created=len(changes.created),
            updated=len(changes.updated),
            deleted=len(changes.gone),
        )
    )


def decide_missing(runtime: Runtime, walk: Walk) -> None:
    """Delete what this sync's listings missed, unless it is too much at once: then it stays in doubt.

    What is known of scopes that the cloud no longer names (a project was removed) is doubted once, then deleted.
    A receipt is left when anything is in doubt, from this sync or an earlier one.
    """
    connection = walk.connection
    walk.known += in_transaction(runtime.sessions, lambda session: _decide_unnamed(session, walk))
    with runtime.sessions() as session:
        doubted = inventory.suspects(session, connection.id)
    fresh = {scope: count for scope, since, count in doubted if since == walk.at}
    settings = runtime.settings
    if fresh and not Brake(settings.brake_share, settings.brake_minimum).holds(sum(fresh.values()), walk.known):
        in_transaction(
            runtime.sessions,
            lambda session: inventory.delete_suspects(
                session, connection.id, at=walk.at, since=walk.at, sync_id=walk.sync_id
            ),
        )
        walk.receipts = [replace(r, deleted=r.deleted + fresh.get(r.scope, 0)) for r in walk.receipts]
        doubted = [entry for entry in doubted if entry[1] != walk.at]
    if doubted:
        walk.receipts.append(_doubt_receipt(runtime, walk, doubted))


def _decide_unnamed(session: Session, walk: Walk) -> int:
    named, connection_id, at = {receipt.scope for receipt in walk.receipts}, walk.connection.id, walk.at
    for scope, since, _ in inventory.suspects(session, connection_id):
        if scope not in named and since < at:
            inventory.delete_suspects(session, connection_id, at=at, since=since, scope=scope, sync_id=walk.sync_id)
    # Not at `at`: what this sync's own listings missed is decided by its size, this is not.
    return inventory.doubt_unlisted(session, connection_id, named, at=at - timedelta(microseconds=1))


def _doubt_receipt(runtime: Runtime, walk: Walk, doubted: inventory.Suspects) -> ScopeReceipt:
    by_scope: dict[Scope, int] = {}
    for scope, _, count in doubted:
        by_scope[scope] = by_scope.get(scope, 0) + count
    walk.suspect = sum(by_scope.values())
    with runtime.sessions() as session:
        owner = session.get_one(User, session.get_one(CloudProvider, walk.connection.id).user_id)
    command = f"infrazen connections confirm {shlex.quote(walk.connection.name)} --user {shlex.quote(owner.email)}"
    message = vanished(by_scope, max(walk.known, walk.suspect), command)
    log.warning("connection %s: %s of %s resources are in doubt", walk.connection.id, walk.suspect, walk.known)
    return ScopeReceipt(INVENTORY, error_code=SUSPECT, error=message)
