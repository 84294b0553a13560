"""InfraZen: keeps the cloud inventory and daily cost of every customer up to date."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apiflask import APIFlask

    from app.settings import Settings


def create_app(settings: "Settings | None" = None) -> "APIFlask":
    """Return the web application; settings come from the environment unless given. Raises SettingsError."""
    # Imported here: the command line starts without the web, and `app` must stay cheap to import.
    from app.factory import build_app
    from app.settings import Settings

    return build_app(settings or Settings.from_env())
