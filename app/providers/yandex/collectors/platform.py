"""Buckets, registries, DNS zones, YDB, functions, containers, keys, secrets, certificates and log groups.

Fields: yandex.cloud/docs/<service>/api-ref. Of secrets and certificates only what they are called is read.
"""

from collections.abc import Mapping

from pydantic import AwareDatetime, Field

from app.core.domain.resources import Resource
from app.providers.yandex.kinds import Described, Kind, Listing
from app.providers.yandex.records import Item, Part, compact, unique


class _Tag(Part):
    key: str
    value: str = ""


class Bucket(Described):
    """A bucket; its name is its id, in the bill as well. Used bytes change all the time and are not kept."""

    name: str = Field(min_length=1)
    default_storage_class: str = ""
    max_size: int = 0
    created_at: AwareDatetime | None = None
    versioning: str = ""
    tags: tuple[_Tag, ...] = ()

    @property
    def key(self) -> str:
        """Its name."""
        return self.name

    def as_resource(self) -> Resource:
        """Return the resource."""
        return Resource(
            external_id=self.name,
            name=self.name,
            created_at=self.created_at,
            tags={tag.key: tag.value for tag in self.tags},
            config=compact(
                type=self.default_storage_class, max_size_bytes=self.max_size or None, versioning=self.versioning
            ),
        )


class Registry(Item, Described):
    """A container registry."""

    def as_resource(self) -> Resource:
        """Return the resource."""
        return self.resource()


class DnsZone(Item, Described):
    """A DNS zone; the cloud has no word for its state."""

    zone: str = ""
    # Present, though empty, for a public zone.
    public_visibility: dict[str, object] | None = None

    def as_resource(self) -> Resource:
        """Return the resource."""
        return self.resource(zone=self.zone, type="private" if self.public_visibility is None else "public")


class _Fixed(Part):
    size: int = 0


class _Scale(Part):
    fixed_scale: _Fixed = _Fixed()


class _StorageOption(Part):
    storage_type_id: str = ""
    group_count: int = 0


class _Storage(Part):
    storage_options: tuple[_StorageOption, ...] = ()


class _Dedicated(Part):
    resource_preset_id: str = ""
    scale_policy: _Scale = _Scale()
    storage_config: _Storage = _Storage()


class Database(Item, Described):
    """A YDB database, serverless or with nodes of its own."""

    location_id: str = ""
    network_id: str = ""
    resource_preset_id: str = ""
    scale_policy: _Scale = _Scale()
    storage_config: _Storage = _Storage()
    dedicated_database: _Dedicated | None = None
    serverless_database: dict[str, object] | None = None

    def as_resource(self) -> Resource:
        """Return the resource. Databases of the older kind have the sizes beside `dedicatedDatabase`."""
        own = self.dedicated_database or self
        options = own.storage_config.storage_options
        return self.resource(
            self.location_id,
            engine="ydb",
            type="serverless" if self.serverless_database is not None else own.resource_preset_id,
            nodes=own.scale_policy.fixed_scale.size or None,
            storage_groups=sum(option.group_count for option in options) or None,
            storage_types=unique(option.storage_type_id for option in options),
            network_id=self.network_id,
        )


class Plain(Item, Described):
    """A function, a container or a secret: name, state and labels are all that is kept."""

    def as_resource(self) -> Resource:
        """Return the resource."""
        return self.resource()


class Key(Item, Described):
    """A symmetric key, not its material."""

    default_algorithm: str = ""

    def as_resource(self) -> Resource:
        """Return the resource."""
        return self.resource(type=self.default_algorithm)


class Certificate(Item, Described):
    """A certificate."""

    type: str = ""
    domains: tuple[str, ...] = ()
    not_after: AwareDatetime | None = None

    def as_resource(self) -> Resource:
        """Return the resource."""
        return self.resource(
            type=self.type, domains=unique(self.domains), not_after=self.not_after and self.not_after.isoformat()
        )


class LogGroup(Item, Described):
    """A log group."""

    retention_period: str = ""

    def as_resource(self) -> Resource:
        """Return the resource."""
        return self.resource(retention=self.retention_period)


KINDS: Mapping[str, Kind] = {
    "storage:bucket": Listing("buckets", "storage.viewer", "storage", "/storage/v1/buckets", "buckets", Bucket),
    "container-registry:registry": Listing(
        "container registries",
        "container-registry.viewer",
        "container-registry",
        "/container-registry/v1/registries",
        "registries",
        Registry,
    ),
    "dns:zone": Listing("DNS zones", "dns.viewer", "dns", "/dns/v1/zones", "dnsZones", DnsZone),
    "ydb:database": Listing("YDB databases", "ydb.viewer", "ydb", "/ydb/v1/databases", "databases", Database),
    "functions:function": Listing(
        "functions", "functions.viewer", "serverless-functions", "/functions/v1/functions", "functions", Plain
    ),
    "containers:container": Listing(
        "serverless containers",
        "serverless-containers.viewer",
        "serverless-containers",
        "/containers/v1/containers",
        "containers",
        Plain,
    ),
    "kms:key": Listing("KMS keys", "kms.viewer", "kms", "/kms/v1/keys", "keys", Key),
    "lockbox:secret": Listing("secrets", "lockbox.viewer", "lockbox", "/lockbox/v1/secrets", "secrets", Plain),
    "certificate-manager:certificate": Listing(
        "certificates",
        "certificate-manager.viewer",
        "certificate-manager",
        "/certificate-manager/v1/certificates",
        "certificates",
        Certificate,
    ),
    "logging:log-group": Listing(
        "log groups", "logging.viewer", "logging", "/logging/v1/logGroups", "groups", LogGroup
    ),
}
