"""Collectors of what Selectel offers beyond OpenStack's standard services."""
