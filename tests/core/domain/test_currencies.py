import pytest

from app.core.domain.currencies import CURRENT, WITHDRAWN, is_current, is_known


def test_codes_are_three_upper_case_letters_and_in_one_list_only() -> None:
    assert all(len(code) == 3 and code.isascii() and code.isalpha() and code.isupper() for code in CURRENT | WITHDRAWN)
    assert not CURRENT & WITHDRAWN


@pytest.mark.parametrize("code", ["USD", "EUR", "RUB", "KZT", "BYN", "JPY", "AMD", "XCG"])
def test_a_currency_of_today_is_current(code: str) -> None:
    assert is_current(code)
    assert is_known(code)


@pytest.mark.parametrize("code", ["LTL", "TRL", "HRK", "BGN"])
def test_a_currency_of_the_past_is_known_but_not_current(code: str) -> None:
    assert is_known(code)
    assert not is_current(code)


@pytest.mark.parametrize("code", ["RUR", "usd", "US", "XXX", "XAU", "", "USDT"])
def test_what_is_no_currency_is_unknown(code: str) -> None:
    assert not is_known(code)
