"""Hold a cloud's own total of a day against what the resources add up to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

TOLERATED_SHARE, TOLERATED_AMOUNT = Decimal("0.005"), Decimal("0.01")
"""How far a bill and its resources may lie apart: both have to be exceeded."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A bill beside what the connection's resources cost by it.

    unexplained  the bill's total less what the resources add up to
    priced_in    the currencies of everything that the connection's resources are known to cost
    """

    billed_on: date
    billed: Decimal
    currency: str
    unexplained: Decimal
    priced_in: frozenset[str] = frozenset()

    @property
    def other_currencies(self) -> tuple[str, ...]:
        """Currencies of resources that nothing of this bill can be held against."""
        return tuple(sorted(self.priced_in - {self.currency}))

    @property
    def flagged(self) -> bool:
        """True when more than half a percent and a hundredth of the currency is unexplained, or nothing compares."""
        if self.priced_in and self.currency not in self.priced_in:
            return True
        return abs(self.unexplained) > max(abs(self.billed) * TOLERATED_SHARE, TOLERATED_AMOUNT)

    def __str__(self) -> str:
        """Say it in a sentence, with the cause when it is a matter of currencies."""
        share = f" ({self.unexplained / self.billed * 100:.1f} %)" if self.billed else ""
        cause = f"; resources are priced in {', '.join(self.other_currencies)} too" if self.other_currencies else ""
        return (
            f"the cloud billed {self.billed:.2f} {self.currency} on {self.billed_on}, its resources explain "
            f"{self.billed - self.unexplained:.2f} {self.currency}; {self.unexplained:.2f} {self.currency}{share} "
            f"is unexplained{cause}"
        )
