"""Sync all active users: the contract's script, the same command as `infrazen sync`."""

import sys

try:
    from app.cli import run
    from app.cli.sync import sync
except KeyboardInterrupt:
    sys.exit(130)

if __name__ == "__main__":
    run(sync, "bulk_sync_all_users.py")
