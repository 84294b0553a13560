"""Find a provider by name. Vendor SDKs are imported only when a provider is asked for."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from app.providers.base import Provider

GROUP = "infrazen.providers"


class UnknownProvider(LookupError):
    """No installed package offers a usable provider of this name."""


@cache
def names() -> tuple[str, ...]:
    """Return the names of all installed providers, sorted."""
    return tuple(sorted(entry_points(group=GROUP).names))


@cache
def get(name: str) -> Provider:
    """Return the provider of that name.

    Raises UnknownProvider: nobody offers it (the message lists the names there are), two packages do, or the one
    that does cannot be loaded.
    """
    found = tuple({point.value: point for point in entry_points(group=GROUP, name=name)}.values())
    if not found:
        raise UnknownProvider(f"no provider is called {name!r}; installed: {', '.join(names())}")
    if len(found) > 1:
        places = " and ".join(sorted(point.value for point in found))
        raise UnknownProvider(f"two packages offer a provider {name!r}: {places}; uninstall one of them")
    return _load(found[0])


def _load(point: EntryPoint) -> Provider:
    try:
        provider: Provider = point.load()()
    except (ImportError, AttributeError, TypeError) as error:
        raise UnknownProvider(f"the provider {point.name!r} ({point.value}) cannot be loaded: {error}") from error
    return provider
