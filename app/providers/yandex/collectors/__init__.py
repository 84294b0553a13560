"""One module per family of resources; each has `KINDS`, its types by name."""
