"""The command line. Each command is a module that is imported only when it is asked for."""

import importlib
import os
import signal
import sys
from typing import Any

import click

_COMMANDS = {
    "connections": ("app.cli.connections:connections", "Manage users' cloud connections."),
    "costs": ("app.cli.costs:costs", "Read what clouds billed per day."),
    "db": ("app.cli.db:db", "Bring the database's schema up to date."),
    "demo": ("app.cli.demo:demo", "Sync demo users against cloud emulators on this machine."),
    "doctor": ("app.cli.doctor:doctor", "Check settings, database, keys, clock and disk."),
    "keys": ("app.cli.keys:keys", "Make and rotate the keys that encrypt credentials."),
    "providers": ("app.cli.providers:providers", "Show the kinds of cloud and their credentials."),
    "rates": ("app.cli.rates:rates", "Import and show the exchange rates of users' totals."),
    "resources": ("app.cli.resources:resources", "Read the inventory, today's or a past day's."),
    "runs": ("app.cli.runs:runs", "Look at bulk runs."),
    "serve": ("app.cli.serve:serve", "Serve the API."),
    "sync": ("app.cli.sync:sync", "Sync all active users' connections."),
    "users": ("app.cli.users:users", "Manage accounts."),
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and help without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, None for an unknown name."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_text) for name, (_, help_text) in sorted(_COMMANDS.items())])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="infrazen")
def cli() -> None:
    """InfraZen: keeps the cloud inventory and daily cost of every customer up to date."""


def main() -> None:
    """Run `infrazen`."""
    run(cli, "infrazen")


def run(command: click.Command, name: str) -> None:
    """Run a command and end the process with its exit code; every failure is one line on stderr."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = _invoke(command, name)
        sys.stdout.flush()
    except KeyboardInterrupt:
        click.echo("Interrupted.", err=True)
        code = 130
    except BrokenPipeError:
        # The reader of our output has left; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _invoke(command: click.Command, name: str) -> int:
    try:
        result: Any = command.main(prog_name=name, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
