"""Which network addresses belong to the public internet."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_NAT64 = ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """True for an IP address that anyone may be asked to call: none that is private, loopback, link-local, shared
    (carrier-grade NAT), reserved or multicast, also when it is hidden inside an IPv6 address.

    Raises ValueError for what is no IP address.
    """
    ip = ip_address(address.partition("%")[0])
    return all(part.is_global and not part.is_multicast for part in (ip, *_inside(ip)))


def _inside(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    if isinstance(ip, IPv4Address):
        return []
    translated = IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
    teredo = ip.teredo[1] if ip.teredo else None
    return [inner for inner in (ip.ipv4_mapped, ip.sixtofour, teredo, translated) if inner is not None]
