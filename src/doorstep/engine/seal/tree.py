"""The Merkle tree over a log's leaves: RFC 6962, section 2.1; RFC 9162, sections 2.1.3 and 2.1.4.

A tree is read through its perfect subtrees (`Nodes`), so the same few lines make a root or a proof
from hashes in memory and from tiles on a stranger's server. Checking a proof needs neither.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Protocol

EMPTY_ROOT = sha256(b"").digest()
HASH_BYTES = 32


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees: SHA-256(0x01 || left || right), 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


class Nodes(Protocol):
    """Hashes of perfect subtrees: `perfect(level, number)` is over the 2^level leaves from
    `number * 2^level` on; level 0 is a leaf's own hash."""

    def perfect(self, level: int, number: int) -> bytes: ...


class Leaves:
    """Perfect subtrees over leaf hashes that are all in memory."""

    def __init__(self, leaf_hashes: Sequence[bytes]) -> None:
        self._levels: list[list[bytes]] = [list(leaf_hashes)]

    def perfect(self, level: int, number: int) -> bytes:
        while len(self._levels) <= level:
            below = self._levels[-1]
            pairs = zip(below[::2], below[1::2], strict=False)
            self._levels.append([node(left, right) for left, right in pairs])
        return self._levels[level][number]


class Frontier:
    """A tree that grows at its right edge and remembers only what its root needs: at most one
    perfect subtree of each size. A million leaves pass through without being kept."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []  # the largest, and leftmost, first

    def add(self, leaf_hash: bytes) -> None:
        merged, size = leaf_hash, self.size
        while size & 1:
            merged, size = node(self._subtrees.pop(), merged), size >> 1
        self._subtrees.append(merged)
        self.size += 1

    def root(self) -> bytes:
        if not self._subtrees:
            return EMPTY_ROOT
        joined = self._subtrees[-1]
        for left in reversed(self._subtrees[:-1]):
            joined = node(left, joined)
        return joined


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over hashes made by `leaf_hash`, in their order; of none, SHA-256 of nothing."""
    frontier = Frontier()
    for one in leaf_hashes:
        frontier.add(one)
    return frontier.root()


def root_of(nodes: Nodes, size: int) -> bytes:
    """The root of the first `size` leaves."""
    return _over(nodes, 0, size) if size else EMPTY_ROOT


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of `size` leaves, the leaf's side first.

    Raises ValueError when the tree holds no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    start, end, found = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return [_over(nodes, *span) for span in reversed(found)]


def consistency_proof(nodes: Nodes, old: int, size: int) -> list[bytes]:
    """The hashes that show that the first `old` leaves of `size` are what they were.

    Raises ValueError unless 0 <= old <= size.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} leaves was never one of {old}")
    if old in (0, size):
        return []
    start, end, found = 0, size, []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    if start:
        found.append((start, end))
    return [_over(nodes, *span) for span in reversed(found)]


def root_by_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that the proof leads to from a leaf (RFC 9162, 2.1.3.2); compare it with the signed
    one. ValueError when no proof of that length fits this place."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    place, last, found = index, size - 1, leaf_hash
    for step in proof:
        if last == 0:
            raise ValueError("the proof is longer than the way to the root")
        if place & 1 or place == last:
            found = node(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ValueError("the proof ends before the root")
    return found


def is_consistent(
    old: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the tree of `size` begins with the tree of `old` (RFC 9162,
    2.1.4.2). Every tree begins with the empty one."""
    if not 0 <= old <= size:
        return False
    if old == size:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    steps = iter([old_root, *proof] if old & (old - 1) == 0 else proof)
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = next(steps, b"")
    return _walk(first, first, place, last, steps) == (old_root, new_root)


def _walk(
    was: bytes, now: bytes, place: int, last: int, steps: Iterator[bytes]
) -> tuple[bytes, bytes] | None:
    """Both roots, by the steps of a consistency proof; None when there are too many or too few."""
    for step in steps:
        if last == 0:
            return None
        if place & 1 or place == last:
            was, now = node(step, was), node(step, now)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            now = node(now, step)
        place, last = place >> 1, last >> 1
    return (was, now) if last == 0 else None


def _split(width: int) -> int:
    """The largest power of two smaller than `width`: where RFC 6962 divides a tree."""
    return 1 << (width - 1).bit_length() - 1


def _over(nodes: Nodes, start: int, end: int) -> bytes:
    """The hash over leaves start to end; `start` is a place at which RFC 6962 divides."""
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return nodes.perfect(level, start >> level)
    middle = start + _split(width)
    return node(_over(nodes, start, middle), _over(nodes, middle, end))
