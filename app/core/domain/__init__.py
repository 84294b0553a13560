"""Pure rules and plain data; the standard library only."""
