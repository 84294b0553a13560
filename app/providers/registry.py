"""Find a provider by name. Vendor SDKs are imported only when a provider is asked for."""

from functools import cache
from importlib.metadata import entry_points

from app.providers.base import Provider

GROUP = "infrazen.providers"


class UnknownProvider(LookupError):
    """No installed package offers a provider of this name."""


@cache
def names() -> tuple[str, ...]:
    """Return the names of all installed providers, sorted."""
    return tuple(sorted(entry_points(group=GROUP).names))


@cache
def get(name: str) -> Provider:
    """Return the provider of that name. Raises UnknownProvider, whose message lists the names there are."""
    found = tuple(entry_points(group=GROUP, name=name))
    if not found:
        raise UnknownProvider(f"no provider is called {name!r}; installed: {', '.join(names())}")
    provider: Provider = found[0].load()()
    return provider
