"""`infrazen connections`: users' cloud accounts."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from app.cli.context import Failure, config_failures, open_runtime
from app.cli.output import echo_json, echo_table, json_option
from app.core.domain.errors import SyncError
from app.core.domain.intervals import SyncInterval
from app.core.persistence.users import UnknownUser
from app.core.services.connection_check import CheckResult
from app.core.services.connection_service import ConnectionProblem, ConnectionService
from app.core.services.runtime import Runtime
from app.logging import printable
from app.providers.registry import UnknownProvider

user_option = click.option("--user", "email", required=True, metavar="EMAIL", help="Whose connection it is.")
interval_option = click.option("--interval", type=click.Choice([i.value for i in SyncInterval]),
                               help="How often scheduled runs sync it (daily unless given).")  # fmt: skip
auto_sync_option = click.option("--auto-sync/--no-auto-sync", default=None, help="Whether bulk runs sync it.")

credentials_file_option = click.option("--credentials-file", type=click.File("r"),
                                       help="Read the credential from a file instead of stdin.")  # fmt: skip
no_check_option = click.option("--no-check", is_flag=True, help="Store the credential without trying it.")
_UNCHECKED = "; nothing is stored (--no-check stores a credential without trying it)"


@click.group()
def connections() -> None:
    """Manage users' cloud connections."""


@connections.command()
@user_option
@click.option("--provider", required=True, help="The kind of cloud, for example aws.")
@click.option("--name", required=True, help="What the connection is called; unique for its user.")
@click.option("--api-endpoint", metavar="URL", help="Call this address instead of the cloud's public ones.")
@credentials_file_option
@no_check_option
@auto_sync_option
@interval_option
def add(
    email: str,
    provider: str,
    name: str,
    api_endpoint: str | None,
    credentials_file: IO[str] | None,
    no_check: bool,
    auto_sync: bool | None,
    interval: str | None,
) -> None:
    """Add a connection; its credential is read as JSON from standard input (or a file), never from an argument."""
    runtime = open_runtime()
    credentials = _read_credentials(credentials_file)
    with _refusals(runtime, hint=_UNCHECKED):
        result = ConnectionService(runtime).add(
            email,
            provider=provider,
            name=name,
            credentials=credentials,
            api_endpoint=api_endpoint,
            auto_sync=auto_sync is not False,
            interval=SyncInterval(interval or SyncInterval.DAILY),
            check=not no_check,
        )
    click.echo(f"Added {name} ({provider}) to {email}" + (f": {_checked(result)}" if result else ", unchecked."))


@connections.command("set-credentials")
@click.argument("name")
@user_option
@click.option("--api-endpoint", metavar="URL", help="Change the address too.")
@credentials_file_option
@no_check_option
def set_credentials(
    name: str, email: str, api_endpoint: str | None, credentials_file: IO[str] | None, no_check: bool
) -> None:
    """Replace a connection's credential, read as JSON from standard input (or a file); its history goes on."""
    runtime = open_runtime()
    credentials = _read_credentials(credentials_file)
    with _refusals(runtime, hint=_UNCHECKED):
        result = ConnectionService(runtime).set_credentials(
            email, name, credentials, api_endpoint=api_endpoint, check=not no_check
        )
    click.echo(f"The credential of {name} is replaced" + (f": {_checked(result)}" if result else ", unchecked."))


@connections.command()
@click.argument("name")
@user_option
@json_option
def test(name: str, email: str, as_json: bool) -> None:
    """Check a connection's credential with its cloud: what can be listed, what is denied, and the bill."""
    runtime = open_runtime()
    with _refusals(runtime):
        result = ConnectionService(runtime).test(email, name)
    if as_json:
        echo_json(_check_json(result))
    else:
        click.echo(f"{name}: {_checked(result)}")


@connections.command("list")
@click.option("--user", "email", metavar="EMAIL", help="Only this user's.")
@json_option
def list_(email: str | None, as_json: bool) -> None:
    """List connections and how their latest sync ended."""
    runtime = open_runtime()
    with _refusals(runtime):
        rows = ConnectionService(runtime).listing(email)
    if as_json:
        echo_json([_as_json(row, owner) for row, owner in rows])
        return
    echo_table(
        ("ID", "USER", "NAME", "PROVIDER", "ACTIVE", "AUTO-SYNC", "INTERVAL", "LAST SYNC", "STATUS", "ERROR"),
        (
            (r.id, owner, r.connection_name, r.provider_type, r.is_active, r.auto_sync, r.sync_interval, r.last_sync,
             r.sync_status, r.sync_error)
            for r, owner in rows
        ),
    )  # fmt: skip


