"""Sealing a ballot to the round's key, so that only the trustees together can open it.

HPKE (RFC 9180), base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. What comes out is
`enc` (65 bytes) and then the ciphertext, as WebCrypto can take apart without a library.
"""

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization as write
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import load_der_private_key

from doorstep.engine.seal.canonical import Value, canonical

_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
_CURVE = ec.SECP256R1()
KEY_BYTES = 65
OVERHEAD = KEY_BYTES + 16  # the sender's point, and the tag
LEAST_LENGTH = 256
STEP = 64


class NotSealedError(Exception):
    """These bytes were not sealed to this key for this purpose, or were changed."""


def info_of(slug: str) -> bytes:
    """What binds an envelope to its round: it opens nowhere else."""
    return b"doorstep ballot v1|" + slug.encode()


def is_public_key(given: bytes) -> bool:
    """Whether these bytes are a point of the curve, uncompressed."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, given)
    except ValueError:
        return False
    return len(given) == KEY_BYTES


def seal(public_key: bytes, plain: bytes, info: bytes) -> bytes:
    key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public_key)
    return _SUITE.encrypt(plain, key, info=info)


def open_sealed(private_key: bytes, sealed: bytes, info: bytes) -> bytes:
    """What was sealed. `private_key` is PKCS #8 DER, as WebCrypto exports it."""
    try:
        key = load_der_private_key(private_key, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise NotSealedError("This is not a key of the right kind.")
        return _SUITE.decrypt(sealed, key, info=info)
    except (InvalidTag, ValueError, TypeError):
        raise NotSealedError("This was not sealed to this key, or was changed.") from None


def new_key() -> tuple[bytes, bytes]:
    """(private key as PKCS #8 DER, public key as a point)."""
    key = ec.generate_private_key(_CURVE)
    private = key.private_bytes(write.Encoding.DER, write.PrivateFormat.PKCS8, write.NoEncryption())
    public = key.public_key().public_bytes(
        write.Encoding.X962, write.PublicFormat.UncompressedPoint
    )
    return private, public


def ballot_bytes(tracker: str, choice: Value, padded_to: int) -> bytes:
    """The canonical JSON of a ballot, with spaces up to the one length that all ballots have."""
    written = canonical({"t": tracker, "v": choice})
    if len(written) > padded_to:
        raise ValueError(f"a ballot of {len(written)} bytes does not fit into {padded_to}")
    return written.ljust(padded_to, b" ")


def room_for(longest: bytes) -> int:
    """The length to pad to, given the longest ballot that this question allows."""
    return max(LEAST_LENGTH, -(-len(longest) // STEP) * STEP)


def envelope_hash(sealed: bytes) -> bytes:
    return hashlib.sha256(sealed).digest()
