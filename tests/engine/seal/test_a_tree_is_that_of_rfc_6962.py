"""Roots and proofs are those of RFC 6962 and RFC 9162, and a wrong one never passes."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion
from pymerkle.proof import InvalidProof

from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.tree import (
    EMPTY_ROOT,
    Leaves,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    root,
    root_by_inclusion,
    root_of,
)

# The leaves and roots that Certificate Transparency's own tests use for RFC 6962.
CT_LEAVES = [
    bytes.fromhex(one)
    for one in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LARGEST = 600
ENTRIES = [b"leaf %d" % n for n in range(LARGEST)]
HASHES = [leaf_hash(entry) for entry in ENTRIES]


@pytest.fixture(scope="module")
def peer() -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for entry in ENTRIES:
        tree.append_entry(entry)
    return tree


def test_the_empty_tree_is_the_hash_of_nothing():
    assert root([]) == root_of(Leaves([]), 0) == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size):
    hashes = [leaf_hash(entry) for entry in CT_LEAVES[:size]]
    assert root(hashes).hex() == root_of(Leaves(hashes), size).hex() == CT_ROOTS[size - 1]


def test_a_consistency_proof_is_that_of_certificate_transparency():
    hashes = Leaves([leaf_hash(entry) for entry in CT_LEAVES])
    assert [one.hex() for one in consistency_proof(hashes, 6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_roots_equal_those_of_pymerkle(peer):
    whole = Leaves(HASHES)
    for size in range(LARGEST + 1):
        ours = root(HASHES[:size])
        assert ours == root_of(whole, size)
        if size:  # pymerkle has its own word for the empty tree
            assert ours == peer.get_root(size), size


def test_proofs_equal_those_of_pymerkle(peer):
    chance, whole = random.Random(6962), Leaves(HASHES)
    for _ in range(600):
        size = chance.randint(1, LARGEST)
        index = chance.randrange(size)
        old = chance.randint(1, size)
        proof = peer.prove_inclusion(index + 1, size)
        assert [HASHES[index], *inclusion_proof(whole, index, size)] == steps(proof)
        verify_inclusion(HASHES[index], root(HASHES[:size]), proof)
        before = peer.prove_consistency(old, size)
        verify_consistency(peer.get_root(old), peer.get_root(size), before)
        ours = consistency_proof(whole, old, size)
        assert is_consistent(old, peer.get_root(old), size, peer.get_root(size), ours)


def steps(proof) -> list[bytes]:
    return [bytes.fromhex(one) for one in proof.serialize()["path"]]


sizes = st.integers(1, LARGEST)


@settings(deadline=None)
@given(size=sizes, at=st.data())
def test_a_proof_leads_to_the_root_and_no_altered_one_does(size, at):
    whole, top = Leaves(HASHES), root(HASHES[:size])
    index = at.draw(st.integers(0, size - 1))
    proof = inclusion_proof(whole, index, size)
    assert root_by_inclusion(HASHES[index], index, size, proof) == top
    assert leads_elsewhere(HASHES[index] + b"", index, size, altered(at, proof), top)
    other = at.draw(st.integers(0, size))
    if other != index:
        assert leads_elsewhere(HASHES[index], other, size, proof, top)
    assert leads_elsewhere(leaf_hash(b"forged"), index, size, proof, top)


def leads_elsewhere(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes] | None, top: bytes
) -> bool:
    if proof is None:
        return True
    try:
        return root_by_inclusion(leaf, index, size, proof) != top
    except ValueError:
        return True


def altered(at: st.DataObject, proof: list[bytes]) -> list[bytes] | None:
    """The proof with one hash changed, doubled, or gone; None where it has none to spoil."""
    kinds = ["longer"] + (["changed", "shorter"] if proof else [])
    kind = at.draw(st.sampled_from(kinds))
    if kind == "longer":
        return [*proof, bytes(32)]
    place = at.draw(st.integers(0, len(proof) - 1))
    flipped = bytes([proof[place][0] ^ 1]) + proof[place][1:]
    return proof[:place] + ([flipped] if kind == "changed" else []) + proof[place + 1 :]


@settings(deadline=None)
@given(sizes=st.tuples(st.integers(0, LARGEST), st.integers(0, LARGEST)), at=st.data())
def test_only_a_tree_that_grew_is_consistent(sizes, at):
    old, size = sorted(sizes)
    whole, before, now = Leaves(HASHES), root(HASHES[:old]), root(HASHES[:size])
    proof = consistency_proof(whole, old, size)
    assert is_consistent(old, before, size, now, proof)
    assert not is_consistent(old, before, size, now, altered(at, proof))
    assert not is_consistent(old, leaf_hash(b"another past"), size, now, proof)
    if old:
        assert not is_consistent(old, before, size, leaf_hash(b"another present"), proof)
    if size > old:
        assert not is_consistent(size, now, old, before, proof)


def test_a_rewritten_past_has_no_proof():
    """Every leaf changed in turn: no proof from the new tree joins it to the old root."""
    old, size = 37, 70
    before = root(HASHES[:old])
    for place in range(old):
        rewritten = [*HASHES[:place], leaf_hash(b"rewritten"), *HASHES[place + 1 : size]]
        proof = consistency_proof(Leaves(rewritten), old, size)
        assert not is_consistent(old, before, size, root(rewritten), proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_no_proof_is_made_of_a_leaf_that_is_not_there(index, size):
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_proof(Leaves(HASHES[:5]), index, size)
    with pytest.raises(ValueError, match="has no leaf"):
        root_by_inclusion(HASHES[0], index, size, [])


def test_no_proof_is_made_backwards():
    with pytest.raises(ValueError, match="was never one of"):
        consistency_proof(Leaves(HASHES), 6, 5)


def test_the_peer_refuses_what_we_refuse(peer):
    proof = peer.prove_inclusion(3, 8)
    with pytest.raises(InvalidProof):
        verify_inclusion(HASHES[3], peer.get_root(8), proof)