@connections.command()
@click.argument("name")
@user_option
@auto_sync_option
@interval_option
def enable(name: str, email: str, auto_sync: bool | None, interval: str | None) -> None:
    """Switch a connection on; the options change how runs treat it."""
    runtime = open_runtime()
    with _refusals(runtime):
        ConnectionService(runtime).change(
            email,
            name,
            is_active=True,
            auto_sync=auto_sync,
            interval=SyncInterval(interval) if interval else None,
        )
    click.echo(f"{name} is enabled.")


@connections.command()
@click.argument("name")
@user_option
def disable(name: str, email: str) -> None:
    """Switch a connection off; its credential and data stay."""
    runtime = open_runtime()
    with _refusals(runtime):
        ConnectionService(runtime).change(email, name, is_active=False)
    click.echo(f"{name} is disabled.")


@connections.command()
@click.argument("name")
@user_option
def confirm(name: str, email: str) -> None:
    """Confirm that resources which vanished all at once, and were kept as suspect, are gone."""
    runtime = open_runtime()
    with _refusals(runtime):
        gone = ConnectionService(runtime).confirm(email, name)
    click.echo(f"{gone} resources of {name} are now marked as deleted." if gone else f"Nothing of {name} is in doubt.")


@connections.command()
@click.argument("name")
@user_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, email: str, yes: bool) -> None:
    """Forget a connection's credential and leave it out of everything; its history stays."""
    if not yes and sys.stdin.isatty():
        click.confirm(f"Forget the credential of {name}?", abort=True)
    runtime = open_runtime()
    with _refusals(runtime):
        ConnectionService(runtime).remove(email, name)
    click.echo(f"{name} is removed.")


@contextmanager
def _refusals(runtime: Runtime, hint: str = "") -> Iterator[None]:
    with config_failures(runtime.settings, UnknownUser, UnknownProvider, ConnectionProblem):
        try:
            yield
        except SyncError as error:
            raise Failure(printable(error.message) + hint, 1) from error


def _read_credentials(file: IO[str] | None) -> dict[str, Any]:
    source = file or sys.stdin
    if source.isatty():
        click.echo("Paste the credential as JSON, then press Ctrl+D:", err=True)
    try:
        credentials = json.load(source)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Failure(f"the credential is not JSON{where}", 1) from None
    if not isinstance(credentials, dict):
        raise Failure('the credential is a JSON object such as {"access_key_id": "…", "secret_access_key": "…"}', 1)
    return credentials


def _checked(result: CheckResult) -> str:
    lines = [f"the credential works (account {printable(result.account_id)}, {result.scopes} scopes to list)."]
    if result.tried < result.scopes:
        lines.append(f"{result.tried} scopes were tried; the next sync tries all.")
    if result.denied:
        lines.append("Not everything works:")
        lines += [f"  ✗ {printable(str(denied))}" for denied in result.denied]
    if result.bill is not None:
        lines.append("The bill can be read." if result.bill == "read" else "This cloud has no bill to read.")
    return "\n".join(lines)


def _check_json(result: CheckResult) -> dict[str, Any]:
    return {
        "account_id": result.account_id,
        "scopes": result.scopes,
        "tried": result.tried,
        "bill": result.bill,
        "denied": [
            {"scopes": [str(scope) for scope in denied.scopes], "code": denied.code, "error": denied.message}
            for denied in result.denied
        ],
    }


def _as_json(row: Any, owner: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "user_email": owner,
        "connection_name": row.connection_name,
        "provider": row.provider_type,
        "api_endpoint": row.api_endpoint,
        "is_active": row.is_active,
        "auto_sync": row.auto_sync,
        "sync_interval": row.sync_interval,
        "last_sync": row.last_sync,
        "last_success_at": row.last_success_at,
        "sync_status": row.sync_status,
        "sync_error": row.sync_error,
    }
