"""`infrazen rates`."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.installation import Installation
from tests.support.rate_samples import CBR_DAILY, ECB_XML, OWN, cbr_daily


def test_files_of_all_formats_are_imported_and_listed(installation: Installation) -> None:
    for name, content in {"cbr.xml": CBR_DAILY, "ecb.xml": ECB_XML, "own.csv": OWN}.items():
        (installation.root / name).write_bytes(content)
    out = installation.ok("infrazen rates import cbr.xml ecb.xml - < own.csv")
    assert out == "Rates: 8 new, 0 changed, 0 unchanged.\n"
    again = installation.ok("infrazen rates import --format cbr --json cbr.xml")
    assert json.loads(again) == {"new": 0, "changed": 0, "unchanged": 3}
    listed = json.loads(installation.ok("infrazen rates list --date 2025-04-06 --currency KZT --json"))
    assert listed == [
        {"base": "USD", "quote": "KZT", "rate": "501.25", "rate_date": "2025-04-04", "source": "file"},
    ]
    table = installation.ok("infrazen rates list --date 2025-04-06 --currency USD").splitlines()
    assert [line.split() for line in table] == [
        ["DATE", "SOURCE", "BASE", "QUOTE", "RATE"],
        ["2025-04-04", "cbr", "USD", "RUB", "84.2776"],
        ["2025-04-04", "ecb", "EUR", "USD", "1.1057"],
        ["2025-04-04", "ecb-bundled", "EUR", "USD", "1.1057"],
        ["2025-04-04", "file", "EUR", "USD", "1.1"],
        ["2025-04-04", "file", "USD", "KZT", "501.25"],
    ]


def test_today_is_the_day_unless_given(installation: Installation) -> None:
    today = datetime.now(UTC).date()
    (installation.root / "cbr.xml").write_bytes(cbr_daily(f"{today - timedelta(days=2):%d.%m.%Y}", {"USD": "80.1"}))
    installation.ok("infrazen rates import cbr.xml --source moscow")
    listed = json.loads(installation.ok("infrazen rates list --currency RUB --json"))
    assert [(rate["source"], rate["rate"]) for rate in listed] == [("moscow", "80.1")]
    assert installation.ok("infrazen rates list --date 0001-01-01 --json") == "[]\n"


@pytest.mark.parametrize(
    ("command", "stdin", "code", "words"),
    [
        ("rates import -", "", 1, "Error: <stdin>: the file is empty"),
        ("rates import -", "date,base,quote,rate\n2025-04-04,EUR,USD,-1\n", 1, "<stdin>: line 2: '-1' is no positive"),
        ("rates import --format cbr -", OWN.decode(), 1, "files of format cbr are XML, this one is not"),
        ("rates import --source ecb-bundled -", OWN.decode(), 1, "the rates that come with the program"),
        ("rates import --format xls -", "", 2, "'xls' is not one of"),
        ("rates import nowhere.xml", "", 2, "'nowhere.xml': No such file or directory"),
        ("rates import", "", 2, "Missing argument 'FILE...'"),
        ("rates list --date 4.4.2025", "", 2, "'4.4.2025' does not match the format"),
    ],
)
def test_mistakes_are_told_in_one_line(
    installation: Installation, command: str, stdin: str, code: int, words: str
) -> None:
    done = installation.sh(f"infrazen {command}", stdin)
    assert done.returncode == code
    assert words in done.stderr.strip().splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert installation.sql("SELECT id FROM exchange_rates") == []
