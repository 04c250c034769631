"""The votes of a .pb file grouped on their raw bytes, before any of them is parsed.

Real files are dull: no quotation marks, as many fields in every row as the header has, ids without
odd characters. There, a row's vote is a span of bytes; equal spans are one way of voting, and only
a quarter of the spans of a city differ. The compiled kernel takes them in one pass; without it, all
is done on whole columns at once.

Whatever is not so plain (see docs/count.md) gives None, and the reader of rows decides. Spans are
told apart by 64-bit fingerprints, but none is taken for equal to another before it was compared
with it byte by byte, so a collision can only cost time.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .election import SCORED_TYPES
from .profile import LARGEST, Profile
from .reader import MOST_IN_A_FIELD, MOST_LINES, MOST_VOTERS, SECTIONS, Head, plain_number
from .ways import Ways, ordered

Positions = NDArray[np.int64]
Words = NDArray[np.uint64]

LINE_END, COMMA, SEPARATOR = b"\n,;"
WORD = 8  # bytes
KEPT = np.array([(1 << (8 * size)) - 1 for size in range(WORD + 1)], np.uint64)
MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Pieces of one text, which ends with eight zero bytes: where each starts, and its bytes.

    words[i] is the eight bytes of the text from i on, read as one number.
    """

    text: bytes
    words: Words
    start: Positions
    size: Positions

    def of(self, rows: Any) -> Spans:
        return Spans(self.text, self.words, self.start[rows], self.size[rows])

    def word(self, at: int) -> Words:
        """The eight bytes of each from a place in it on, zero after its end."""
        return self.words[self.start + at] & KEPT[np.clip(self.size - at, 0, WORD)]

    def pieces(self) -> list[bytes]:
        ends = (self.start + self.size).tolist()
        return [self.text[a:b] for a, b in zip(self.start.tolist(), ends, strict=True)]


def spans(text: bytes, start: Positions, size: Positions) -> Spans:
    words = np.ndarray((len(text) - WORD + 1,), "<u8", text, strides=(1,))
    return Spans(text, words, start, size)


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """Votes as they are written, one of each kind.

    rows: how many voted. sizes: how many projects each kind names. choices: their positions, kind
    after kind, in the order written. points: the field of points of each kind that names something.
    weights: how many cast each kind.
    """

    rows: int
    sizes: Positions
    choices: NDArray[Any]
    points: Spans | None
    weights: Positions


def grouped(data: bytes, begins: int, head: Head, *, kernel: bool) -> tuple[int, Profile] | None:
    """How many voted and their grouped ballots, from a file whose first vote begins at a byte.

    The same as the reader of rows finds; None where that reader must be asked. kernel says that
    the compiled one (kernel/scan.c) may group the rows.
    """
    ends = len(data)
    while data[ends - 1] in b"\r\n":
        ends -= 1
    written = (_in_one_pass if kernel else _by_columns)(data, begins, ends, head)
    if written is None:
        return None
    if data.count(b"\n", 0, begins) + written.rows + data.count(b"\n", ends) > MOST_LINES:
        return None
    profile = _understood(written, head, kernel=kernel)
    return None if profile is None else (written.rows, profile)


def _in_one_pass(data: bytes, begins: int, ends: int, head: Head) -> Written | None:
    """What the kernel finds."""
    from .kernel.scan import scanned

    scored = head.vote_type in SCORED_TYPES
    if scored and not _side_by_side(head):
        return None
    ids = [project.id.encode() for project in head.projects]
    found = scanned(data, begins, ends, head.columns, points=scored, most=MOST_VOTERS, ids=ids)
    if found is None:
        return None
    points = None
    if scored:
        named = found.size > 0
        if ((found.points > 0) != named).any():
            return None
        points = spans(data, found.start + found.size + 1, found.points).of(named)
    return Written(found.rows, found.count, found.projects, points, found.weight)


def _side_by_side(head: Head) -> bool:
    return head.columns.index("points") == head.columns.index("vote") + 1


