"""Flask extensions that only the API needs, made without an app: the command line does not pay for their import."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager

login_manager = LoginManager()
# A session that is sent from another address or browser than it was made with is dropped.
login_manager.session_protection = "strong"

limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")
