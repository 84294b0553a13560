from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.domain.costs import MAX_SERVICE, Bill, Costed, DayCharges, ServiceCharge, allocate, daily_figures
from app.core.domain.money import EXPONENT, quantize
from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis

DAY = date(2026, 11, 1)
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=10)


def resource(
    id_: int, type_: str = "vm", region: str = "r1", created: datetime | None = None, cost: Cost = UNKNOWN_COST
) -> Costed:
    return Costed(id_, type_, f"{type_}-{id_}", region, created, cost)


def charge(amount: Decimal | int | str, types: Sequence[str] = ("vm",), region: str | None = None) -> ServiceCharge:
    return ServiceCharge("service", Decimal(amount), frozenset(types), region)


def bill(*charges: ServiceCharge, **rest: object) -> Bill:
    return Bill(DAY, "USD", charges, **rest)  # type: ignore[arg-type]


def new_costs(bill_: Bill, resources: Sequence[Costed]) -> dict[int, Cost]:
    return {costed.id: cost for costed, cost in allocate(bill_, resources)}


@given(amounts, st.integers(1, 300))
def test_equal_shares_add_up_to_the_charge_exactly(amount: Decimal, parts: int) -> None:
    costs = [cost for _, cost in allocate(bill(charge(amount)), [resource(n) for n in range(parts)])]
    shares = [cost.amount for cost in costs if cost.amount is not None]
    assert len(shares) == parts
    assert sum(shares) == amount
    assert max(shares) - min(shares) <= EXPONENT
    assert all(share * amount >= 0 for share in shares)


@given(st.lists(st.tuples(amounts, st.sampled_from([None, "r1", "r2"])), max_size=5), st.integers(1, 20))
def test_shares_of_several_charges_add_up(charges: list[tuple[Decimal, str | None]], parts: int) -> None:
    resources = [resource(n, region="r1" if n < parts else "r2") for n in range(2 * parts)]
    costs = new_costs(bill(*(charge(amount, region=region) for amount, region in charges)), resources)
    assert sum((cost.amount or Decimal(0) for cost in costs.values()), Decimal(0)) == sum(a for a, _ in charges)
    assert {cost.currency for cost in costs.values()} <= {"USD", None}


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=16), st.integers(1, 50))
def test_a_charge_with_more_decimals_is_rounded_once(amount: Decimal, parts: int) -> None:
    costs = new_costs(bill(charge(amount)), [resource(n) for n in range(parts)])
    assert sum((cost.amount or Decimal(0) for cost in costs.values()), Decimal(0)) == quantize(amount)


def test_a_charge_nobody_causes_is_given_to_nobody() -> None:
    assert new_costs(bill(charge(5, types=[])), [resource(1)]) == {}
    assert new_costs(bill(charge(5, types=["bucket"])), [resource(1)]) == {}
    assert new_costs(bill(charge(5)), []) == {}


def test_a_charge_of_a_region_is_spread_in_that_region_only() -> None:
    costs = new_costs(bill(charge(5, region="r2")), [resource(1), resource(2, region="r2")])
    assert costs == {2: Cost(CostBasis.BILLING_SPREAD, Decimal(5), "USD")}


def test_a_charge_for_several_types_is_spread_over_all_of_them() -> None:
    costs = new_costs(bill(charge(6, types=["vm", "disk"])), [resource(1), resource(2, "disk"), resource(3, "bucket")])
    assert {id_: cost.amount for id_, cost in costs.items()} == {1: 3, 2: 3}


def test_a_resource_that_the_bill_names_gets_its_own_amount_and_no_share() -> None:
    named = bill(charge(9), by_resource={"vm-1": Decimal(4)})
    assert new_costs(named, [resource(1), resource(2)]) == {
        1: Cost(CostBasis.BILLING, Decimal(4), "USD"),
        2: Cost(CostBasis.BILLING_SPREAD, Decimal(9), "USD"),
    }


def test_an_itemised_service_is_not_spread() -> None:
    itemised = bill(charge(9), by_resource={"vm-1": Decimal(9)}, itemised=frozenset({"service"}))
    assert new_costs(itemised, [resource(1), resource(2)]) == {1: Cost(CostBasis.BILLING, Decimal(9), "USD")}


