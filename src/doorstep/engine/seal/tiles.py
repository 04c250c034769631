"""A log as static files: C2SP tlog-tiles. https://c2sp.org/tlog-tiles

A tile is up to 256 hashes in a row: `tile/0/…` of leaves, `tile/1/…` of whole tiles below, and so
on. An entry bundle (`tile/entries/…`) is up to 256 leaves, each behind its length in two bytes. A
whole tile never changes; one that is still growing says its width in its name (`….p/17`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from .canonical import MAX_BYTES
from .faults import MissingError, SealError
from .tree import HASH_BYTES, node, root

WIDTH = 256
HEIGHT = 8  # levels of the tree that one tile spans
_PATH = re.compile(
    r"tile/(?P<level>[0-9]{1,2}|entries)/(?P<number>(?:x[0-9]{3}/){0,5}[0-9]{3})"
    r"(?:\.p/(?P<width>[0-9]{1,3}))?",
    re.ASCII,
)


class Tile(NamedTuple):
    """Where a tile stands: its level, its number in that level, and how many hashes it holds."""

    level: int
    number: int
    width: int

    @property
    def path(self) -> str:
        return f"tile/{self.level}/{_numbered(self.number, self.width)}"


def entries_path(number: int, width: int = WIDTH) -> str:
    """Where the bundle of leaves 256 * number … stands, below the log's address."""
    return f"tile/entries/{_numbered(number, width)}"


def is_tile_path(path: str) -> bool:
    """Whether a path is one that a log may serve, spelled as the specification spells it."""
    match = _PATH.fullmatch(path)
    if match is None:
        return False
    number = int(re.sub("[x/]", "", match["number"]))
    width = int(match["width"] or WIDTH)
    if match["level"] == "entries":
        return width >= 1 and entries_path(number, width) == path
    level = int(match["level"])
    return width >= 1 and level < 64 and Tile(level, number, width).path == path


def tiles_for(size: int, *, since: int = 0) -> Iterator[Tile]:
    """Every tile that a tree of `size` has and the tree of `since` had not, the lowest level first.

    The partial tiles of `size` are among them; nothing is empty.
    """
    level = 0
    while size:
        for number in range(since // WIDTH, size // WIDTH):
            yield Tile(level, number, WIDTH)
        if size % WIDTH and size != since:
            yield Tile(level, size // WIDTH, size % WIDTH)
        size, since, level = size // WIDTH, since // WIDTH, level + 1


def bundles_for(size: int, *, since: int = 0) -> Iterator[tuple[int, int]]:
    """(number, width) of every entry bundle that `size` has and `since` had not."""
    return ((tile.number, tile.width) for tile in tiles_for(size, since=since) if tile.level == 0)


def bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of an entry bundle: each leaf behind its length, 16 bits, the high byte first."""
    if not 1 <= len(entries) <= WIDTH or max(map(len, entries)) > MAX_BYTES:
        raise ValueError("a bundle holds 1 to 256 leaves of at most 65,535 bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def entries_of(data: bytes, width: int) -> list[bytes]:
    """The `width` leaves of an entry bundle; SealError when there are more, fewer or torn ones."""
    found: list[bytes] = []
    at = 0
    while at < len(data) and len(found) < width:
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            raise SealError(f"the bundle ends in the middle of its leaf {len(found)}.")
        found.append(data[at + 2 : end])
        at = end
    if len(found) != width or at != len(data):
        raise SealError(f"the bundle does not hold exactly {width} leaves.")
    return found


def hashes_of(data: bytes, width: int) -> list[bytes]:
    """The hashes of a tile; SealError when they are not exactly `width`."""
    if len(data) != width * HASH_BYTES:
        raise SealError(f"the tile holds {len(data)} bytes, not {width} hashes of 32.")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


class TileNodes:
    """Perfect subtrees of a tree of `size`, out of its tiles; each is fetched once.

    `fetch(path)` gives a file of the log, or raises MissingError. What it gives is believed only
    as far as a proof made of it leads to a signed root.
    """

    def __init__(self, fetch: Callable[[str], bytes], size: int) -> None:
        self._fetch = fetch
        self._size = size
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def tile(self, level: int, number: int) -> list[bytes]:
        key = level, number
        if key not in self._tiles:
            width = min(WIDTH, (self._size >> HEIGHT * level) - number * WIDTH)
            if width < 1:
                raise SealError(
                    f"a log of {self._size} leaves has no tile {number} of level {level}."
                )
            self._tiles[key] = self._read(Tile(level, number, width))
        return self._tiles[key]

    def _read(self, tile: Tile) -> list[bytes]:
        try:
            return hashes_of(self._fetch(tile.path), tile.width)
        except MissingError:
            if tile.width == WIDTH:
                raise
        # A log may drop a partial tile once the whole one stands.
        whole = self._fetch(tile._replace(width=WIDTH).path)
        return hashes_of(whole, WIDTH)[: tile.width]

    def perfect(self, level: int, number: int) -> bytes:
        above, inside = divmod(level, HEIGHT)
        first = number << inside
        hashes = self.tile(above, first // WIDTH)[first % WIDTH :][: 1 << inside]
        if len(hashes) != 1 << inside:
            raise SealError("a tile is too short for the tree it belongs to.")
        while len(hashes) > 1:
            pairs = zip(hashes[::2], hashes[1::2], strict=True)
            hashes = [node(left, right) for left, right in pairs]
        return hashes[0]


def _numbered(number: int, width: int) -> str:
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups) + (f".p/{width}" if width < WIDTH else "")


class TileMaker:
    """Makes the tiles of a growing log in one pass over its leaf hashes, keeping one unfinished
    tile for each level. Tiles that a tree of `since` had whole are passed over."""

    def __init__(self, since: int = 0) -> None:
        self._since = since
        self._growing: list[list[bytes]] = [[]]
        self._count: list[int] = [0]

    def add(self, leaf_hash: bytes) -> list[tuple[Tile, bytes]]:
        """The tiles that this leaf makes whole, and their bytes."""
        made: list[tuple[Tile, bytes]] = []
        level, hashed = 0, leaf_hash
        while True:
            tile = self._growing[level]
            tile.append(hashed)
            if len(tile) < WIDTH:
                return made
            number = self._count[level]
            if (number + 1) << HEIGHT * (level + 1) > self._since:
                made.append((Tile(level, number, WIDTH), b"".join(tile)))
            hashed = root(tile)
            self._growing[level], self._count[level] = [], number + 1
            level += 1
            if level == len(self._growing):
                self._growing.append([])
                self._count.append(0)

    def unfinished(self) -> Iterator[tuple[Tile, bytes]]:
        """The partial tiles of the tree as it stands now."""
        for level, tile in enumerate(self._growing):
            if tile:
                yield Tile(level, self._count[level], len(tile)), b"".join(tile)
