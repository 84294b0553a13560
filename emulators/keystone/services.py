"""The standard services: where they are below a region's prefix, what their version documents say, what they list."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Service:
    """One service.

    name     the first part of its path, and what a test denies
    type     its type in the catalog
    url      the rest of its address in the catalog; `{project}` is the project's id
    root     the path of its versions document, None when it has none; `version` is that of the one version
    choices  the document's status: Glance and others answer 300
    """

    name: str
    type: str
    url: str
    version: str | None = None
    version_id: str = ""
    newest: str = ""
    oldest: str = ""
    choices: int = 200

    def document(self, href: str) -> dict[str, Any]:
        """Describe the version; links may point to an address that is not reachable, as they often do."""
        return {
            "id": self.version_id,
            "status": "CURRENT",
            "version": self.newest,
            "min_version": self.oldest,
            "updated": "2021-01-01T00:00:00Z",
            "links": [{"rel": "self", "href": href}],
        }


STANDARD = (
    Service("compute", "compute", "/v2.1", "v2.1", "v2.1", "2.95", "2.1"),
    Service("volume", "volumev3", "/v3/{project}", "v3", "v3.0", "3.70", "3.0", choices=300),
    Service("image", "image", "", "v2", "v2.16", choices=300),
    Service("network", "network", "", "v2.0", "v2.0"),
    Service("load-balancer", "load-balancer", "", "v2", "v2.27"),
    Service("share", "sharev2", "/v2/{project}", "v2", "v2.0", "2.80", "2.0", choices=300),
    Service("object-store", "object-store", "/v1/AUTH_{project}"),
)


@dataclass(frozen=True, slots=True)
class List:
    """A list of a service: its path below the region's prefix, and the key of its items."""

    service: str
    path: str
    key: str
    filtered: bool = False


LISTS = (
    List("compute", "/compute/v2.1/servers/detail", "servers"),
    List("compute", "/compute/v2.1/flavors/detail", "flavors"),
    List("volume", "/volume/v3/{project}/volumes/detail", "volumes"),
    List("volume", "/volume/v3/{project}/snapshots/detail", "snapshots"),
    List("volume", "/volume/v3/{project}/backups/detail", "backups"),
    List("image", "/image/v2/images", "images"),
    List("network", "/network/v2.0/ports", "ports", filtered=True),
    List("network", "/network/v2.0/floatingips", "floatingips", filtered=True),
    List("network", "/network/v2.0/routers", "routers", filtered=True),
    List("network", "/network/v2.0/networks", "networks", filtered=True),
    List("network", "/network/v2.0/subnets", "subnets", filtered=True),
    List("load-balancer", "/load-balancer/v2.0/lbaas/loadbalancers", "loadbalancers", filtered=True),
    List("share", "/share/v2/{project}/shares/detail", "shares"),
)
"""`filtered`: the service answers with more than the project's own unless `project_id` is asked for."""
