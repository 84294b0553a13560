"""`infrazen serve`: the API on gunicorn."""

import os
import sys

import click

from app.cli.context import open_runtime


@click.command()
@click.option("--host", help="Address to listen on (default: INFRAZEN_HOST, 127.0.0.1).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port (default: INFRAZEN_PORT, 5001).")
@click.option("--threads", type=click.IntRange(1, 256), default=16, show_default=True)
def serve(host: str | None, port: int | None, threads: int) -> None:
    """Serve the API until stopped."""
    settings = open_runtime().settings
    address = f"{host or settings.host}:{port or settings.port}"
    click.echo(f"Serving http://{address} - API documentation at http://{address}/docs", err=True)
    # One process: log-in attempts are counted in memory. A bulk sync runs inside its request, hence threads.
    arguments = ["--bind", address, "--worker-class", "gthread", "--threads", str(threads), "--no-control-socket"]
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *arguments, "app:create_app()"])  # noqa: S606 - it replaces this process
