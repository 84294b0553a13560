"""One call per wish of a user: what the command line and the API stand on."""