def _readable(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


# By columns -------------------------------------------------------------------------------------


def _by_columns(data: bytes, begins: int, ends: int, head: Head) -> Written | None:
    """What NumPy finds, all rows at once."""
    text = _plain_text(data, begins, ends)
    columns = None if text is None else _columns(text, head)
    if text is None or columns is None:
        return None
    voters, votes, points = columns
    if not _each_voted_once(voters) or not _no_section(voters, votes):
        return None
    whole = votes if points is None else spans(text, votes.start, votes.size + 1 + points.size)
    kinds = _alike(whole)
    if kinds is None:
        return None
    first, weights = kinds
    votes, points = votes.of(first), points and points.of(first)
    named = votes.size > 0
    if points is not None and ((points.size > 0) != named).any():
        return None
    sizes = np.zeros(len(weights), np.int64)
    sizes[named], tokens = _tokens(votes.of(named))
    choices = _looked_up(tokens, [project.id.encode() for project in head.projects])
    if choices is None:
        return None
    return Written(len(voters.start), sizes, choices, points and points.of(named), weights)


def _plain_text(data: bytes, begins: int, ends: int) -> bytes | None:
    """The rows of votes with a bare line end after each, then eight zero bytes."""
    text = b"".join((memoryview(data)[begins:ends], b"\n", bytes(WORD)))
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n")
        if b"\r" in text:
            return None
    return text if text.isascii() or _readable(text) else None


def _columns(text: bytes, head: Head) -> tuple[Spans, Spans, Spans | None] | None:
    """Voter, vote and points of every row, where each row has all its fields."""
    cells = np.frombuffer(text, np.uint8)
    breaks = np.flatnonzero((cells == SEPARATOR) | (cells == LINE_END))
    rows, left = divmod(len(breaks), len(head.columns))
    if left or not 0 < rows <= MOST_VOTERS:
        return None
    ends = breaks.reshape(rows, len(head.columns))
    starts = np.empty_like(ends)
    starts[:, 1:] = ends[:, :-1] + 1
    starts[0, 0], starts[1:, 0] = 0, ends[:-1, -1] + 1
    plain = (
        np.count_nonzero(cells == LINE_END) == rows
        and bool((cells[ends[:, -1]] == LINE_END).all())
        and int((ends[:, -1] - starts[:, 0]).max()) <= MOST_IN_A_FIELD
    )
    if not plain:
        return None

    def column(name: str) -> Spans:
        at = head.columns.index(name)
        return spans(text, starts[:, at], ends[:, at] - starts[:, at])

    voters, votes = column("voter_id"), column("vote")
    if head.vote_type not in SCORED_TYPES:
        return voters, votes, None
    points = column("points")
    return (voters, votes, points) if _side_by_side(head) else None


def _each_voted_once(voters: Spans) -> bool:
    """Whether every id is there, begins and ends with a visible character, and comes once."""
    if not voters.size.all():
        return False
    for edge in (voters.start, voters.start + voters.size - 1):
        letters = voters.words[edge] & KEPT[1]
        if ((letters <= ord(" ")) | (letters >= 127)).any():
            return False
    prints = np.sort(_fingerprints(voters))
    return not (prints[1:] == prints[:-1]).any()


def _no_section(voters: Spans, votes: Spans) -> bool:
    """Whether none of the rows can be the title of a section: those have nothing but a name."""
    blank = voters.of(votes.size == 0)
    longest = max(map(len, SECTIONS))
    short = blank.of(blank.size <= longest)
    return not any(piece.decode().upper() in SECTIONS for piece in short.pieces())


def _fingerprints(these: Spans) -> Words:
    """One number for each span, equal for equal ones. Up to eight bytes, unequal for others."""
    prints = these.word(0)
    longer, at = np.flatnonzero(these.size > WORD), WORD
    while len(longer):
        mixed = prints[longer]
        mixed = (mixed ^ (mixed >> np.uint64(31))) * MIX
        prints[longer] = mixed + these.of(longer).word(at)
        at += WORD
        longer = longer[these.size[longer] > at]
    return prints


def _alike(these: Spans) -> tuple[Positions, Positions] | None:
    """One span of each kind, and how many there are of it. None should fingerprints collide."""
    prints = _fingerprints(these)
    order = np.argsort(prints)
    prints = prints[order]
    changes = np.flatnonzero(prints[1:] != prints[:-1]) + 1
    first = np.concatenate(([0], changes))
    weights = np.diff(np.concatenate((first, [len(prints)])))
    if not _same_as_the_next(these.of(order), prints[1:] == prints[:-1]):
        return None
    return order[first], weights


def _same_as_the_next(these: Spans, claimed: NDArray[np.bool_]) -> bool:
    """Whether each span of which that is claimed is, byte for byte, the same as the next."""
    before = np.flatnonzero(claimed)
    if (these.size[before] != these.size[before + 1]).any():
        return False
    before, at = before[these.size[before] > WORD], 0
    while len(before):
        if (these.of(before).word(at) != these.of(before + 1).word(at)).any():
            return False
        at += WORD
        before = before[these.size[before] > at]
    return True


def _tokens(these: Spans) -> tuple[Positions, Spans]:
    """What stands between commas, span after span: how many in each, and the tokens."""
    last = np.cumsum(these.size + 1) - 1  # where each ends when all stand one after another
    if not len(last):
        return these.size, these
    there = np.repeat(these.start + these.size - last, these.size + 1)
    there += np.arange(len(there))
    cells = np.zeros(len(there) + WORD, np.uint8)
    # Each with the byte after it, which the last may lack, for a comma instead.
    np.frombuffer(these.text, np.uint8).take(there, out=cells[:-WORD], mode="clip")
    cells[last] = COMMA
    ends = np.flatnonzero(cells == COMMA)
    sizes = np.diff(np.searchsorted(ends, last) + 1, prepend=0)
    starts = np.concatenate(([0], ends[:-1] + 1))
    return sizes, spans(cells.tobytes(), starts, ends - starts)


def _looked_up(tokens: Spans, ids: list[bytes]) -> Positions | None:
    """The position of each token among the ids; None where one is none of them."""
    if len(tokens.size) and int(tokens.size.max()) > WORD:
        place = {one: position for position, one in enumerate(ids)}
        found = [place.get(one, -1) for one in tokens.pieces()]
        return None if -1 in found else np.array(found, np.int64)
    short = [(int.from_bytes(one, "little"), at) for at, one in enumerate(ids) if len(one) <= WORD]
    short.sort()
    known = np.array([word for word, _ in short], np.uint64)
    places = np.array([at for _, at in short], np.int64)
    words = tokens.word(0)
    if not len(known):
        return None if len(words) else places
    at = np.minimum(np.searchsorted(known, words), len(known) - 1)
    return None if (known[at] != words).any() else places[at]


# From votes to ballots --------------------------------------------------------------------------


def _understood(written: Written, head: Head, *, kernel: bool) -> Profile | None:
    """The profile of written votes; None where the reader of rows must say what one means."""
    points, size = None, 1
    if written.points is not None:
        given = _scores(*_tokens(written.points), written.sizes)
        if given is None:
            return None
        points, size = given
    ways = Ways(written.sizes, written.choices, points, written.weights)
    ranked = head.vote_type == "ordinal"
    if kernel:
        from .kernel.classes import ordered as ordered_in_c

        found = ordered_in_c(ways, len(head.projects), ranked=ranked)
    else:
        found = ordered(ways, ranked=ranked)
    if found is None or (head.vote_type == "choose-1" and int(np.diff(found.starts).max()) > 1):
        return None
    return found.profile(size)


def _scores(given: Positions, tokens: Spans, named: Positions) -> tuple[Positions, int] | None:
    """Points in whole units, one for each project named, and how many units make a point.

    given and named: how many points and how many projects each kind has."""
    if not np.array_equal(given, named[named > 0]):
        return None
    if len(tokens.size) and int(tokens.size.max()) > WORD:
        return None
    words, position = np.unique(tokens.word(0), return_inverse=True)
    numbers: list[Fraction] = []
    for word in words.tolist():
        number = plain_number(word.to_bytes(WORD, "little").rstrip(b"\0").decode())
        if number is None:
            return None
        numbers.append(number)
    size = lcm(*(number.denominator for number in numbers))
    whole = [int(number * size) for number in numbers]
    if max(whole, default=0) > LARGEST:
        return None
    return np.array(whole, np.int64)[position], size
