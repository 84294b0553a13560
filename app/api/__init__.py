"""The HTTP API: parse, call one service, answer."""

from apiflask import APIFlask
from flask.json.provider import DefaultJSONProvider

from app.api import access, auth, bulk_syncs, docs, errors, guards, health
from app.api.extensions import limiter, login_manager


class _Json(DefaultJSONProvider):
    """JSON as it is written: text readable, keys in the contract's order."""

    ensure_ascii = False
    sort_keys = False


def init_app(app: APIFlask) -> None:
    """Bind everything the API consists of to the app."""
    app.json = _Json(app)
    login_manager.init_app(app)
    login_manager.user_loader(access.load_user)
    limiter.init_app(app)
    for part in (errors, guards, docs):
        part.init_app(app)
    for blueprint in (auth.bp, bulk_syncs.bp, health.bp):
        app.register_blueprint(blueprint)
