"""A log's static files follow C2SP tlog-tiles, and every proof can be made of them alone."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.engine.seal import tiles
from doorstep.engine.seal.faults import SealError
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.tiles import Tile, TileNodes, bundle, entries_of, hashes_of, tiles_for
from doorstep.engine.seal.tree import (
    Leaves,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    root,
    root_of,
)

HASHES = [leaf_hash(b"%d" % n) for n in range(70_000)]
WHOLE = Leaves(HASHES)


def published(size: int, *, since: int = 0) -> dict[str, bytes]:
    """The hash tiles that a tree of `size` adds to those of `since`."""
    return {
        tile.path: b"".join(
            WHOLE.perfect(8 * tile.level, 256 * tile.number + place) for place in range(tile.width)
        )
        for tile in tiles_for(size, since=since)
    }


def test_a_number_is_written_as_the_specification_writes_it():
    # tlog-tiles, “Merkle Tree”: index 1234067 is x001/x234/067.
    assert Tile(0, 1_234_067, 256).path == "tile/0/x001/x234/067"
    assert Tile(2, 0, 1).path == "tile/2/000.p/1"
    assert tiles.entries_path(1_067, 17) == "tile/entries/x001/067.p/17"


def test_a_tree_of_seventy_thousand_has_the_tiles_of_the_specification():
    # tlog-tiles, “Partial Tiles”: its own example.
    found = list(tiles_for(70_000))
    count = {
        (level, width): sum(1 for tile in found if (tile.level, tile.width) == (level, width))
        for level, width in ((0, 256), (0, 112), (1, 256), (1, 17), (2, 1))
    }
    assert count == {(0, 256): 273, (0, 112): 1, (1, 256): 1, (1, 17): 1, (2, 1): 1}
    assert len(found) == sum(count.values())
    assert {tile.path for tile in tiles_for(256)} == {"tile/0/000", "tile/1/000.p/1"}
    assert list(tiles_for(0)) == []


@settings(deadline=None)
@given(st.lists(st.integers(0, 70_000), min_size=1, max_size=4))
def test_growing_by_steps_leaves_every_tile_of_the_last_size(sizes):
    kept, since = set(), 0
    for size in sorted(sizes):
        kept |= {tile.path for tile in tiles_for(size, since=since)}
        since = size
    assert kept >= {tile.path for tile in tiles_for(since)}


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 4_097, 65_535, 65_536, 70_000])
def test_every_proof_is_made_of_tiles_alone(size):
    nodes = TileNodes(published(size).__getitem__, size)
    assert root_of(nodes, size) == root(HASHES[:size])
    for index in {0, size // 3, size - 1}:
        assert inclusion_proof(nodes, index, size) == inclusion_proof(WHOLE, index, size)
    for old in {0, 1, size // 2, max(0, size - 1), size}:
        proof = consistency_proof(nodes, old, size)
        assert is_consistent(old, root(HASHES[:old]), size, root(HASHES[:size]), proof)


def test_an_altered_tile_leads_nowhere():
    size, old = 70_000, 66_000
    before, now = root(HASHES[:old]), root(HASHES[:size])
    right = consistency_proof(WHOLE, old, size)
    whole = published(size)
    for path, data in whole.items():
        files = whole | {path: bytes([data[0] ^ 1]) + data[1:]}
        proof = consistency_proof(TileNodes(files.__getitem__, size), old, size)
        used = proof != right
        sound = is_consistent(old, before, size, now, proof)
        assert sound != used
        if path in {"tile/2/000.p/1", "tile/1/001.p/17"}:
            assert used


def test_a_tile_that_is_not_there_is_not_asked_for():
    nodes = TileNodes(published(300).__getitem__, 300)
    with pytest.raises(SealError, match="no tile 2"):
        nodes.tile(0, 2)


entries = st.lists(st.binary(max_size=40), min_size=1, max_size=256)


@settings(deadline=None)
@given(entries)
def test_a_bundle_gives_its_leaves_back(given_entries):
    data = bundle(given_entries)
    assert entries_of(data, len(given_entries)) == given_entries
    for wrong in (data[:-1], data + b"\0", data + b"\0\0"):
        with pytest.raises(SealError):
            entries_of(wrong, len(given_entries))
    with pytest.raises(SealError):
        entries_of(data, len(given_entries) + 1)


def test_a_bundle_writes_lengths_high_byte_first():
    assert bundle([b"", b"a" * 258]) == b"\0\0\1\2" + b"a" * 258
    for wrong in ([], [b""] * 257, [bytes(65_536)]):
        with pytest.raises(ValueError, match="1 to 256"):
            bundle(wrong)


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(1, 256))
def test_bytes_are_a_bundle_and_a_tile_or_are_refused(data, width):
    with suppress(SealError):
        assert bundle(entries_of(data, width)) == data
    try:
        assert b"".join(hashes_of(data, width)) == data
    except SealError:
        assert len(data) != 32 * width


@pytest.mark.parametrize(
    "path",
    ["tile/0/000", "tile/63/999", "tile/0/x001/067", "tile/entries/x001/x234/067",
     "tile/0/000.p/1", "tile/entries/123.p/255", "tile/9/001"],
)  # fmt: skip
def test_a_path_of_a_tile_is_known(path):
    assert tiles.is_tile_path(path)


@pytest.mark.parametrize(
    "path",
    ["tile/64/000", "tile/00/000", "tile/0/0", "tile/0/1000", "tile/0/x000/001", "tile/0/000.p/0",
     "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/../../key", "tile/x/000", "tile//000",
     "/tile/0/000", "tile/0/000/", "tile/0/٠٠٠", "tile/entries/", "checkpoint", "", "tile/0/001\n"],
)  # fmt: skip
def test_every_other_path_is_not(path):
    assert not tiles.is_tile_path(path)
