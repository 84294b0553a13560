"""`infrazen doctor`: checks."""

import click

from app.cli.context import load_settings
from app.cli.output import echo_json, json_option
from app.core.services import doctor_service
from app.logging import printable


@click.command()
@json_option
def doctor(as_json: bool) -> int:
    """Check settings, database, keys, clock and disk; exit with 1 when something is wrong."""
    checks = list(doctor_service.examine(load_settings()))
    if as_json:
        echo_json([{"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks])
    else:
        for check in checks:
            click.secho(f"{'✓' if check.ok else '✗'} {check.name:<20} {printable(check.detail)}",
                        fg=None if check.ok else "red")  # fmt: skip
    return 0 if all(check.ok for check in checks) else 1
