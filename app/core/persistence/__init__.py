"""Queries and set-based writes on a session that the caller opened; they flush and never commit."""
