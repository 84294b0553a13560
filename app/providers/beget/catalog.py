"""Every resource type, and what lists it. Each is one scope: a call answers for all regions."""

from collections.abc import Callable, Iterator, Mapping

from app.core.domain.resources import Resource
from app.providers.beget.collectors import copies, domains, hosting, networks, servers, services
from app.providers.beget.reader import ACCOUNT, Reader

Collector = Callable[[Reader], Iterator[Resource]]

CLOUD: Mapping[str, Collector] = {
    "cloud:project": services.projects,
    servers.TYPE: servers.servers,
    "vps:ip": networks.addresses,
    "vps:private-network": networks.private_networks,
    "vps:snapshot": copies.snapshots,
    "vps:backup": copies.backups,
    **{type_: services.of_type(type_) for type_ in (*dict.fromkeys(services.FAMILIES.values()), services.OTHER)},
}
"""Read through the Cloud API."""
HOSTING: Mapping[str, Collector] = {
    ACCOUNT: hosting.accounts,
    domains.TYPE: domains.domains,
    "hosting:subdomain": domains.subdomains,
    "hosting:site": hosting.sites,
    "hosting:database": hosting.databases,
    "hosting:ftp-account": hosting.ftp_accounts,
    "hosting:mailbox": domains.mailboxes,
    "hosting:backup": hosting.backups,
}
"""Read through the hosting API."""
