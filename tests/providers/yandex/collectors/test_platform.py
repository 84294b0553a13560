"""Buckets, registries, zones and the platform's other things become resources."""

from tests.providers.yandex.cloud import Cloud


def test_a_bucket_goes_by_its_name(cloud: Cloud) -> None:
    bucket = cloud.one(
        "storage:bucket",
        "/storage/v1/buckets",
        id="other",
        name="backups",
        folderId="b1g0",
        defaultStorageClass="COLD",
        maxSize="1073741824",
        usedSize="17",
        versioning="VERSIONING_ENABLED",
        createdAt="2026-01-01T00:00:00Z",
        tags=[{"key": "env", "value": "prod"}, {"key": "empty"}],
        acl={"grants": []},
        policy={"Version": "2012-10-17"},
    )
    assert (bucket.external_id, bucket.name) == ("backups", "backups")
    assert bucket.tags == {"env": "prod", "empty": ""}
    assert bucket.config == {"type": "COLD", "max_size_bytes": 1073741824, "versioning": "VERSIONING_ENABLED"}


def test_a_zone_is_public_or_private(cloud: Cloud) -> None:
    path = "/dns/v1/zones"
    cloud.put(path, {"id": "dns1", "zone": "example.com.", "publicVisibility": {}}, {"id": "dns2", "zone": "in."})
    public, private = cloud.listed("dns:zone")
    assert public.config == {"zone": "example.com.", "type": "public"}
    assert private.config == {"zone": "in.", "type": "private"}


def test_ydb_databases_are_serverless_or_have_nodes(cloud: Cloud) -> None:
    sizes = {
        "resourcePresetId": "medium",
        "storageConfig": {"storageOptions": [{"storageTypeId": "ssd", "groupCount": "2"}]},
        "scalePolicy": {"fixedScale": {"size": "3"}},
    }
    expected = {"engine": "ydb", "type": "medium", "nodes": 3, "storage_groups": 2, "storage_types": ["ssd"]}
    cloud.put(
        "/ydb/v1/databases",
        {"id": "etn1", "status": "RUNNING", "locationId": "ru-central1", "serverlessDatabase": {}},
        {"id": "etn2", "dedicatedDatabase": sizes, "endpoint": "grpcs://planted"},
        {"id": "etn3", **sizes},
    )
    serverless, dedicated, older = cloud.listed("ydb:database")
    assert (serverless.region, serverless.config) == ("ru-central1", {"engine": "ydb", "type": "serverless"})
    assert dedicated.config == older.config == expected


def test_plain_things_have_a_name_and_a_state(cloud: Cloud) -> None:
    for type_, path in {
        "functions:function": "/functions/v1/functions",
        "containers:container": "/containers/v1/containers",
        "container-registry:registry": "/container-registry/v1/registries",
        "lockbox:secret": "/lockbox/v1/secrets",
    }.items():
        found = cloud.one(type_, path, id="d4e0", name="n", status="ACTIVE", currentVersion={"payload": "planted"})
        assert (found.name, found.status, found.config) == ("n", "ACTIVE", {})


def test_keys_certificates_and_log_groups(cloud: Cloud) -> None:
    key = cloud.one("kms:key", "/kms/v1/keys", id="abj0", status="ACTIVE", defaultAlgorithm="AES_256")
    assert key.config == {"type": "AES_256"}
    certificate = cloud.one(
        "certificate-manager:certificate",
        "/certificate-manager/v1/certificates",
        id="fpq0",
        type="MANAGED",
        status="ISSUED",
        domains=["b.example", "a.example"],
        notAfter="2027-01-01T00:00:00Z",
        challenges=[{"dnsChallenge": {"value": "planted"}}],
    )
    assert certificate.config == {
        "type": "MANAGED",
        "domains": ["a.example", "b.example"],
        "not_after": "2027-01-01T00:00:00+00:00",
    }
    group = cloud.one("logging:log-group", "/logging/v1/logGroups", id="e230", retentionPeriod="259200s")
    assert group.config == {"retention": "259200s"}
