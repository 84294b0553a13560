from datetime import date
from decimal import Decimal

import pytest

from app.core.domain.doubt import Billed, Brake, bill_doubt, bill_is_doubtful, vanished
from app.core.domain.scopes import Scope

BRAKE = Brake(share=0.5, minimum=10)
DAY = date(2026, 11, 22)
SPENT, NOTHING = Billed(Decimal("12.5"), "USD", DAY), Billed(Decimal(0), "USD", DAY)


@pytest.mark.parametrize(
    ("missing", "known", "held"),
    [
        (0, 0, False),
        (9, 9, False),
        (10, 10, True),
        (10, 19, True),
        (10, 20, False),
        (500, 500, True),
        (11, 1000, False),
    ],
)
def test_more_than_the_share_and_at_least_the_minimum_is_held(missing: int, known: int, held: bool) -> None:
    assert BRAKE.holds(missing, known) is held


def test_a_share_of_one_never_holds_and_of_none_always() -> None:
    assert not Brake(1, 1).holds(500, 500)
    assert Brake(0, 1).holds(1, 500)


@pytest.mark.parametrize(
    ("total", "before", "doubtful"),
    [
        (Decimal(0), SPENT, True),
        (None, SPENT, True),
        (Decimal("0.01"), SPENT, False),
        (Decimal("-3"), SPENT, False),
        (None, None, False),
        (Decimal(0), None, False),
        (Decimal(0), NOTHING, False),
        (None, NOTHING, False),
        (Decimal(0), Billed(Decimal(0), "USD", DAY, doubted=True), False),
        (None, Billed(None, doubted=True), False),
    ],
)
def test_a_bill_of_nothing_is_doubted_once_after_one_of_something(
    total: Decimal | None, before: Billed | None, doubtful: bool
) -> None:
    assert bill_is_doubtful(total, before) is doubtful


def test_the_words_name_what_vanished_and_the_way_out() -> None:
    some = {Scope("vm", "r1"): 2, Scope("disk"): 5}
    assert vanished(some, 12, "infrazen connections confirm main --user u@example.com") == (
        "7 of 12 resources vanished at once (5 of disk@global, 2 of vm@r1); they are kept until the next sync or "
        "`infrazen connections confirm main --user u@example.com` confirms it"
    )
    many = {Scope("vm", f"r{n}"): 25 for n in range(20)}
    assert "(25 of vm@r0, 25 of vm@r1, 25 of vm@r10 and 17 more scopes)" in vanished(many, 500, "x")
    assert bill_doubt(SPENT).startswith("the bill fell from 12.5 USD on 2026-11-22 to nothing; ")
