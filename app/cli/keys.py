"""`infrazen keys`: the keys that encrypt credentials."""

import click
from cryptography.fernet import Fernet

from app.cli.context import Failure, config_failures, open_runtime
from app.core.services.connection_service import ConnectionService


@click.group()
def keys() -> None:
    """Make and rotate the keys that encrypt credentials."""


@keys.command()
def generate() -> None:
    """Print a new key for INFRAZEN_ENCRYPTION_KEYS."""
    click.echo(Fernet.generate_key().decode())


@keys.command()
def rotate() -> None:
    """Re-encrypt all credentials with the first of INFRAZEN_ENCRYPTION_KEYS; then the others can be dropped."""
    runtime = open_runtime()
    with config_failures(runtime.settings):
        rotation = ConnectionService(runtime).rotate_keys()
    click.echo(f"Re-encrypted {rotation.rotated} credentials.")
    if rotation.unreadable:
        raise Failure(f"no key decrypts: {', '.join(rotation.unreadable)}; put their old key back into the list", 1)
