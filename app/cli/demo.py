"""`infrazen demo`: a bulk sync of demo users against cloud emulators on this machine, behind `make sync`."""

import os
import secrets
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from app.cli.context import Failure, config_failures, load_settings, open_runtime
from app.core.domain.intervals import SyncInterval
from app.core.domain.runs import ExitCode
from app.core.models import Role
from app.core.persistence import schema
from app.core.persistence.engine import make_sessions
from app.core.services import report_service
from app.core.services.connection_service import ConnectionService
from app.core.services.rate_service import RateService
from app.core.services.runtime import Runtime
from app.core.services.user_service import UserService
from app.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from emulators.demo.people import DemoUser

CONCURRENCY = 16
BROKEN = "dmitri"


@click.command()
def demo() -> int:
    """Fill the database with demo users, sync them against emulated clouds, and say where to look next.

    Succeeds when the demo went as planned: one of its users is broken on purpose, so the sync itself answers 1.
    """
    try:
        from emulators.demo import clouds, people, rates
    except ImportError as error:
        raise Failure(f"the demo needs the `demo` extra: {error}", 1) from error
    runtime = _prepare(people.DOMAIN)
    click.echo("Starting seven clouds on this machine and filling their accounts ...", err=True)
    with clouds.running(changes=_runs_before(runtime)) as running:
        users = people.people(running)
        password = secrets.token_urlsafe(12)
        with config_failures(runtime.settings):
            today = datetime.now(UTC).date()
            RateService(runtime).import_files([("rates", rates.bank_of_russia(today))])
            for user in users:
                _store(runtime, user, password)
        code = _sync()
    _explain(code, users, password)
    _show_writes(runtime)
    return 0


def _prepare(domain: str) -> Runtime:
    """Migrate the database and return the runtime. Refuses a database server that has real users."""
    settings = load_settings()
    with config_failures(settings):
        schema.migrate(make_sessions(settings.database, pool_size=1).kw["bind"])
    runtime = open_runtime(log_level="WARNING")
    if not settings.is_embedded:
        strangers = [user.email for user in UserService(runtime).listing() if not user.email.endswith(f"@{domain}")]
        if strangers:
            raise Failure(f"INFRAZEN_DATABASE_URL: the demo keeps off a database with users such as {strangers[0]}", 1)
    return runtime


def _runs_before(runtime: Runtime) -> int:
    latest = report_service.latest_runs(runtime, 1)
    return latest[0].run_id if latest else 0


def _store(runtime: Runtime, user: "DemoUser", password: str) -> None:
    """Write a user and its connections; those of an earlier demo get today's endpoint and credential."""
    accounts, connections = UserService(runtime), ConnectionService(runtime)
    if any(known.email == user.email for known in accounts.listing()):
        accounts.set_password(user.email, password)
    else:
        accounts.add(user.email, role=Role(user.role), password=password, currency=user.currency)
    accounts.set_active(user.email, active=user.is_active)
    known = {row.connection_name for row, _ in connections.listing(user.email)}
    for connection in user.connections:
        if connection.name in known:
            connections.set_credentials(
                user.email,
                connection.name,
                connection.credentials,
                api_endpoint=connection.endpoint,
                check=False,
            )
        else:
            connections.add(
                user.email,
                provider=connection.provider,
                name=connection.name,
                credentials=connection.credentials,
                api_endpoint=connection.endpoint,
                auto_sync=connection.auto_sync,
                interval=SyncInterval.DAILY,
                check=False,
            )


def _sync() -> int:
    """Run the contract's script as a user would and return its exit code."""
    arguments = ["--sync-type", "manual", "--concurrency", str(CONCURRENCY), "--verbose"]
    script = "scripts/bulk_sync_all_users.py"
    click.echo(f"$ python {script} {' '.join(arguments)}\n")
    return subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(PROJECT_ROOT / script), *arguments],
        env={"INFRAZEN_LOG_LEVEL": "ERROR", **os.environ},
        check=False,
    ).returncode


def _show_writes(runtime: Runtime) -> None:
    """Say what the run wrote into the inventory: rows for what changed, none for the rest."""
    run_id = _runs_before(runtime)
    ids = [r.complete_sync_id for r in report_service.run_results(runtime, run_id) if r.complete_sync_id is not None]
    reports = [report for id_ in ids for report in report_service.connection_reports(runtime, id_)]
    found, created, updated, deleted = (
        sum(report[key] for report in reports) for key in ("resources_found", "created", "updated", "deleted")
    )
    click.echo(
        f"\nRun {run_id} wrote {created + updated + deleted} resources ({created} created, {updated} updated, "
        f"{deleted} deleted); the {found - created - updated} unchanged ones wrote no row."
        + ("\nRun `make sync` again to see what changes." if run_id == 1 else "")
    )


def _explain(code: int, users: "list[DemoUser]", password: str) -> None:
    if code != ExitCode.SOME_FAILED:
        raise Failure(f"the sync answered {code}; the demo expects 1, for its one broken user", 1)
    broken = next(person for person in users if person.name == BROKEN)
    admin = next(person for person in users if person.role == Role.ADMIN)
    click.echo(
        f"\nAs planned: the script's own exit code was {code}, because {broken.email} shows "
        f"{broken.shows}.\nEveryone else was synced or skipped for a reason; that is a good night.\n"
    )
    for person in users:
        click.echo(f"  {person.email:<32} {person.shows}")
    click.echo(
        "\nWhere to look next:\n"
        "  .venv/bin/infrazen runs list                 all runs; `runs show 1 --verbose` shows one\n"
        f"  .venv/bin/infrazen resources --user anna@{broken.email.partition('@')[2]}\n"
        "  .venv/bin/infrazen connections list          each connection and its latest error\n"
        f"  make serve                                   the API and its docs; log in as {admin.email}\n"
        f"                                               with the password {password}\n"
        "\nThe emulators have stopped, so `infrazen sync` finds nobody at home; `make sync` starts them again."
    )
