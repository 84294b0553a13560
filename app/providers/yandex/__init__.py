"""Yandex Cloud: inventory through the REST API, cost through the usage API. See README.md beside this."""

from typing import ClassVar

from app.providers.base import Session
from app.providers.yandex.account import YandexAccount
from app.providers.yandex.credentials import YandexCredentials


class YandexProvider:
    """The plugin that the entry point `yandex` names."""

    name: ClassVar[str] = "yandex"
    title: ClassVar[str] = "Yandex Cloud"
    credentials: ClassVar[type[YandexCredentials]] = YandexCredentials

    def open(self, credentials: YandexCredentials, session: Session) -> YandexAccount:
        """Return an account; no call is made yet."""
        return YandexAccount(credentials, session)
