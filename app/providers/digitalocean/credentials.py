"""What a user types in to connect a DigitalOcean team."""

import re

from pydantic import Field, SecretStr, field_validator, model_validator

from app.providers.base import Credentials

_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_REGION = re.compile(r"[a-z]{3}\d")


class DigitalOceanCredentials(Credentials):
    """A personal access token of one team; reading is enough. A key of Spaces only to list its buckets."""

    token: SecretStr = Field(
        min_length=1, description="Personal access token of the team, dop_v1_…, with read scopes and billing:read."
    )

    spaces_access_key: str | None = Field(
        None,
        min_length=1,
        pattern=r"^\w+$",
        description="Access key of Spaces (full access), DO…, to list its buckets.",
    )
    spaces_secret_key: SecretStr | None = Field(
        None, min_length=1, description="The secret that belongs to the access key of Spaces."
    )
    spaces_regions: tuple[str, ...] | None = Field(
        None, min_length=1, description="Regions with buckets, such as fra1. Left out: every region that has Spaces."
    )

    @field_validator("token")
    @classmethod
    def _check_token(cls, token: SecretStr) -> SecretStr:
        text = token.get_secret_value()
        if not _PRINTABLE.fullmatch(text):
            raise ValueError("a token has no spaces and no letters outside ASCII; copy it once more")
        if text.startswith("dor_v1_"):
            raise ValueError("this is a refresh token; a personal access token begins with dop_v1_")
        return token

    @field_validator("spaces_regions")
    @classmethod
    def _check_regions(cls, regions: tuple[str, ...] | None) -> tuple[str, ...] | None:
        wrong = next((region for region in regions or () if not _REGION.fullmatch(region)), None)
        if wrong is not None:
            raise ValueError(f"{wrong!r} is not a region's name, such as fra1")
        return None if regions is None else tuple(sorted(set(regions)))

    @model_validator(mode="after")
    def _check_together(self) -> "DigitalOceanCredentials":
        if (self.spaces_access_key is None) != (self.spaces_secret_key is None):
            raise ValueError("spaces_access_key and spaces_secret_key belong together; give both or neither")
        if self.spaces_regions is not None and self.spaces_access_key is None:
            raise ValueError("spaces_regions is used only with a key of Spaces; add the key or leave it out")
        return self
