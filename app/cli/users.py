"""`infrazen users`: accounts."""

import sys

import click

from app.cli.context import config_failures, open_runtime
from app.cli.output import echo_json, echo_table, json_option
from app.core.models import Role
from app.core.persistence.users import UnknownUser
from app.core.services.user_service import UserError, UserService
from app.security.passwords import WeakPassword

_REFUSED = (UserError, UnknownUser, WeakPassword)


@click.group()
def users() -> None:
    """Manage accounts."""


password_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@users.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="user", show_default=True)
@click.option("--currency", default="USD", show_default=True, help="ISO 4217 code of the user's totals.")
@password_stdin
@click.option("--no-password", is_flag=True, help="Nobody can log in as this user until a password is set.")
def add(email: str, role: str, currency: str, password_stdin: bool, no_password: bool) -> None:
    """Create an account."""
    if password_stdin and no_password:
        raise click.UsageError("--password-stdin and --no-password exclude each other")
    runtime = open_runtime()
    password = None if no_password else _read_password(from_stdin=password_stdin)
    with config_failures(runtime.settings, *_REFUSED):
        user = UserService(runtime).add(email, role=Role(role), password=password, currency=currency)
    click.echo(f"Added {user.email} (ID {user.id}, {user.role}).")


@users.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List all accounts."""
    runtime = open_runtime()
    with config_failures(runtime.settings):
        rows = UserService(runtime).listing()
    if as_json:
        echo_json(
            [
                {
                    "id": user.id,
                    "email": user.email,
                    "role": user.role,
                    "is_active": user.is_active,
                    "currency": user.currency,
                    "created_at": user.created_at,
                }
                for user in rows
            ]
        )
    else:
        echo_table(
            ("ID", "E-MAIL", "ROLE", "ACTIVE", "CURRENCY", "CREATED"),
            ((u.id, u.email, u.role, u.is_active, u.currency, u.created_at) for u in rows),
        )


@users.command("set-password")
@click.argument("email")
@password_stdin
def set_password(email: str, password_stdin: bool) -> None:
    """Replace an account's password."""
    runtime = open_runtime()
    password = _read_password(from_stdin=password_stdin)
    with config_failures(runtime.settings, *_REFUSED):
        UserService(runtime).set_password(email, password)
    click.echo(f"The password of {email} is replaced.")


@users.command("set-currency")
@click.argument("email")
@click.argument("currency")
def set_currency(email: str, currency: str) -> None:
    """Choose the CURRENCY (ISO 4217) of a user's totals, from the next sync on."""
    runtime = open_runtime()
    with config_failures(runtime.settings, *_REFUSED):
        UserService(runtime).set_currency(email, currency)
    click.echo(f"The totals of {email} are in {currency} from the next sync on.")


@users.command()
@click.argument("email")
def deactivate(email: str) -> None:
    """Leave an account out of runs and log-ins; its data stay."""
    _set_active(email, active=False)
    click.echo(f"{email} is deactivated.")


@users.command()
@click.argument("email")
def activate(email: str) -> None:
    """Take an account into runs and log-ins again."""
    _set_active(email, active=True)
    click.echo(f"{email} is active.")


def _set_active(email: str, *, active: bool) -> None:
    runtime = open_runtime()
    with config_failures(runtime.settings, *_REFUSED):
        UserService(runtime).set_active(email, active=active)


def _read_password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask for a password: use --password-stdin")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password
