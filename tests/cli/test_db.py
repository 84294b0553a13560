"""`infrazen db`."""

from app.core.persistence.schema import HEAD
from tests.support.installation import Installation


def test_the_schema_goes_up_and_down(installation: Installation) -> None:
    assert installation.ok("infrazen db upgrade") == f"The database is at revision {HEAD}.\n"
    assert installation.ok("infrazen db upgrade base") == "The database is at revision base.\n"
    assert installation.ok("infrazen db current") == f"Database: none; this version: {HEAD}.\n"
