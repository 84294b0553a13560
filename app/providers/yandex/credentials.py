"""What a user types in to connect a Yandex Cloud account."""

import json
import re
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from app.providers.base import Credentials

_PEM = re.compile(r"-----BEGIN (?:RSA )?PRIVATE KEY-----.*?-----END (?:RSA )?PRIVATE KEY-----", re.DOTALL)
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KINDS = ("service_account_key", "oauth_token", "iam_token")


def load_key(pem: str) -> RSAPrivateKey:
    """Return the key of a PEM text. Raises ValueError that says what is wrong with it."""
    try:
        # The full check of a key takes a tenth of a second, and signing with a wrong one harms nobody.
        key = load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError) as error:
        raise ValueError("the PEM text is damaged; was a part of it lost while pasting?") from error
    if not isinstance(key, RSAPrivateKey):
        # A TypeError would not become a message of the form.
        raise ValueError(  # noqa: TRY004
            "the key is no RSA key; make an authorized key with the algorithm RSA_2048 or RSA_4096"
        )
    return key


class ServiceAccountKey(BaseModel):
    """An authorized key of a service account, as the console or `yc iam key create` writes it."""

    # The file also has created_at, key_algorithm and public_key, which nothing here needs.
    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)

    id: str = Field(min_length=1, description="Id of the key, aje….")
    service_account_id: str = Field(min_length=1, description="Id of the service account that the key belongs to.")
    private_key: SecretStr = Field(description="The private key as PEM text; a comment line before it does no harm.")

    @field_validator("private_key")
    @classmethod
    def _check_key(cls, key: SecretStr) -> SecretStr:
        pem = _PEM.search(key.get_secret_value())
        if pem is None:
            raise ValueError("there is no BEGIN PRIVATE KEY … END PRIVATE KEY block in it")
        load_key(pem[0])
        return SecretStr(pem[0])


class YandexCredentials(Credentials):
    """One of a service account's authorized key, an OAuth token or an IAM token; and what to read with it."""

    service_account_key: ServiceAccountKey | None = Field(
        None,
        description="Authorized key of a service account: the JSON of the key file, as an object or as pasted text.",
    )
    oauth_token: SecretStr | None = Field(
        None, min_length=1, description="OAuth token of a person (y0_…). Yandex gives these up: prefer a key."
    )
    iam_token: SecretStr | None = Field(
        None, min_length=1, description="IAM token (t1.…). It lasts 12 hours at most and cannot be renewed: for tests."
    )
    cloud_id: str | None = Field(None, description="Read only this cloud (b1g…). Left out: all that can be seen.")
    folder_id: str | None = Field(None, description="Read only this folder (b1g…). Left out: all that can be seen.")
    billing_account_id: str | None = Field(
        None,
        description="Billing account (dn2…) whose costs to read. Needed when it cannot be listed, or when several pay.",
    )

    @field_validator("service_account_key", mode="before")
    @classmethod
    def _parse_key(cls, key: Any) -> Any:
        if not isinstance(key, str):
            return key
        try:
            parsed = json.loads(key, strict=False)
        except ValueError:
            raise ValueError("not the JSON of a key file; paste the whole file, from { to }") from None
        if not isinstance(parsed, dict):
            raise ValueError(  # noqa: TRY004 - as above
                "the JSON of a key file is an object with id, service_account_id and private_key"
            )
        return parsed

    @field_validator("cloud_id", "folder_id", "billing_account_id")
    @classmethod
    def _check_id(cls, id_: str | None) -> str | None:
        if id_ is not None and not _ID.fullmatch(id_):
            raise ValueError("an id has only letters and digits, such as b1g0123456789abcdefg; this is not one")
        return id_

    @model_validator(mode="after")
    def _check_one(self) -> "YandexCredentials":
        given = [kind for kind in _KINDS if getattr(self, kind) is not None]
        if not given:
            raise ValueError("give a service_account_key (the usual choice), an oauth_token or an iam_token")
        if len(given) > 1:
            raise ValueError(f"give exactly one of {', '.join(_KINDS)}; there are {' and '.join(given)}")
        return self
