"""Which host belongs to which database cluster: clusters are listed, hosts are billed."""

from collections.abc import Mapping


class HostIndex:
    """The database hosts that were seen while the account was open."""

    def __init__(self) -> None:
        self._clusters: dict[str, str] = {}
        self._engines: dict[str, str] = {}

    def add(self, host: str, cluster_id: str, engine: str) -> None:
        """Remember a host under its full name and the first label of it."""
        for name in {host, host.partition(".")[0]}:
            self._clusters[name] = cluster_id
        self._engines[cluster_id] = engine

    @property
    def clusters(self) -> Mapping[str, str]:
        """Host -> id of its cluster."""
        return self._clusters

    def engine(self, cluster_id: str) -> str | None:
        """Return the engine of a cluster, None for what is no cluster that was seen."""
        return self._engines.get(cluster_id)
