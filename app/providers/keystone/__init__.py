"""What clouds built on OpenStack share: tokens, catalogs, collectors of the standard services. No provider itself."""
