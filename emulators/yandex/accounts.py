"""The accounts of the emulated cloud: who may sign in, and what each of them has."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

Item = dict[str, Any]
_BEFORE_THE_KEY = "PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <{key}>\n"


@dataclass(frozen=True, slots=True)
class Usage:
    """What one resource cost on one day; `credit` is negative or zero."""

    day: date
    resource_id: str
    cost: Decimal
    credit: Decimal = Decimal(0)
    name: str = ""
    service: str = ""
    resource_type: str = ""
    cloud_id: str = ""
    folder_id: str = ""


@dataclass(slots=True)
class Account:
    """One customer: a service account with a key, clouds, folders, what is in them, and who pays.

    listings   (path, folder id) -> items
    hosts      path of a cluster's host list -> items
    bindings   billing account -> clouds that it pays for
    denied     parts of paths that answer 403
    sees_clouds   False for a service account with a role on its own folder only
    """

    number: int
    service_account_id: str
    key_id: str
    home_folder: str = ""
    sees_clouds: bool = True
    clouds: list[Item] = field(default_factory=list)
    folders: list[Item] = field(default_factory=list)
    listings: dict[tuple[str, str], list[Item]] = field(default_factory=lambda: defaultdict(list))
    hosts: dict[str, list[Item]] = field(default_factory=dict)
    billing_accounts: list[Item] = field(default_factory=list)
    bindings: dict[str, list[str]] = field(default_factory=dict)
    usage: dict[str, list[Usage]] = field(default_factory=lambda: defaultdict(list))
    denied: set[str] = field(default_factory=set)
    oauth_token: str = ""

    @property
    def public_key(self) -> rsa.RSAPublicKey:
        """What the account's JWTs are verified with."""
        return key_of(self.number).public_key()

    def credentials(self) -> dict[str, Any]:
        """Return the authorized key as the console writes it, in the form that the provider takes."""
        private = key_of(self.number).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = self.public_key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        key = {
            "id": self.key_id,
            "service_account_id": self.service_account_id,
            "created_at": "2026-01-01T00:00:00.123456789Z",
            "key_algorithm": "RSA_2048",
            "public_key": public.decode(),
            "private_key": _BEFORE_THE_KEY.format(key=self.key_id) + private.decode(),
        }
        return {"service_account_key": key}


@cache
def key_of(number: int) -> rsa.RSAPrivateKey:
    """Return the private key of an account, the same as long as the process lives."""
    # Making one takes a good part of a second.
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
