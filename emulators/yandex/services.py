"""Complete objects as the REST API sends them: Kubernetes, databases and the platform's other services."""

from emulators.yandex.accounts import Item
from emulators.yandex.objects import GIB, ZONES, Maker

_VERSIONS = {
    "postgresql": "16",
    "mysql": "8.0",
    "clickhouse": "24.8",
    "mongodb": "7.0",
    "redis": "7.2-valkey",
    "kafka": "3.7",
    "opensearch": "2.12",
    "greenplum": "6.25",
}
_PRESETS = ("s3-c2-m8", "s3-c4-m16", "b2.medium")


def kubernetes(maker: Maker, network_id: str, subnet_id: str) -> None:
    """Make a cluster with a group of two nodes, which are VMs, and a volume of the CSI driver."""
    cluster = maker.put(
        "/managed-kubernetes/v1/clusters",
        "cat",
        "apps",
        {"env": "prod"},
        status="RUNNING",
        health="HEALTHY",
        networkId=network_id,
        master={
            "zonalMaster": {
                "zoneId": ZONES[0],
                "internalV4Address": "10.128.0.30",
                "externalV4Address": "203.0.113.30",
            },
            "locations": [{"zoneId": ZONES[0], "subnetId": subnet_id}],
            "etcdClusterSize": "1",
            "version": "1.34",
            "endpoints": {
                "internalV4Endpoint": "https://10.128.0.30",
                "externalV4Endpoint": "https://203.0.113.30",
            },
            "masterAuth": {"clusterCaCertificate": "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n"},
            "versionInfo": {"currentVersion": "1.34"},
            "resources": {"cores": "2", "coreFraction": "100", "memory": str(8 * GIB)},
        },
        serviceAccountId=maker.account.service_account_id,
        nodeServiceAccountId=maker.account.service_account_id,
        releaseChannel="REGULAR",
    )
    group = maker.put_as_it_is("/managed-kubernetes/v1/nodeGroups", _node_group(maker, cluster))
    labels = {"managed-kubernetes-cluster-id": cluster["id"], "managed-kubernetes-node-group-id": group["id"]}
    for number in range(2):
        maker.server(f"{group['instanceGroupId']}-node{number}", 200 + 2 * number, subnet_id, labels)
    maker.disk("k8s-csi-0123456789abcdef", ZONES[0], 30, {"cluster-name": cluster["id"]})


def _node_group(maker: Maker, cluster: Item) -> Item:
    return {
        "id": maker.ids.make("cat"),
        "clusterId": cluster["id"],
        "createdAt": maker.created_at,
        "name": "workers",
        "status": "RUNNING",
        "nodeTemplate": {
            "platformId": "standard-v3",
            "resourcesSpec": {"memory": str(8 * GIB), "cores": "4", "coreFraction": "100"},
            "bootDiskSpec": {"diskTypeId": "network-ssd", "diskSize": str(64 * GIB)},
            "schedulingPolicy": {},
        },
        "scalePolicy": {"fixedScale": {"size": "2"}},
        "allocationPolicy": {"locations": [{"zoneId": ZONES[0]}]},
        "instanceGroupId": maker.ids.make("cl1"),
        "nodeVersion": "1.34",
        "versionInfo": {"currentVersion": "1.34"},
    }


def database(maker: Maker, engine: str, number: int) -> Item:
    """Make a cluster of one engine with its hosts."""
    preset = _PRESETS[number % len(_PRESETS)]
    resources = {"resourcePresetId": preset, "diskSize": str(20 * GIB), "diskTypeId": "network-ssd"}
    path = f"/managed-{engine}/v1/clusters"
    config = {"version": _VERSIONS[engine], **({"resources": resources} if engine in ("postgresql", "mysql") else {})}
    cluster = maker.put(
        path,
        "c9q",
        f"{engine}-{number}",
        {"team": "data"},
        environment="PRODUCTION",
        monitoring=[{"name": "Console", "description": "Charts", "link": "https://console.example/"}],
        config=config,
        networkId="enpnetwork0000000001",
        health="ALIVE",
        status="RUNNING",
        maintenanceWindow={"anytime": {}},
    )
    lists = ("master-hosts", "segment-hosts") if engine == "greenplum" else ("hosts",)
    for name in lists:
        maker.account.hosts[f"{path}/{cluster['id']}/{name}"] = [
            {
                "name": f"rc1{zone[-1]}-{cluster['id']}{name[0]}{index}.mdb.yandexcloud.net",
                "clusterId": cluster["id"],
                "zoneId": zone,
                "resources": resources,
                "role": "MASTER" if index == 0 else "REPLICA",
                "health": "ALIVE",
                "subnetId": "e9bsubnet00000000001",
                **({"assignPublicIp": True} if index == 0 else {}),
            }
            for index, zone in enumerate(ZONES[: 1 + number % 2 + 1])
        ]
    return cluster


def bucket(maker: Maker, name: str) -> Item:
    """Make a bucket; its name is its id."""
    return maker.put_as_it_is(
        "/storage/v1/buckets",
        {
            "id": name,
            "name": name,
            "folderId": maker.folder_id,
            "anonymousAccessFlags": {"read": False, "list": False, "configRead": False},
            "defaultStorageClass": "STANDARD",
            "versioning": "VERSIONING_DISABLED",
            "maxSize": str(50 * GIB),
            "createdAt": maker.created_at,
            "tags": [{"key": "env", "value": "prod"}],
            "resourceId": maker.ids.make("e3e"),
        },
    )


def function(maker: Maker, name: str) -> Item:
    """Make a function."""
    url = f"https://functions.yandexcloud.net/{name}"
    return maker.put("/functions/v1/functions", "d4e", name, httpInvokeUrl=url, status="ACTIVE")


def platform(maker: Maker) -> None:
    """Make one of each of the other services' things."""
    maker.put("/container-registry/v1/registries", "crp", "images", status="ACTIVE")
    zone = maker.put("/dns/v1/zones", "dns", "public", zone="example.com.")
    zone["publicVisibility"] = {}
    serverless = maker.put("/ydb/v1/databases", "etn", "events", status="RUNNING", locationId="ru-central1")
    serverless["serverlessDatabase"] = {"storageSizeLimit": str(50 * GIB)}
    maker.put(
        "/ydb/v1/databases",
        "etn",
        "orders",
        status="RUNNING",
        locationId="ru-central1",
        endpoint="grpcs://ydb.example:2135/?database=/ru-central1/orders",
        dedicatedDatabase={
            "resourcePresetId": "medium",
            "storageConfig": {"storageOptions": [{"storageTypeId": "ssd", "groupCount": "1"}]},
            "scalePolicy": {"fixedScale": {"size": "3"}},
        },
    )
    maker.put("/containers/v1/containers", "bba", "api", url="https://bba.example/", status="ACTIVE")
    maker.put("/kms/v1/keys", "abj", "disks", status="ACTIVE", defaultAlgorithm="AES_256", rotationPeriod="8760h0m0s")
    maker.put("/lockbox/v1/secrets", "e6q", "database-password", status="ACTIVE", currentVersion={"id": "e6qv"})
    maker.put(
        "/certificate-manager/v1/certificates",
        "fpq",
        "site",
        updatedAt=maker.created_at,
        type="MANAGED",
        domains=["example.com", "*.example.com"],
        status="ISSUED",
        issuer="CN=R3,O=Let's Encrypt,C=US",
        notAfter="2027-03-01T00:00:00Z",
    )
    maker.put("/logging/v1/logGroups", "e23", "default", status="ACTIVE", retentionPeriod="259200s")
