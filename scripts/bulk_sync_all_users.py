"""Sync all active users: the contract's script, the same command as `infrazen sync`."""

import signal
import sys

# First of all: a signal that comes while the modules load ends the script as quietly as a later one.
signal.signal(signal.SIGTERM, signal.default_int_handler)
try:
    from app.cli import run
    from app.cli.sync import sync
except KeyboardInterrupt:
    sys.stderr.write("Interrupted.\n")
    sys.exit(130)

if __name__ == "__main__":
    run(sync, "bulk_sync_all_users.py")
