"""Oblako Demo, an invented cloud: servers by the hour, disks by the month, a bill per resource and day."""

from infrazen_oblako.provider import OblakoProvider

__all__ = ["OblakoProvider"]
