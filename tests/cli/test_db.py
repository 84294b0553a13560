"""`infrazen db`."""

from tests.support.installation import Installation


def test_the_schema_goes_up_and_down(installation: Installation) -> None:
    assert installation.ok("infrazen db upgrade") == "The database is at revision 0001.\n"
    assert installation.ok("infrazen db upgrade base") == "The database is at revision base.\n"
    assert installation.ok("infrazen db current") == "Database: none; this version: 0001.\n"
