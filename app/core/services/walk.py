"""One connection's sync under way: what its parts share."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from app.core.domain.costs import Bill
from app.core.domain.scopes import ScopeReceipt
from app.core.services.accounts import Connection
from app.providers.base import Session
from app.security.redaction import Redactor


@dataclass(slots=True)
class Walk:
    """What a connection's sync has found so far; kept when it fails half-way.

    sync_id, at   the row in `connection_syncs`, and the moment from which on what it writes holds
    known         resources that were known of the scopes walked so far
    suspect       resources that are in doubt at the end
    bill          None when there is none to read, or it was not read
    unexplained   what of the bill the resources do not add up to; None when that was not computed
    """

    connection: Connection
    session: Session
    sync_id: int
    at: datetime
    redactor: Redactor = field(default_factory=Redactor)
    receipts: list[ScopeReceipt] = field(default_factory=list)
    known: int = 0
    suspect: int = 0
    bill: Bill | None = None
    bill_suspect: bool = False
    unexplained: Decimal | None = None
