"""What a user types in to connect a Selectel account."""

import re

from pydantic import Field, SecretStr, field_validator

from app.providers.base import Credentials

_ACCOUNT = re.compile(r"\d{1,20}")
_PROJECT = re.compile(r"[0-9a-f]{32}")


class SelectelCredentials(Credentials):
    """A service user of the account, and optionally a static key for what belongs to the account as a whole."""

    account_id: str = Field(description="Number of the account, such as 123456 (top right of the control panel).")
    service_username: str = Field(min_length=1, description="Name of a service user with the right to read.")
    service_password: SecretStr = Field(min_length=1, description="The service user's password.")
    api_key: SecretStr | None = Field(
        None,
        min_length=1,
        description="Static key (X-Token). Only needed when the service user has no role on the whole account.",
    )
    project_ids: tuple[str, ...] | None = Field(
        None, description="Ids of the projects to read, 32 hex digits each. Left out: every project of the account."
    )

    @field_validator("account_id")
    @classmethod
    def _check_account(cls, account_id: str) -> str:
        if not _ACCOUNT.fullmatch(account_id):
            raise ValueError("an account's number has only digits, such as 123456")
        return account_id

    @field_validator("project_ids")
    @classmethod
    def _check_projects(cls, project_ids: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if project_ids is None:
            return None
        plain = {id_.strip().lower().replace("-", "") for id_ in project_ids}
        wrong = next((id_ for id_ in sorted(plain) if not _PROJECT.fullmatch(id_)), None)
        if wrong is not None:
            raise ValueError(f"{wrong!r} is not a project's id: 32 hex digits")
        if not plain:
            raise ValueError("name at least one project, or leave the list out to read every project")
        return tuple(sorted(plain))
