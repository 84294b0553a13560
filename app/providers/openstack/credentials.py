"""What a user types in to connect an OpenStack cloud."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from app.providers.base import Credentials


class OpenStackCredentials(Credentials):
    """A user with a password, or an application credential, at a keystone (Identity API version 3)."""

    auth_url: str = Field(
        description="Address of the Identity service (keystone), such as https://cloud.example:5000/v3."
    )
    username: str | None = Field(None, min_length=1, description="Name of the user, together with a password.")
    password: SecretStr | None = Field(None, min_length=1, description="The user's password.")
    user_domain_name: str = Field("Default", min_length=1, description="Domain that the user belongs to.")
    application_credential_id: str | None = Field(
        None, min_length=1, description="Id of an application credential, instead of a user name and password."
    )
    application_credential_secret: SecretStr | None = Field(
        None, min_length=1, description="The secret of the application credential."
    )
    project_id: str | None = Field(
        None, min_length=1, description="Project to read. Left out: every project that the user may enter."
    )
    project_name: str | None = Field(None, min_length=1, description="Name of the project, instead of its id.")
    project_domain_name: str = Field(
        "Default", min_length=1, description="Domain that the project belongs to; used only with its name."
    )
    regions: tuple[str, ...] | None = Field(
        None, description="Regions to read, such as RegionOne. Left out: every region of the service catalog."
    )

    @field_validator("auth_url")
    @classmethod
    def _check_url(cls, auth_url: str) -> str:
        parts = urlsplit(auth_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("not an address of keystone, such as https://cloud.example:5000/v3")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("give the plain address, without a user, a query or a fragment in it")
        if "v2.0" in parts.path.split("/"):
            raise ValueError("version 2 of the Identity API is too old; give the address of version 3")
        return auth_url.rstrip("/")

    @field_validator("regions")
    @classmethod
    def _check_regions(cls, regions: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if regions is None:
            return None
        if not regions or not all(regions):
            raise ValueError("name at least one region, or leave the list out to read every region")
        return tuple(sorted(set(regions)))

    @model_validator(mode="after")
    def _check_together(self) -> "OpenStackCredentials":
        by_password = self.username is not None or self.password is not None
        by_application = self.application_credential_id is not None or self.application_credential_secret is not None
        if by_password == by_application:
            raise ValueError("give either username and password, or the id and secret of an application credential")
        if by_password and (self.username is None or self.password is None):
            raise ValueError("username and password go together; one of them is missing")
        if by_application and (self.application_credential_id is None or self.application_credential_secret is None):
            raise ValueError("an application credential has an id and a secret; one of them is missing")
        if by_application and (self.project_id or self.project_name):
            raise ValueError("an application credential belongs to one project already; leave the project out")
        if self.project_id and self.project_name:
            raise ValueError("name the project by project_id or by project_name, not by both")
        return self
