"""DigitalOcean's list prices for what the API gives no price of, in USD.

As of AS_OF, from what https://www.digitalocean.com/pricing and https://docs.digitalocean.com/products said then.
Not verified against today's price page. Where a bill names the resource, the bill counts.
"""

from datetime import date
from decimal import Decimal

AS_OF = date(2026, 8, 1)
CURRENCY = "USD"

VOLUME_GIB_MONTH = Decimal("0.10")
SNAPSHOT_GB_MONTH = Decimal("0.06")
"""Snapshots of droplets and of volumes, and custom images."""
LOAD_BALANCER_UNIT_MONTH = Decimal(12)
"""One node of a regional HTTP load balancer; other types have other prices."""
IDLE_RESERVED_IP_MONTH = Decimal(5)
HA_CONTROL_PLANE_MONTH = Decimal(40)
"""A highly available control plane of managed Kubernetes; the plain one is free."""
