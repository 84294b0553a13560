"""`infrazen costs`, and what a run says of bills and of resources that vanished."""

import json
import re

import pytest

from tests.support.aws_platform import Aws
from tests.support.installation import Installation


@pytest.fixture
def synced(installation: Installation, aws: Aws) -> Installation:
    """One user with a connection that was synced once."""
    installation.add_user("u@example.com")
    installation.add_connection("u@example.com", "main", aws.url, aws.credentials)
    installation.ok("infrazen sync --sync-type manual")
    return installation


def test_daily_costs_are_listed_and_restated_ones_marked(installation: Installation, aws: Aws) -> None:
    installation.add_user("u@example.com")
    installation.add_connection("u@example.com", "main", aws.url, aws.credentials)
    figures = (
        ("2026-11-21", "vm", "1", "2026-11-22", None),
        ("2026-11-22", "vm", "2.5", "2026-11-23", "2026-11-24"),
        ("2026-11-22", "vm", "3", "2026-11-24", None),
        ("2026-11-22", "disk", "4", "2026-11-23", "2026-11-24"),
    )
    for day, service, amount, read, replaced in figures:
        end = f"'{replaced} 02:00:00.000000'" if replaced else "NULL"
        installation.sql(
            "INSERT INTO daily_costs "
            "(connection_id, charged_on, service, region, amount, currency, read_at, replaced_at) "
            f"VALUES (1, '{day}', '{service}', '', '{amount}', 'USD', '{read} 02:00:00.000000', {end})"
        )
    table = installation.ok("infrazen costs list").splitlines()
    assert [" ".join(line.split()) for line in table] == [
        "DAY USER CONNECTION SERVICE REGION AMOUNT CURRENCY RESTATED",
        "2026-11-21 u@example.com main vm - 1.00 USD -",
        "2026-11-22 u@example.com main disk - 4.00 USD no longer charged",
        "2026-11-22 u@example.com main vm - 3.00 USD was 2.5 USD",
    ]
    assert len(installation.ok("infrazen costs list --history").splitlines()) == 5
    narrow = "--user u@example.com --connection main --from 2026-11-22 --to 2026-11-22 --history --json"
    disk, vm = json.loads(installation.ok(f"infrazen costs list {narrow}"))
    assert (disk["service"], disk["replaced_at"]) == ("disk", "2026-11-24T02:00:00")
    assert (vm["charged_on"], vm["amount"], vm["restated_from"]) == ("2026-11-22", "3", "2.5")
    assert [figure["amount"] for figure in vm["earlier"]] == ["2.5"]
    assert json.loads(installation.ok("infrazen costs list --connection other --json")) == []
    done = installation.sh("infrazen costs list --user who@example.com")
    assert (done.returncode, done.stdout) == (1, "")


def test_a_run_says_what_of_a_bill_is_unexplained(synced: Installation) -> None:
    synced.sql(
        "UPDATE connection_syncs SET billed_daily_cost = '12.5000000000', unexplained_cost = '1.5000000000', "
        "billed_currency = 'USD', billed_on = '2026-11-22'"
    )
    sentence = r"the cloud billed 12\.50 USD on 2026-11-22, its resources explain 11\.00 USD; 1\.50 USD \(12\.0 %\)"
    assert re.search(rf"u@example\.com, main: {sentence} is unexplained\n", synced.ok("infrazen runs show 1"))
    assert re.search(rf" {sentence} is unexplained\n", synced.ok("infrazen runs show 1 --verbose"))


def test_a_run_says_what_vanished_and_how_to_confirm_it(synced: Installation) -> None:
    synced.sql("UPDATE resources SET external_id = external_id || '-of-before'")
    done = synced.sh("infrazen sync --sync-type manual", INFRAZEN_BRAKE_MINIMUM="1")
    assert done.returncode == 0
    said = re.search(
        r"main: inventory@global: (\d+) of \1 resources vanished at once .* or `(.+)` confirms it", done.stdout
    )
    assert said is not None
    assert "vanished at once" in synced.ok("infrazen connections list")
    assert said[2] == "infrazen connections confirm main --user u@example.com"
    assert synced.ok(said[2]) == f"{said[1]} resources of main are now marked as deleted.\n"
    assert synced.ok(said[2]) == "Nothing of main is in doubt.\n"
    assert "vanished" not in synced.ok("infrazen sync --sync-type manual")
