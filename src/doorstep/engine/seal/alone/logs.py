"""Reads a whole log: every leaf, every tile, and the tree over them as it was signed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from ..recount.ballots import UnreadableError
from ..recount.certificate import WrongError
from .files import Place
from .plain import alike, canonical_object, has_large_number
from .signed import Signed

IN_A_TILE = 256
COMMITTED = re.compile(rb"words:([0-9a-f]{64})")


class Body(NamedTuple):
    """One leaf: its place, what it says, and the link of the chain before it (hex)."""

    place: int
    says: dict[str, Any]
    link_before: str


class Against(NamedTuple):
    """What leaves are held against: roots that were `seen` before, and those of earlier checkpoints
    that are `kept`, in hex by size, with each of which the log must begin; and the commitments of
    `words` (in hex) that lie beside it, of which those are taken out that a leaf names."""

    seen: dict[int, str]
    kept: dict[int, str]
    words: set[str]


def every_leaf(
    place: Place,
    signed: Signed,
    against: Against,
    tell: Callable[[int], None],
) -> Iterator[Body]:
    """Every leaf of a signed log in its order, once all that is published of it fits.

    What is wrong with the whole shows at the end, so take no leaf for true before it has ended.
    Raises WrongError for the first thing that is wrong.
    """
    seen, kept, words = against
    tree, chain, index, other = Tree(place), bytes(32), 0, 0
    promised = seen.keys() | kept.keys()
    while index < signed.size:
        number, width = index // IN_A_TILE, min(IN_A_TILE, signed.size - index)
        name = "entries/" + numbered(number, width)
        data = _published_tile(place, "entries", number, width)
        if data is None:
            raise WrongError(f"The leaves from {index} on are missing (tile/{name}).")
        _begin_alike(place, f"tile/entries/{numbered(number, IN_A_TILE)}", width, data)
        if words:
            words -= commitments_in(data)
        for body in _leaves(data, width, name):
            hashed = sha256(b"\x00" + body).digest()
            tree.add(hashed)
            yield Body(index, said_by(body, index), chain.hex())
            chain = sha256(b"\x02" + chain + hashed).digest()
            index += 1
            if index in promised:
                _is_as_seen(tree, seen)
                if kept.get(index, root := tree.root().hex()) != root:
                    other = other or index
        tell(index)
    tree.finish()
    if tree.root() != signed.root:
        raise WrongError("The leaves do not lead to the root that was signed.")
    if other:  # said last, because a damaged leaf leads to no root at all
        raise WrongError(
            f"SPLIT VIEW: the first {other:,} leaves are not those that checkpoints/public/{other} "
            "signs. The past was rewritten."
        )


def _is_as_seen(tree: Tree, seen: dict[int, str]) -> None:
    root = tree.root().hex()
    if seen.get(tree.size, root) != root:
        raise WrongError(
            f"SPLIT VIEW: the first {tree.size:,} leaves are not those that were seen before. The "
            "past was rewritten."
        )


class Tree:
    """The tree of RFC 6962 over leaf hashes as they come, each finished tile held against the
    published one."""

    def __init__(self, place: Place) -> None:
        self.place, self.size = place, 0
        self.peaks: list[bytes] = []
        self.tiles: list[list[bytes]] = [[]]
        self.counts = [0]

    def add(self, hashed: bytes) -> None:
        merged, size = hashed, self.size
        while size & 1:
            merged, size = joined_hash(self.peaks.pop(), merged), size >> 1
        self.peaks.append(merged)
        self.size += 1
        level = 0
        self.tiles[0].append(hashed)
        while len(self.tiles[level]) == IN_A_TILE:
            self._same(level)
            whole = root_over(self.tiles[level])
            self.tiles[level] = []
            self.counts[level] += 1
            level += 1
            if level == len(self.tiles):
                self.tiles.append([])
                self.counts.append(0)
            self.tiles[level].append(whole)

    def root(self) -> bytes:
        if not self.peaks:
            return sha256(b"").digest()
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = joined_hash(peak, found)
        return found

    def finish(self) -> None:
        for level, tile in enumerate(self.tiles):
            if tile:
                self._same(level)

    def _same(self, level: int) -> None:
        tile = self.tiles[level]
        number, width = self.counts[level], len(tile)
        name = f"tile/{level}/{numbered(number, width)}"
        data = _published_tile(self.place, str(level), number, width)
        if data is None:
            raise WrongError(f"The hashes {name} are missing.")
        if data != b"".join(tile):
            raise WrongError(f"The hashes {name} are not those of the leaves.")
        _begin_alike(self.place, name.partition(".p/")[0], width, data)


def commitments_in(data: bytes) -> set[str]:
    """Every commitment to words that stands anywhere in a file, in hex."""
    return {one.decode() for one in COMMITTED.findall(data)}


def joined_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root_over(hashes: list[bytes]) -> bytes:
    """The root over a whole tile."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [joined_hash(left, right) for left, right in pairs]
    return hashes[0]


def numbered(number: int, width: int) -> str:
    """x001/x234/067, with .p/<width> where the tile is not whole (C2SP tlog-tiles)."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups) + (f".p/{width}" if width < IN_A_TILE else "")


def _published_tile(place: Place, kind: str, number: int, width: int) -> bytes | None:
    """A tile, or as much as was signed of the whole one: a log drops what has grown."""
    data = place.read(f"tile/{kind}/{numbered(number, width)}")
    if data is not None or width == IN_A_TILE:
        return data
    whole = place.read(f"tile/{kind}/{numbered(number, IN_A_TILE)}")
    if whole is None:
        return None
    return whole[: _end_of_leaves(whole, width) if kind == "entries" else 32 * width]


def _end_of_leaves(data: bytes, width: int) -> int:
    at = 0
    for _ in range(width):
        at += 2 + int.from_bytes(data[at : at + 2], "big")
    return at


def _begin_alike(place: Place, whole: str, width: int, data: bytes) -> None:
    """What was published of a tile while it was smaller must be its beginning, and it that of what
    is published of it already, before a larger checkpoint is."""
    for name in place.partials(whole):
        found_there = place.read(name) or b"\x00"
        wider = name.rpartition("/")[2]
        is_wider = re.fullmatch("[0-9]{1,3}", wider) is not None and int(wider) > width
        one, other = (found_there, data) if is_wider else (data, found_there)
        if not one.startswith(other):
            raise WrongError(f"{name} is not the beginning of what grew out of it.")


def _leaves(data: bytes, width: int, name: str) -> Iterator[bytes]:
    at = 0
    for _ in range(width):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            raise WrongError(f"The bundle tile/{name} ends in the middle of a leaf.")
        yield data[at + 2 : end]
        at = end
    if at != len(data):
        raise WrongError(f"The bundle tile/{name} holds more than its leaves.")


def said_by(body: bytes, index: int) -> dict[str, Any]:
    """What a leaf says. Raises WrongError unless it is written in the one canonical way."""
    says = canonical_object(body)
    if says is None:
        raise WrongError(f"Leaf {index} is not canonical JSON.")
    kind, at = says.get("kind"), says.get("time")
    if not alike(says.get("v"), 1) or type(kind) is not str or type(at) is not str:
        raise WrongError(f"Leaf {index} does not say its version, kind and time.")
    if has_large_number(says, body):
        raise WrongError(f"Leaf {index} holds a number of 2^53 or more.")
    return says


def required(place: Place, name: str) -> bytes:
    data = place.read(name)
    if data is None:
        raise UnreadableError(f"There is no {name} in {place.where}.")
    return data
