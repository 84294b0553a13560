"""What a user types in to connect a Beget account."""

import re

from pydantic import Field, SecretStr, field_validator

from app.providers.base import Credentials

_LOGIN = re.compile(r"[\w.@+-]{1,128}")


class BegetCredentials(Credentials):
    """A login of the control panel, and the password of the hosting API where it has one of its own."""

    login: str = Field(description="Login of the Beget account, as typed into the control panel.")
    password: SecretStr = Field(description="Password of the account. The second factor must be off for this login.")
    api_password: SecretStr | None = Field(
        None,
        description="Password of the hosting API, set in the control panel under Settings, API. Left out: the "
        "account's password is tried.",
    )
    hosting: bool = Field(
        True,
        description="Whether to read the hosting account (sites, domains, mail) too. Set it to false when the login "
        "has only cloud services or its hosting API stays switched off.",
    )

    @field_validator("login")
    @classmethod
    def _check_login(cls, login: str) -> str:
        if not login:
            raise ValueError("the login is empty")
        if not _LOGIN.fullmatch(login):
            raise ValueError("a login has only letters, digits, and any of . _ - @ +")
        return login

    @field_validator("password", "api_password")
    @classmethod
    def _check_password(cls, password: SecretStr | None) -> SecretStr | None:
        if password is not None and not password.get_secret_value():
            raise ValueError("the password is empty")
        return password

    @property
    def hosting_password(self) -> SecretStr:
        """The password that the hosting API is called with."""
        return self.password if self.api_password is None else self.api_password
