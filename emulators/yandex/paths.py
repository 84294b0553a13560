"""Which listings there are: path -> the list's name in the answer."""

from collections.abc import Mapping

ENGINES = ("postgresql", "mysql", "clickhouse", "mongodb", "redis", "kafka", "opensearch", "greenplum")
HOST_LISTS = r"/managed-[a-z]+/v1/clusters/[^/]+/(?:hosts|master-hosts|segment-hosts)"

LISTINGS: Mapping[str, str] = {
    "/compute/v1/instances": "instances",
    "/compute/v1/disks": "disks",
    "/compute/v1/snapshots": "snapshots",
    "/compute/v1/images": "images",
    "/compute/v1/filesystems": "filesystems",
    "/vpc/v1/addresses": "addresses",
    "/vpc/v1/networks": "networks",
    "/vpc/v1/subnets": "subnets",
    "/vpc/v1/gateways": "gateways",
    "/load-balancer/v1/networkLoadBalancers": "networkLoadBalancers",
    "/apploadbalancer/v1/loadBalancers": "loadBalancers",
    "/managed-kubernetes/v1/clusters": "clusters",
    "/managed-kubernetes/v1/nodeGroups": "nodeGroups",
    **{f"/managed-{engine}/v1/clusters": "clusters" for engine in ENGINES},
    "/storage/v1/buckets": "buckets",
    "/container-registry/v1/registries": "registries",
    "/dns/v1/zones": "dnsZones",
    "/ydb/v1/databases": "databases",
    "/functions/v1/functions": "functions",
    "/containers/v1/containers": "containers",
    "/kms/v1/keys": "keys",
    "/lockbox/v1/secrets": "secrets",
    "/certificate-manager/v1/certificates": "certificates",
    "/logging/v1/logGroups": "groups",
}
