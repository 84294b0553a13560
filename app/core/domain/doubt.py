"""Trust what was seen, doubt what vanished: when a whole answer is too bad to be believed at once.

What is doubted stays as it was, is reported, and is believed when the next sync gets the same answer or when an
operator confirms it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.domain.money import plain
from app.core.domain.scopes import Scope

SUSPECT = "suspect"
"""The error code of a receipt for something that was not believed."""
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Brake:
    """Holds the deletions of a sync that would lose more than `share` of a connection's resources.

    Fewer than `minimum` are never held: a small account that is cleared is no accident worth a question.
    """

    share: float
    minimum: int

    def holds(self, missing: int, known: int) -> bool:
        """Tell whether so many missing, of all that were known before the sync, are too many to be believed."""
        return missing >= self.minimum and missing > self.share * known


@dataclass(frozen=True, slots=True)
class Billed:
    """What an earlier sync of the connection read from the bill. `doubted` is True when that was not believed."""

    total: Decimal | None
    currency: str | None = None
    charged_on: date | None = None
    doubted: bool = False


def bill_is_doubtful(total: Decimal | None, before: Billed | None) -> bool:
    """Tell whether a bill of nothing (`total` is zero, or None when the cloud told no day) is to be held.

    before  what the latest sync that had a bill or doubted one read; None when there was none
    """
    return not total and before is not None and not before.doubted and bool(before.total)


def bill_doubt(before: Billed) -> str:
    """Say what became of the bill, and what ends the doubt."""
    was = f"{plain(before.total or Decimal(0))} {before.currency} on {before.charged_on}"
    return f"the bill fell from {was} to nothing; costs stay as they were until the next sync reads the same"


def vanished(suspects: Mapping[Scope, int], known: int, command: str) -> str:
    """Say which resources are missing, out of how many, and what ends the doubt.

    suspects  scope -> how many of its resources are missing, at least one in all
    command   what an operator types to confirm that they are gone
    """
    most = sorted(suspects.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{count} of {scope}" for scope, count in most[:_NAMED])
    more = f" and {len(most) - _NAMED} more scopes" if len(most) > _NAMED else ""
    return (
        f"{sum(suspects.values())} of {known} resources vanished at once ({named}{more}); "
        f"they are kept until the next sync or `{command}` confirms it"
    )
