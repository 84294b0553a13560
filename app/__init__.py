"""InfraZen: keeps the cloud inventory and daily cost of every customer up to date."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apiflask import APIFlask

    from app.settings import Settings

# Sessions that requests need while a run, which has its own, is under way.
_SESSIONS_BESIDE_A_RUN = 4


def create_app(settings: "Settings | None" = None) -> "APIFlask":
    """Return the web application; nothing connects to the database yet. Raises SettingsError.

    Settings come from the environment unless given; whoever gives them has set up logging too.
    """
    # Imported here: the command line starts without the web, and `app` must stay cheap to import.
    from importlib.metadata import version

    from apiflask import APIFlask

    from app import api
    from app import logging as app_logging
    from app.core.services.runtime import Runtime
    from app.extensions import db
    from app.settings import Settings

    if settings is None:
        settings = Settings.from_env()
        app_logging.configure(settings.log_level, settings.log_format)
    app = APIFlask(
        "app",
        title="InfraZen",
        version=version("infrazen"),
        docs_path=None,
        static_folder=None,  # type: ignore[arg-type]  # Flask takes None, for no such route
        instance_path=str(settings.instance_dir.absolute()),
    )
    app.config.from_mapping(_flask_config(settings))
    db.init_app(app)
    app.extensions["infrazen"] = Runtime.from_settings(settings, _sessions(app))
    api.init_app(app)
    return app


def _flask_config(settings: "Settings") -> dict[str, Any]:
    from datetime import timedelta

    from app.core.persistence.engine import engine_options
    from app.security.keys import secret_key

    pool_size = settings.sync_concurrency + _SESSIONS_BESIDE_A_RUN
    return {
        "SECRET_KEY": secret_key(settings),
        "SESSION_COOKIE_NAME": "infrazen_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.env == "production",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "SQLALCHEMY_DATABASE_URI": _database_url(settings),
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database, pool_size=pool_size),
    }


def _database_url(settings: "Settings") -> Any:
    """Return the database's URL. Flask-SQLAlchemy would look for a relative file elsewhere than the command line."""
    from pathlib import Path

    from sqlalchemy import make_url

    url = make_url(settings.database)
    return url.set(database=str(Path(url.database).absolute())) if settings.is_embedded and url.database else url


def _sessions(app: "APIFlask") -> Any:
    from sqlalchemy.orm import sessionmaker

    from app.extensions import db

    with app.app_context():
        return sessionmaker(db.engine, expire_on_commit=False)