def test_a_resource_made_after_the_billed_day_gets_no_share() -> None:
    costs = new_costs(
        bill(charge(5)),
        [
            resource(1, created=datetime(2026, 11, 1, 23, 59, tzinfo=UTC)),
            resource(2, created=datetime(2026, 11, 2, tzinfo=UTC)),
        ],
    )
    assert list(costs) == [1]


def test_a_resource_that_the_bill_no_longer_knows_has_an_unknown_cost() -> None:
    before = Cost(CostBasis.BILLING, Decimal(4), "USD")
    assert new_costs(bill(), [resource(1, cost=before)]) == {1: UNKNOWN_COST}


@pytest.mark.parametrize("basis", [CostBasis.PRICE_LIST, CostBasis.INCLUDED_IN_PARENT])
def test_a_cost_that_no_bill_told_stays_when_the_bill_says_nothing(basis: CostBasis) -> None:
    listed = Cost(basis, Decimal(4), "EUR")
    assert new_costs(bill(charge(5, types=["disk"])), [resource(1, cost=listed)]) == {}
    assert new_costs(bill(charge(5)), [resource(1, cost=listed)]) == {
        1: Cost(CostBasis.BILLING_SPREAD, Decimal(5), "USD")
    }


def test_a_pair_of_type_and_id_is_for_that_resource_alone() -> None:
    same_id = [replace(resource(n, type_), external_id="a") for n, type_ in ((1, "vm"), (2, "disk"), (3, "image"))]
    named = bill(by_resource={("vm", "a"): Decimal(3), ("disk", "a"): Decimal(1)})
    assert {id_: cost.amount for id_, cost in new_costs(named, same_id).items()} == {1: 3, 2: 1}
    mixed = bill(by_resource={("vm", "a"): Decimal(3), "a": Decimal(2)})
    assert {id_: cost.amount for id_, cost in new_costs(mixed, same_id[:2]).items()} == {1: 3, 2: 2}


def test_a_plain_id_that_several_resources_have_is_charged_once() -> None:
    same_id = [replace(resource(n, type_), external_id="a") for n, type_ in ((1, "vm"), (2, "disk"), (3, "image"))]
    assert new_costs(bill(by_resource={"a": Decimal(1)}), same_id) == {
        1: Cost(CostBasis.BILLING_SPREAD, Decimal("0.3333333334"), "USD"),
        2: Cost(CostBasis.BILLING_SPREAD, Decimal("0.3333333333"), "USD"),
        3: Cost(CostBasis.BILLING_SPREAD, Decimal("0.3333333333"), "USD"),
    }


def test_an_equal_cost_is_not_reported_as_changed() -> None:
    same = Cost(CostBasis.BILLING_SPREAD, Decimal("2.50"), "USD")
    assert new_costs(bill(charge("2.5")), [resource(1, cost=same)]) == {}


def test_the_total_of_a_bill_is_that_of_its_charges() -> None:
    assert bill(charge("0.1"), charge("0.2"), charge("-0.3")).total == 0
    assert bill().total == 0


def test_the_figures_of_a_bill_are_per_day_service_and_region() -> None:
    told = bill(
        charge(1), charge(2), charge("-0.5", region="r1"), earlier=(DayCharges(date(2026, 10, 31), (charge(9),)),)
    )
    assert daily_figures(told) == {
        (DAY, "service", ""): 3,
        (DAY, "service", "r1"): Decimal("-0.5"),
        (date(2026, 10, 31), "service", ""): 9,
    }


def test_long_service_names_are_cut_and_stay_apart() -> None:
    names = ["x" * 500 + end for end in ("a", "b")]
    figures = daily_figures(bill(*(ServiceCharge(name, Decimal(1)) for name in names)))
    assert len(figures) == 2
    assert all(len(service) == MAX_SERVICE for _, service, _ in figures)


def test_names_that_a_database_cannot_hold_are_made_storable() -> None:
    assert list(daily_figures(bill(ServiceCharge("a\x00b", Decimal(1), region="\ud800" * 100)))) == [
        (DAY, "a\ufffdb", "\ufffd" * 63 + "…")
    ]
