"""The way into a keystone: one transport, and one SDK session with a token of its own for each project."""

from functools import cached_property
from typing import Any

import requests
from keystoneauth1.access.access import AccessInfo
from keystoneauth1.identity.base import BaseIdentityPlugin
from keystoneauth1.session import Session as KeystoneSession
from openstack.connection import Connection
from openstack.proxy import Proxy

from app.core.domain.errors import ResponseInvalid
from app.providers.answers import parse_json
from app.providers.base import Session
from app.providers.keystone.catalog import Catalog
from app.providers.keystone.errors import check, translated
from app.providers.retrying import shared_pause
from app.providers.transport import HttpTransport, for_requests

_TOKENS = "/auth/tokens"
_PASSED = frozenset({300, 401, 403, 404})
"""Answers that the SDK itself understands: several versions, a token that expired, a closed version document."""


class Door:
    """Lets into the projects of one cloud. `principal` names the credential, for pauses that its users share."""

    def __init__(self, session: Session, principal: str) -> None:
        self._transport = HttpTransport(session, shared_pause(principal), passed=_PASSED)
        self._requests = for_requests(self._transport, repeatable=_asks_for_token)

    def enter(self, auth: BaseIdentityPlugin) -> "Access":
        """Return the access that a way to authenticate gives; no call is made yet."""
        return Access(self._requests, auth)

    def close(self) -> None:
        """Close the connections."""
        self._requests.close()
        self._transport.close()


class Access:
    """One token (renewed by the SDK when it expires) and what it opens."""

    def __init__(self, http: requests.Session, auth: BaseIdentityPlugin) -> None:
        self._auth = auth
        self._session = KeystoneSession(auth=auth, session=http, redirect=False)
        self._connections: dict[str, Connection] = {}

    def check(self) -> None:
        """Ask for the token, unless it is there. Raises AuthenticationFailed when the credential is wrong."""
        self._info  # noqa: B018 - reading it asks

    @property
    def user_id(self) -> str:
        """Whose token it is."""
        return _text(self._info.user_id, "user")

    @property
    def project_id(self) -> str:
        """The project that the token is for. Raises ResponseInvalid when it is for none."""
        return _text(self._info.project_id, "project")

    @property
    def project_name(self) -> str:
        """The project's name, its id where it has none."""
        return self._info.project_name or self.project_id

    @cached_property
    def catalog(self) -> Catalog:
        """The endpoints that the token opens."""
        with translated():
            services = self._info.service_catalog.catalog
        return Catalog.parse(services)

    def client(self, service: str, region: str) -> Proxy:
        """Return the SDK's client of a service in a region; the SDK asks the service for its versions if it must."""
        with translated():
            connection = self._connections.get(region) or Connection(session=self._session, region_name=region)
            self._connections[region] = connection
            client: Proxy = getattr(connection, service.replace("-", "_"))
            return client

    def get(self, url: str, **options: Any) -> Any:
        """Return the JSON that a GET of a whole URL answers with; None for an answer without a body."""
        with translated():
            response = self._session.get(url, raise_exc=False, log=False, **options)
        return answered(response)

    @cached_property
    def _info(self) -> AccessInfo:
        with translated():
            return self._auth.get_access(self._session)


def answered(response: requests.Response) -> Any:
    """Return the JSON of a good answer, None when it has no body. Raises what any other answer means."""
    check(response)
    return parse_json(response.content, response.headers.get("content-type")) if response.content else None


def _asks_for_token(request: requests.PreparedRequest) -> bool:
    return str(request.url).endswith(_TOKENS)


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str) or not value:
        raise ResponseInvalid(f"the token does not say its {what}")
    return value
