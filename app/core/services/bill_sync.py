"""The bill of a connection's sync: read it, doubt it, give it to the resources, keep it by day, and reconcile it."""

import logging
from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from app.core.domain.costs import Bill, allocate
from app.core.domain.doubt import SUSPECT, Billed, bill_doubt, bill_is_doubtful
from app.core.domain.errors import SyncError
from app.core.domain.scopes import Scope, ScopeReceipt
from app.core.persistence import daily_costs, inventory
from app.core.persistence.engine import in_transaction
from app.core.services.runtime import Runtime
from app.core.services.walk import Walk
from app.providers.base import Account

log = logging.getLogger(__name__)

BILL = Scope("billing")
"""The receipt of reading the bill, beside those of the listings."""
_REMEMBERED = timedelta(days=90)


def sync_bill(runtime: Runtime, walk: Walk, account: Account) -> None:
    """Read the bill and write what it changes. No bill leaves no receipt."""
    connection = walk.connection
    try:
        walk.session.deadline.check()
        bill = account.bill()
    except SyncError as error:
        log.warning("connection %s: bill not read: %s", connection.id, error.message)
        walk.receipts.append(ScopeReceipt(BILL, error_code=error.code, error=error.message))
        return
    walk.bill = bill
    before = None if bill is not None and bill.total else _billed_before(runtime, walk)
    if before is not None and bill_is_doubtful(None if bill is None else bill.total, before):
        walk.bill_suspect = True
        walk.receipts.append(ScopeReceipt(BILL, error_code=SUSPECT, error=bill_doubt(before)))
    elif bill is not None:
        _save(runtime, walk, bill, read=True)
    elif before is not None and before.doubted:
        # Twice no bill where there was one: nobody tells these costs any more.
        _save(runtime, walk, Bill(walk.at.date(), ""), read=False)


def _billed_before(runtime: Runtime, walk: Walk) -> Billed | None:
    with runtime.sessions() as session:
        return daily_costs.billed_before(session, walk.connection.id, since=walk.at - _REMEMBERED)


def _save(runtime: Runtime, walk: Walk, bill: Bill, *, read: bool) -> None:
    """Give the bill to the resources; one that was really read is also kept by day, and reconciled."""
    connection_id = walk.connection.id
    with runtime.sessions() as session:
        resources = inventory.costed_resources(session, connection_id, sync_id=walk.sync_id)
    unlisted = {receipt.scope.resource_type for receipt in walk.receipts if not receipt.complete}
    # A provider may need its own listing to know whom the bill means: no cost is lost with a scope.
    changed = [
        (resource, cost)
        for resource, cost in allocate(bill, resources)
        if cost.amount is not None or resource.resource_type not in unlisted
    ]
    costs = [(resource.id, cost) for resource, cost in changed]

    def write(session: Session) -> Decimal:
        inventory.save_costs(session, connection_id, costs, sync_id=walk.sync_id, at=walk.at)
        if read:
            daily_costs.save(session, connection_id, bill, at=walk.at)
        return inventory.billed_cost(session, connection_id, bill.currency)

    explained = in_transaction(runtime.sessions, write)
    if read:
        walk.unexplained = bill.total - explained
    # A resource that its listing wrote a moment ago is counted there.
    walk.receipts.append(ScopeReceipt(BILL, updated=sum(not resource.is_new_state for resource, _ in changed)))
