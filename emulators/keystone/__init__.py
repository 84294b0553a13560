"""What the emulated clouds share that are built on OpenStack: identity, catalogs, and the standard services."""
