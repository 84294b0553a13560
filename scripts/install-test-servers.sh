#!/bin/sh
# Install the database servers that the tests start, and curl, unless they are there. Needs apt, and root or sudo, only then.
set -eu

PATH="$PATH:/usr/sbin:/usr/local/sbin"

has() { command -v "$1" >/dev/null 2>&1; }

# Debian keeps PostgreSQL's server programs in a directory per version, off the PATH.
has_postgresql() { has postgres && has initdb || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; }

missing=""
has_postgresql || missing="postgresql"
{ has mariadbd && has mariadb-install-db; } || missing="$missing mariadb-server"
has curl || missing="$missing curl"
[ -n "$missing" ] || exit 0

if ! has apt-get; then
  echo "install-test-servers: the tests need these servers on the PATH: PostgreSQL (postgres, initdb) and" \
    "MariaDB (mariadbd, mariadb-install-db). Missing:$(printf ' %s' $missing). There is no apt here; install them" \
    "with this system's own package manager." >&2
  exit 1
fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  has sudo || { echo "install-test-servers: run it as root, or install:$(printf ' %s' $missing)" >&2; exit 1; }
  as_root="sudo"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# The packages must not start servers of their own: the tests start private ones.
if ! {
  $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $missing
} >"$log" 2>&1; then
  cat "$log" >&2
  echo "install-test-servers: apt could not install:$(printf ' %s' $missing)" >&2
  exit 1
fi
