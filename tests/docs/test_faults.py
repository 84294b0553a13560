"""The page of faults names tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = sorted(set(re.findall(r"`((?:\w+/)?test_\w+\.py)(?:::(test_\w+))?`", (ROOT / "docs/faults.md").read_text())))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_every_test_that_the_page_names_exists(file: str, test: str) -> None:
    found = list((ROOT / "tests").rglob(file))
    assert found
    assert not test or any(f"def {test}(" in path.read_text() for path in found)
