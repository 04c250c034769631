"""Hashes of the record. Each begins with a byte of its own, so none can pass for another:
0x00 a leaf and 0x01 a node of the tree (RFC 6962), 0x02 a link of the chain.
"""

from hashlib import sha256

HASH_BYTES = 32
SALT_BYTES = 32
CHAIN_START = bytes(HASH_BYTES)
COMMITMENT_MARK = "words:"


def leaf_hash(data: bytes) -> bytes:
    """RFC 6962 leaf hash: SHA-256(0x00 || data), 32 bytes."""
    return sha256(b"\x00" + data).digest()


def chain_hash(previous: bytes, leaf: bytes) -> bytes:
    """The next link: SHA-256(0x02 || previous link || leaf hash). It starts from 32 zeros."""
    if len(previous) != HASH_BYTES or len(leaf) != HASH_BYTES:
        raise ValueError("a chain is made of two hashes of 32 bytes")
    return sha256(b"\x02" + previous + leaf).digest()


def commitment(salt: bytes, text: str) -> str:
    """What a leaf says instead of words: `words:` and the hex of SHA-256(salt || UTF-8 text).

    The salt is 32 random bytes. While it is kept, anyone can check the words against the leaf;
    once it is thrown away the commitment tells nothing, not even to somebody who guesses right.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt is 32 bytes")
    return COMMITMENT_MARK + sha256(salt + text.encode()).hexdigest()


def is_commitment(value: object) -> bool:
    """Whether a value found in a leaf's body is a commitment to words."""
    if not isinstance(value, str) or not value.startswith(COMMITMENT_MARK):
        return False
    digest = value.removeprefix(COMMITMENT_MARK)
    return len(digest) == 2 * HASH_BYTES and set(digest) <= set("0123456789abcdef")
