"""Secrets and who may do what."""
