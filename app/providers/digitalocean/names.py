"""Find the resources that a line of the bill is about: its description is all that tells them."""

import re
from collections import defaultdict
from collections.abc import Sequence

from app.core.domain.resources import Resource
from app.providers.digitalocean.fields import DROPLET

Key = tuple[str, str]
"""(resource type, external id)"""

MAX_DESCRIPTION = 512
_DESCRIPTION = re.compile(r"(?P<name>.+?)(?:\s*\((?P<detail>[^()]*)\))?", re.DOTALL)
_FREE = frozenset({"network:vpc", "network:domain", "projects:project", "spaces:key"})
_PRODUCTS = {"DROP": DROPLET}
"""Type by the code inside a SKU such as 1-DO-DROP-0001. Others are not known."""


class Names:
    """The names of the resources that were listed, and what they are called on the bill."""

    def __init__(self) -> None:
        self._by_name: dict[str, dict[Key, tuple[str, str]]] = defaultdict(dict)

    def add(self, resource_type: str, resource: Resource) -> None:
        """Take a listed resource, unless it is of a type that costs nothing: that one is not on a bill."""
        if resource.name and resource_type not in _FREE:
            size = str(resource.config.get("type", ""))
            self._by_name[resource.name][resource_type, resource.external_id] = (resource.region, size)

    def match(self, description: str, region: str | None, sku: str | None) -> Sequence[Key]:
        """Return the resources that an item means, sorted: one, several of one type and name, or none.

        The name has to be the resource's, and the region too where both are known. The size in brackets decides
        between namesakes, then the SKU; namesakes of different types that nothing tells apart are not guessed at.
        """
        found = _DESCRIPTION.fullmatch(description.strip()[:MAX_DESCRIPTION])
        if found is None:
            return ()
        named = {**self._by_name.get(description.strip(), {}), **self._by_name.get(found["name"], {})}
        here = {key: size for key, (place, size) in named.items() if not region or not place or place == region}
        exact = [key for key, size in here.items() if size and size == found["detail"]]
        keys = _of_product(exact or list(here), sku)
        return sorted(keys) if len({type_ for type_, _ in keys}) == 1 else ()


def _of_product(keys: list[Key], sku: str | None) -> list[Key]:
    wanted = next((_PRODUCTS[code] for code in (sku or "").split("-") if code in _PRODUCTS), None)
    if wanted:
        return [key for key in keys if key[0] == wanted]
    # Not a droplet by its SKU: a snapshot, say, of the same name. Alone, the droplet stays: its backups bear its name.
    return [key for key in keys if key[0] != DROPLET] or keys if sku else keys
