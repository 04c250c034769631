"""One hash for a list of things: the Merkle tree hash of RFC 6962, section 2.1."""

from collections.abc import Sequence
from hashlib import sha256


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over hashes made by `leaf_hash`, in their order; of none, SHA-256 of nothing."""
    if not leaf_hashes:
        return sha256(b"").digest()
    if len(leaf_hashes) == 1:
        return leaf_hashes[0]
    # The left side is the largest power of two that is smaller than the whole.
    split = 1 << (len(leaf_hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + root(leaf_hashes[:split]) + root(leaf_hashes[split:])).digest()
