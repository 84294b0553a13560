"""Where Yandex Cloud's services answer. Ids and hosts: yandex.cloud/docs/api-design-guide/concepts/endpoints."""

from urllib.parse import urlsplit

DOMAIN = "api.cloud.yandex.net"
TOKENS_PATH = "/iam/v1/tokens"
TOKENS_URL = f"https://iam.{DOMAIN}{TOKENS_PATH}"
"""The audience of every JWT, also when another endpoint is called."""
BILLING = "billing"
_OTHER_HOSTS = {"managed-kubernetes": "mks"}


class Endpoints:
    """Turns a service's id and a path into a URL; one `api_endpoint` serves all paths."""

    def __init__(self, api_endpoint: str | None) -> None:
        self.base = api_endpoint.rstrip("/") if api_endpoint else None

    def url(self, service: str, path: str) -> str:
        """Return the URL of a path of a service."""
        return f"{self.base or self.public(service)}{path}"

    @staticmethod
    def public(service: str) -> str:
        """Return the public base URL of a service."""
        return f"https://{_OTHER_HOSTS.get(service, service)}.{DOMAIN}"

    @property
    def is_plain(self) -> bool:
        """True when an operator chose an endpoint without TLS."""
        return self.base is not None and urlsplit(self.base).scheme == "http"

    @property
    def own_address(self) -> str:
        """Return host:port of the `api_endpoint`, or of the public billing service."""
        parts = urlsplit(self.base or self.public(BILLING))
        host, port = parts.hostname or "", parts.port or (80 if self.is_plain else 443)
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
