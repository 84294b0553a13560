"""Makes clients of AWS's APIs: cheap (the service models are read once per process), few at a time, and isolated
from whatever AWS settings the operator has in the environment or home directory.
"""

import logging
import os
import threading
from collections import OrderedDict
from contextlib import suppress
from datetime import datetime
from functools import cache, partial
from importlib.metadata import version
from typing import Any, Protocol

import botocore.session
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConfigValueStore, ConstantProvider
from botocore.credentials import Credentials as Keys
from botocore.loaders import Loader
from botocore.utils import parse_timestamp

from app.providers.aws.credentials import AwsCredentials
from app.providers.aws.transport import Transport
from app.providers.base import Session

ATTEMPTS = 4
"""Tries of one call in all; botocore waits between them: 7 s together when throttled, else under a second."""
MAX_OPEN = 4
"""Clients kept per account. Scopes come region by region and service by service, so more would lie idle."""

# botocore writes signed requests, session tokens and the answer of AssumeRole to its debug log.
logging.getLogger("botocore").setLevel(logging.INFO)

_creating = threading.Lock()


class SigningKeys(Protocol):
    """Where the keys that sign a request come from."""

    def get_frozen_credentials(self) -> Any:
        """Return botocore's ReadOnlyCredentials, valid now."""
        ...


class Clients:
    """The clients of one account, made when asked for. Used by one thread at a time."""

    def __init__(self, credentials: AwsCredentials, session: Session, transport: Transport) -> None:
        token = credentials.session_token
        self._keys = Keys(
            credentials.access_key_id,
            credentials.secret_access_key.get_secret_value(),
            token.get_secret_value() if token else None,
        )
        self._session, self._transport = session, transport
        self._open: OrderedDict[tuple[str, str], Any] = OrderedDict()

    def get(self, service: str, region: str, keys: SigningKeys | None = None) -> Any:
        """Return the botocore client; requests are signed with `keys`, by default those of the credential."""
        client = self._open.get((service, region))
        if client is None:
            client = self._open[service, region] = self.create(service, region, keys)
            if len(self._open) > MAX_OPEN:
                self._open.popitem(last=False)[1].close()
        self._open.move_to_end((service, region))
        return client

    def create(self, service: str, region: str, keys: SigningKeys | None = None, *, retries: bool = True) -> Any:
        """Make a client that the caller closes; without retries each call is tried once."""
        with _creating:
            client = _core().create_client(
                service,
                region_name=region,
                endpoint_url=self._session.api_endpoint,
                aws_access_key_id=self._keys.access_key,
                aws_secret_access_key=self._keys.secret_key,
                aws_session_token=self._keys.token,
                config=_config(ATTEMPTS if retries else 1),
            )
        self._transport.attach(client)
        if keys is not None:
            # Asked for at every try, so that a long listing outlives the keys that it began with.
            client.meta.events.register("before-sign", partial(_sign_with, keys))
        return client

    def close(self) -> None:
        """Close every client."""
        while self._open:
            self._open.popitem()[1].close()


def _sign_with(keys: SigningKeys, request: Any, **_: Any) -> None:
    request.context["signing"] = {**request.context.get("signing", {}), "request_credentials": keys}


@cache
def _config(attempts: int) -> Config:
    return Config(
        retries={"mode": "standard", "total_max_attempts": attempts},
        user_agent_extra=f"infrazen/{version('infrazen')}",
        max_pool_connections=1,
        ignore_configured_endpoint_urls=True,
    )


@cache
def _core() -> botocore.session.Session:
    """Return the process's one botocore session: no environment, no files but botocore's own."""
    settings = {name: default for name, (_, _, default, _) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()}
    settings |= {"config_file": os.devnull, "credentials_file": os.devnull}
    core = botocore.session.Session()
    core.register_component(
        "config_store", ConfigValueStore({name: ConstantProvider(value) for name, value in settings.items()})
    )
    core.register_component("data_loader", Loader([Loader.BUILTIN_DATA_PATH], include_default_search_paths=False))
    core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_timestamp)
    return core


def _timestamp(value: Any) -> datetime:
    """Read a time as botocore does, the usual form faster: it took a fifth of the time of listing instances."""
    if isinstance(value, str) and value.endswith("Z"):
        with suppress(ValueError):
            return datetime.fromisoformat(value)
    parsed: datetime = parse_timestamp(value)
    return parsed
