"""Load balancers: application, network and gateway (elbv2), and classic ones (elb), in one scope.

Fields: docs.aws.amazon.com/elasticloadbalancing/latest/APIReference and .../2012-06-01/APIReference. Tags are read
for 20 load balancers at a time.
"""

from collections.abc import Iterator, Mapping
from itertools import batched
from typing import Any

from app.core.domain.resources import Resource
from app.providers.aws.fields import compact, pick, tag_map, utc
from app.providers.aws.reader import Reader, answered
