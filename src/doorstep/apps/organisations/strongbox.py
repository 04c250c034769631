"""Seals bank numbers, and what other rooms must not leak, under a key made from the install's
own secret.

Fernet (AES-128-CBC and HMAC-SHA256) under a key derived by HKDF (RFC 5869) with its purpose as
info, so that no other use of the secret shares the key. Whoever holds the database without
the secret reads nothing. Old secrets in SECRET_KEY_FALLBACKS still open what they sealed.
"""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

BANK_MANDATE = b"doorstep bank mandate v1"


class SealError(Exception):
    """The sealed text was made under another secret, or was changed."""


def seal(text: str, purpose: bytes = BANK_MANDATE) -> str:
    return _box(purpose).encrypt(text.encode()).decode()


def open_sealed(sealed: str, purpose: bytes = BANK_MANDATE) -> str:
    """The text that `seal` was given; SealError under another secret or after any change."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealError("This was sealed under another secret key, or was changed.") from None


def fingerprints(text: str, purpose: bytes) -> list[str]:
    """By which a text is found again without being kept in the clear: HMAC-SHA256 under a key of
    this purpose. The first is today's, the others are those of older secrets."""
    return [
        hmac.digest(_derived(secret, purpose), text.encode(), "sha256").hex()
        for secret in _secrets()
    ]


def _secrets() -> list[str | bytes]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _box(purpose: bytes) -> MultiFernet:
    keys = (_derived(secret, purpose) for secret in _secrets())
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def _derived(secret: str | bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(force_bytes(secret))
