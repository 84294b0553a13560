"""Where keys come from: the environment, or a file made once for the embedded database."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet

from app.settings import Settings, SettingsError


def encryption_keys(settings: Settings) -> list[str]:
    """Return the keys for credentials, the encrypting one first. Raises SettingsError when there is none."""
    if settings.encryption_keys:
        return [key.get_secret_value() for key in settings.encryption_keys]
    _require_embedded(settings, "INFRAZEN_ENCRYPTION_KEYS", "infrazen keys generate")
    return [_made_once(settings.instance_dir / "encryption.key", Fernet.generate_key().decode())]


def secret_key(settings: Settings) -> str:
    """Return the key that signs sessions. Raises SettingsError when there is none."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value()
    _require_embedded(settings, "INFRAZEN_SECRET_KEY", "python -c 'import secrets; print(secrets.token_hex(32))'")
    return _made_once(settings.instance_dir / "secret.key", secrets.token_hex(32))


def _require_embedded(settings: Settings, variable: str, command: str) -> None:
    if not settings.is_embedded:
        raise SettingsError(f"{variable}: required with a database server, the same on every machine; `{command}`")


def _made_once(path: Path, fresh: str) -> str:
    """Return the file's text; write `fresh` there first, readable by the owner only, if there is no file."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(fresh)
            # A hard link appears whole or not at all: whoever comes second reads the first one's key.
            with suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise SettingsError(f"INFRAZEN_INSTANCE_DIR: cannot keep a key in {path}: {error.strerror}") from error
