"""Kubernetes clusters and node groups become resources."""

from tests.providers.yandex.cloud import Cloud

CLUSTERS, GROUPS = "/managed-kubernetes/v1/clusters", "/managed-kubernetes/v1/nodeGroups"


def test_a_zonal_cluster_has_the_sizes_of_its_master_and_no_secrets(cloud: Cloud) -> None:
    cluster = cloud.one(
        "k8s:cluster",
        CLUSTERS,
        id="cat0",
        name="apps",
        status="RUNNING",
        health="HEALTHY",
        networkId="enp0",
        releaseChannel="REGULAR",
        master={
            "zonalMaster": {
                "zoneId": "ru-central1-a",
                "internalV4Address": "10.0.0.30",
                "externalV4Address": "192.0.2.30",
            },
            "version": "1.34",
            "masterAuth": {"clusterCaCertificate": "planted"},
            "resources": {"cores": "2", "coreFraction": "100", "memory": "8589934592"},
        },
    )
    assert (cluster.region, cluster.status) == ("ru-central1-a", "RUNNING")
    assert cluster.config == {
        "version": "1.34",
        "type": "zonal",
        "zones": ["ru-central1-a"],
        "vcpus": 2,
        "memory_mib": 8192,
        "network_id": "enp0",
        "release_channel": "REGULAR",
        "public_ips": ["192.0.2.30"],
        "private_ips": ["10.0.0.30"],
    }


def test_a_regional_cluster_is_in_a_region(cloud: Cloud) -> None:
    zones = [{"zoneId": zone} for zone in ("ru-central1-d", "ru-central1-a")]
    master = {"regionalMaster": {"regionId": "ru-central1"}, "locations": zones}
    cluster = cloud.one("k8s:cluster", CLUSTERS, id="cat0", master=master)
    assert cluster.region == "ru-central1"
    assert cluster.config == {"type": "regional", "zones": ["ru-central1-a", "ru-central1-d"]}


def test_a_cluster_that_says_little(cloud: Cloud) -> None:
    cluster = cloud.one("k8s:cluster", CLUSTERS, id="cat0", master={"locations": [{"zoneId": "ru-central1-b"}]})
    assert (cluster.region, cluster.config) == ("ru-central1-b", {"zones": ["ru-central1-b"]})


def test_a_group_has_the_sizes_of_a_node_and_belongs_to_its_cluster(cloud: Cloud) -> None:
    group = cloud.one(
        "k8s:node-group",
        GROUPS,
        id="cat1",
        clusterId="cat0",
        status="RUNNING",
        nodeTemplate={
            "platformId": "standard-v3",
            "resourcesSpec": {"memory": "8589934592", "cores": "4", "coreFraction": "50", "gpus": "1"},
            "bootDiskSpec": {"diskTypeId": "network-ssd", "diskSize": "68719476736"},
            "schedulingPolicy": {"preemptible": True},
        },
        scalePolicy={"fixedScale": {"size": "3"}},
        allocationPolicy={"locations": [{"zoneId": "ru-central1-a"}]},
        instanceGroupId="cl10",
        versionInfo={"currentVersion": "1.34"},
    )
    assert group.region == "ru-central1-a"
    assert group.config == {
        "version": "1.34",
        "type": "standard-v3",
        "vcpus": 4,
        "core_fraction": 50,
        "memory_mib": 8192,
        "gpus": 1,
        "disk_gb": 64,
        "disk_type": "network-ssd",
        "preemptible": True,
        "nodes": 3,
        "zones": ["ru-central1-a"],
        "instance_group_id": "cl10",
        "parent": {"type": "k8s:cluster", "id": "cat0"},
    }


def test_a_group_that_scales_by_itself_has_limits_instead_of_a_number(cloud: Cloud) -> None:
    scale = {"autoScale": {"minSize": "1", "maxSize": "5", "initialSize": "2"}}
    group = cloud.one("k8s:node-group", GROUPS, id="cat1", scalePolicy=scale)
    assert group.config == {"nodes_min": 1, "nodes_max": 5}
