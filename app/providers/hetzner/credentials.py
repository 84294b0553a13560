"""What a user types in to connect a Hetzner Cloud project."""

import re

from pydantic import Field, SecretStr, field_validator

from app.providers.base import Credentials

_SCHEME = re.compile(r"bearer\s", re.IGNORECASE)
_TOKEN = re.compile(r"[!-~]+")


class HetznerCredentials(Credentials):
    """An API token. It belongs to exactly one project, and that project is read."""

    token: SecretStr = Field(
        min_length=1, description="API token of the project (Security > API tokens in the console); Read is enough."
    )

    @field_validator("token")
    @classmethod
    def _check_token(cls, token: SecretStr) -> SecretStr:
        text = token.get_secret_value().strip()
        if _SCHEME.match(text):
            raise ValueError("paste the token alone, without the word Bearer")
        if not _TOKEN.fullmatch(text):
            raise ValueError("an API token has letters and digits only, no spaces or line breaks")
        return SecretStr(text)
