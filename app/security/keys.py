"""Where keys come from: the environment, or a file made once for the embedded database."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet

from app.settings import Settings, SettingsError


def encryption_keys(settings: Settings) -> list[str]:
    """Return the keys for credentials, the encrypting one first. Raises SettingsError when there is none."""
    if settings.encryption_keys:
        return [key.get_secret_value() for key in settings.encryption_keys]
    _require_embedded(settings, "INFRAZEN_ENCRYPTION_KEYS", "infrazen keys generate")
    path = settings.instance_dir / "encryption.key"
    key = _made_once(path, Fernet.generate_key().decode())
    try:
        Fernet(key)
    except ValueError:
        raise SettingsError(f"INFRAZEN_INSTANCE_DIR: {path} holds no Fernet key; put the right one back") from None
    return [key]


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
            _write_once(path, fresh)
        kept = path.read_text().strip()
    except OSError as error:
        raise SettingsError(f"INFRAZEN_INSTANCE_DIR: cannot keep a key in {path}: {error.strerror}") from error
    if not kept:
        raise SettingsError(f"INFRAZEN_INSTANCE_DIR: {path} is empty; put the key back, or remove the file")
    return kept


def _write_once(path: Path, text: str) -> None:
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        # A hard link appears whole or not at all: whoever comes second reads the first one's key.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
