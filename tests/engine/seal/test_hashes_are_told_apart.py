"""Leaf hashes follow RFC 6962; links and commitments cannot pass for them or for one another."""

from hashlib import sha256

import pytest

from doorstep.engine.seal.leaf import (
    CHAIN_START,
    chain_hash,
    commitment,
    is_commitment,
    leaf_hash,
)


def test_leaf_hashes_are_those_of_rfc_6962():
    # The empty leaf and the leaf of one zero byte, as Certificate Transparency's tests have them.
    assert leaf_hash(b"").hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert leaf_hash(b"\x00").hex() == (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
    )


def test_a_link_follows_from_both_hashes():
    first, second = leaf_hash(b"a"), leaf_hash(b"b")
    one = chain_hash(CHAIN_START, first)
    assert one == sha256(b"\x02" + bytes(32) + first).digest()
    assert chain_hash(one, second) != chain_hash(chain_hash(CHAIN_START, second), first)
    assert one != sha256(b"\x01" + bytes(32) + first).digest()
    for wrong in (bytes(31), bytes(33), b""):
        with pytest.raises(ValueError, match="32 bytes"):
            chain_hash(wrong, first)
        with pytest.raises(ValueError, match="32 bytes"):
            chain_hash(first, wrong)


def test_a_commitment_tells_nothing_without_its_salt():
    salts = [bytes([n]) * 32 for n in range(2)]
    told = [commitment(salt, "Jo") for salt in salts]
    assert told[0] != told[1]
    assert told[0] == "words:" + sha256(salts[0] + b"Jo").hexdigest()
    assert all(is_commitment(one) for one in told)
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(bytes(31), "Jo")


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        "words:",
        "words:" + "g" * 64,
        "words:" + "a" * 63,
        "a" * 64,
        "words:" + "A" * 64,
        ["words:" + "a" * 64],
    ],
)
def test_other_text_is_no_commitment(value):
    assert not is_commitment(value)
