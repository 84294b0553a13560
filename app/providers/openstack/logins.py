"""The ways to authenticate that a credential allows."""

from keystoneauth1.identity import v3

from app.providers.openstack.credentials import OpenStackCredentials


def identity_url(address: str) -> str:
    """Return the address of version 3 of the Identity API."""
    address = address.rstrip("/")
    return address if address.endswith("/v3") else f"{address}/v3"


def into_named_project(credentials: OpenStackCredentials, auth_url: str) -> v3.Auth | None:
    """Return the login into the one project that the credential names or is bound to; None when there is none."""
    if credentials.application_credential_id and credentials.application_credential_secret:
        return v3.ApplicationCredential(
            auth_url,
            application_credential_id=credentials.application_credential_id,
            application_credential_secret=credentials.application_credential_secret.get_secret_value(),
        )
    if credentials.project_id or credentials.project_name:
        login = without_project(credentials, auth_url)
        login.unscoped = False
        login.project_id, login.project_name = credentials.project_id, credentials.project_name
        login.project_domain_name = credentials.project_domain_name if credentials.project_name else None
        return login
    return None


def into_project(credentials: OpenStackCredentials, auth_url: str, project_id: str) -> v3.Auth:
    """Return the user's login into a project."""
    login = without_project(credentials, auth_url)
    login.unscoped, login.project_id = False, project_id
    return login


def without_project(credentials: OpenStackCredentials, auth_url: str) -> v3.Auth:
    """Return the login of the user alone. Raises ValueError when the credential is none of a user."""
    if credentials.password is None:
        raise ValueError("an application credential has no password")
    return v3.Password(
        auth_url,
        username=credentials.username,
        password=credentials.password.get_secret_value(),
        user_domain_name=credentials.user_domain_name,
        unscoped=True,
    )
