"""Seals bank numbers under a key made from the install's own secret.

Fernet (AES-128-CBC and HMAC-SHA256) under a key derived by HKDF (RFC 5869) with this purpose as
its info, so that no other use of the secret shares the key. Whoever holds the database without
the secret reads nothing. Old secrets in SECRET_KEY_FALLBACKS still open what they sealed.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

_PURPOSE = b"doorstep bank mandate v1"


class SealError(Exception):
    """The sealed text was made under another secret, or was changed."""


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def open_sealed(sealed: str) -> str:
    """The text that `seal` was given; SealError under another secret or after any change."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealError("This was sealed under another secret key, or was changed.") from None


def _box() -> MultiFernet:
    return MultiFernet(
        [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str | bytes) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(
        force_bytes(secret)
    )
    return Fernet(base64.urlsafe_b64encode(derived))
