"""Every type of resource that is read, in the order in which a folder is walked."""

from collections.abc import Mapping

from app.providers.yandex.collectors import balancers, compute, databases, kubernetes, platform, vpc
from app.providers.yandex.kinds import Kind

KINDS: Mapping[str, Kind] = {
    **compute.KINDS,
    **vpc.KINDS,
    **balancers.KINDS,
    **kubernetes.KINDS,
    **databases.KINDS,
    **platform.KINDS,
}
