"""What an operator wrote in the environment, read strictly: a setting that cannot be meant stops
the start in a sentence, instead of being guessed at."""

import fcntl
import os
import re
import secrets
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def truth(name: str, default: bool) -> bool:
    given = os.environ.get(name, "").strip().lower()
    if given in {"", "yes", "true", "1", "no", "false", "0"}:
        return default if not given else given in {"yes", "true", "1"}
    raise ImproperlyConfigured(f"{name} is {given!r}; write yes or no.")


def proxy(name: str) -> str:
    """Whose word on where a visitor comes from is taken: an address, "*" of all, "" of nobody."""
    given = os.environ.get(name, "").strip()
    with suppress(ValueError):
        return str(ip_address(given))
    try:
        return "*" if truth(name, False) else ""
    except ImproperlyConfigured:
        raise ImproperlyConfigured(
            f"{name} is {given!r}; write no, yes, or the proxy's address, such as 127.0.0.1."
        ) from None


def whole(name: str, default: int) -> int:
    given = os.environ.get(name, "").strip()
    if given and not re.fullmatch(r"[0-9]{1,5}", given, re.ASCII):
        raise ImproperlyConfigured(f"{name} is {given!r}; write a whole number.")
    return int(given) if given else default


def kept_secret(path: Path) -> str:
    """The install's own secret, made at the first start and readable by its owner alone.

    Of several processes at a first start one makes it, whole, while the others wait.
    """
    if not path.exists():
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            if not path.exists():
                fresh = path.with_name(f"{path.name}.fresh")
                handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(handle, "w") as file:
                    file.write(secrets.token_urlsafe(50))
                fresh.replace(path)
        finally:
            os.close(folder)
    return path.read_text()


def strong(name: str, secret: str) -> str:
    """A secret as it was given, unless it could be guessed."""
    if len(secret) < 50 or len(set(secret)) < 20:
        raise ImproperlyConfigured(
            f"{name} is too short or too plain to keep a secret with. Leave it out, and a good one "
            "is made in the data folder; or write 50 characters or more that nobody could guess."
        )
    return secret
