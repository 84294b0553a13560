"""A small Beget on loopback: the Cloud API and the hosting API."""
