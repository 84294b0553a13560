"""`infrazen demo`, behind `make sync`."""

import re

from tests.support.installation import Installation


def test_the_demo_succeeds_explains_its_broken_user_and_writes_only_changes_the_second_time(bare: Installation) -> None:
    first = bare.ok("infrazen demo")
    assert "Successful:        3\nFailed:            1\nSkipped:           2\nPartial:           1" in first
    assert "the script's own exit code was 1, because dmitri@demo.infrazen.example shows" in first
    assert re.search(r"wrote (\d+) resources \(\1 created, 0 updated, 0 deleted\); the 0 unchanged", first)
    versions = bare.sql("SELECT COUNT(*) AS n FROM resource_versions")[0]["n"]
    second = bare.ok("infrazen demo")
    assert "wrote 12 resources (6 created, 3 updated, 3 deleted); the " in second
    # Six that appeared, three that changed; what vanished only ended a version.
    assert bare.sql("SELECT COUNT(*) AS n FROM resource_versions")[0]["n"] == versions + 9


def test_the_demo_leaves_no_process_behind(bare: Installation) -> None:
    bare.ok("infrazen demo")
    assert bare.sh("pgrep -f emulators.aws.server -P 1").stdout == ""
