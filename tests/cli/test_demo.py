"""`infrazen demo`, behind `make sync`."""

import json
import re
from decimal import Decimal

from tests.support.installation import Installation


def test_the_demo_syncs_seven_clouds_leaves_no_process_and_writes_only_changes_the_second_time(
    bare: Installation,
) -> None:
    first = bare.ok("infrazen demo")
    assert "Successful:        6\nFailed:            1\nSkipped:           2\nPartial:           1" in first
    assert "the script's own exit code was 1, because dmitri@demo.infrazen.example shows" in first
    assert re.search(r"wrote (\d+) resources \(\1 created, 0 updated, 0 deleted\); the 0 unchanged", first)
    assert bare.sh("pgrep -f emulators.aws.server -P 1").stdout == ""
    _all_seven_clouds_are_there_and_add_up(bare)
    versions = bare.sql("SELECT COUNT(*) AS n FROM resource_versions")[0]["n"]
    second = bare.ok("infrazen demo")
    match = re.search(r"wrote \d+ resources \((\d+) created, (\d+) updated, (\d+) deleted\); the (\d+) unch", second)
    assert match is not None
    created, updated, deleted, unchanged = map(int, match.groups())
    assert 0 < created + updated + deleted < 100 < unchanged
    # What appeared and what changed began a version; what vanished only ended one.
    assert bare.sql("SELECT COUNT(*) AS n FROM resource_versions")[0]["n"] == versions + created + updated


def _all_seven_clouds_are_there_and_add_up(bare: Installation) -> None:
    synced = bare.sql(
        "SELECT p.provider_type AS provider, s.status, s.resources_found AS found, s.bill_note, s.unexplained_cost "
        "FROM connection_syncs s JOIN cloud_providers p ON p.id = s.connection_id "
        "JOIN users u ON u.id = p.user_id WHERE u.email LIKE 'igor@%' ORDER BY p.provider_type"
    )
    assert [(row["provider"], row["status"]) for row in synced] == [
        (name, "success") for name in ("aws", "beget", "digitalocean", "hetzner", "openstack", "selectel", "yandex")
    ]
    assert all(row["found"] > 40 for row in synced)
    totals = bare.sql(
        "SELECT s.total_daily_cost, s.cost_by_currency FROM complete_syncs s JOIN users u ON u.id = s.user_id "
        "WHERE u.email LIKE 'igor@%'"
    )
    by_currency = {code: Decimal(text) for code, text in json.loads(totals[0]["cost_by_currency"]).items()}
    roubles = by_currency["RUB"] + by_currency["USD"] * Decimal("80.5") + by_currency["EUR"] * Decimal("92.25")
    assert set(by_currency) == {"RUB", "USD", "EUR"}
    assert Decimal(totals[0]["total_daily_cost"]) == roubles.quantize(Decimal("1e-10"))
