"""What a user types in to connect an AWS account."""

import re

from pydantic import Field, SecretStr, field_validator, model_validator

from app.providers.base import Credentials

_KEY_ID = re.compile(r"\w{1,128}")
_SECRET_LENGTH = 40
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/\S+")
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}")
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")
_TEMPORARY = "ASIA"


class AwsCredentials(Credentials):
    """A key of an IAM user (or a temporary key), and optionally a role to take on with it."""

    access_key_id: str = Field(description="Access key id of an IAM user, such as AKIA… (20 characters).")
    secret_access_key: SecretStr = Field(min_length=1, description="The secret that belongs to the access key id.")
    session_token: SecretStr | None = Field(
        None, min_length=1, description="Only for temporary keys (ASIA…): the session token that came with them."
    )
    role_arn: str | None = Field(
        None, description="Role to take on, such as arn:aws:iam::123456789012:role/Inventory; its account is read."
    )
    external_id: str | None = Field(
        None, description="External id that the role's trust policy asks for; only together with the role."
    )
    regions: tuple[str, ...] | None = Field(
        None, description="Regions to read, such as eu-central-1. Left out: every region enabled for the account."
    )

    @field_validator("access_key_id")
    @classmethod
    def _check_key_id(cls, key_id: str) -> str:
        if len(key_id) == _SECRET_LENGTH:
            raise ValueError("this looks like the secret access key; the access key id is the short one, AKIA…")
        if not _KEY_ID.fullmatch(key_id):
            raise ValueError("an access key id has only letters and digits, such as AKIA…")
        return key_id

    @field_validator("role_arn")
    @classmethod
    def _check_role(cls, role_arn: str | None) -> str | None:
        if role_arn is not None and not _ROLE.fullmatch(role_arn):
            raise ValueError("not a role's ARN, such as arn:aws:iam::123456789012:role/Inventory")
        return role_arn

    @field_validator("external_id")
    @classmethod
    def _check_external_id(cls, external_id: str | None) -> str | None:
        if external_id is not None and not _EXTERNAL_ID.fullmatch(external_id):
            raise ValueError("an external id has 2 to 1224 letters, digits or any of +=,.@:/-")
        return external_id

    @field_validator("regions")
    @classmethod
    def _check_regions(cls, regions: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if regions is None:
            return None
        if not regions:
            raise ValueError("name at least one region, or leave the list out to read every enabled region")
        wrong = next((region for region in regions if not _REGION.fullmatch(region)), None)
        if wrong is not None:
            raise ValueError(f"{wrong!r} is not a region's name, such as eu-central-1")
        return tuple(sorted(set(regions)))

    @model_validator(mode="after")
    def _check_together(self) -> "AwsCredentials":
        if self.external_id is not None and self.role_arn is None:
            raise ValueError("external_id is sent only when a role is taken on; add role_arn or leave it out")
        if self.access_key_id.startswith(_TEMPORARY) and self.session_token is None:
            raise ValueError("an access key id that begins with ASIA is temporary; session_token is needed with it")
        return self
