"""Reading an election from a file in Pabulib's .pb format (https://pabulib.org/format).

Two ways lead to the same election. reader.py reads any file, row by row, and names the line of
whatever it refuses. A file of some size whose votes look as they nearly always do is grouped on its
raw bytes instead (grouping.py), many times faster; at the least doubt the first way decides.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from .election import Election
from .layers import LayerError, layer_named
from .profile import Ballot
from .reader import MOST_BYTES, PabulibError, Reader

# Votes of fewer bytes are read row by row before NumPy has even been loaded.
FEW_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Found:
    """An election, and the ballot of the voter who was looked for: None when nobody has that id.

    The ballot's weight says how many voted exactly so, this voter among them.
    """

    election: Election
    ballot: Ballot | None


def read_pabulib(source: str | os.PathLike[str] | bytes, *, name: str | None = None) -> Election:
    """Read one election from a path or from a file's bytes.

    name is what errors and results call the file; by default the path's last part. Costs and pot
    stay in the file's currency unit. Raises PabulibError for any file that it cannot read whole
    and without doubt, the missing and the unreadable file included, and no other exception.
    """
    if isinstance(source, bytes):
        file, data = name or "ballots.pb", source
    else:
        file, data = name or Path(source).name, _bytes_of(Path(source), name or Path(source).name)
    if len(data) > MOST_BYTES:
        raise PabulibError(
            file, 1, f"the file is over {MOST_BYTES >> 20} MB: it is not one election"
        )
    return _grouped(file, data) or Reader(file, data).election()


def find_ballot(data: bytes, voter: str, *, name: str = "ballots.pb") -> Found:
    """Read the election in a file's bytes, and how one voter of it voted.

    voter is compared with the column voter_id as it stands there. Raises as read_pabulib does.
    """
    reader = Reader(name, data, sought=voter)
    election = reader.election()
    if reader.found is None:
        return Found(election, None)
    choices, points = reader.understood[reader.found]
    alike = (one for one in election.ballots if (one.choices, one.points) == (choices, points))
    return Found(election, next(alike))


def _grouped(file: str, data: bytes) -> Election | None:
    """The election by the fast way; None where the votes are not plainly what they nearly always
    are, or the file is not in order: then reading it row by row says what it is."""
    title = data.find(b"\nVOTES")
    header = data.find(b"\n", title + 1)
    votes = data.find(b"\n", header + 1) + 1
    if min(title, header) < 0 or not votes or len(data) - votes < FEW_BYTES:
        return None
    if data.find(b'"', header) >= 0 or b"\0" in data:
        return None
    try:
        layer = layer_named().name
    except LayerError:  # the count will say so
        return None
    if layer == "plain":
        return None
    from .grouping import grouped

    try:
        reader = Reader(file, data[:votes])
        head = reader.head()
        # Nothing may follow the header, or its line was not the one that was cut off after.
        if reader.rest():
            return None
        counted = grouped(data, votes, head, kernel=layer == "kernel")
        return counted and reader.election_of(head, *counted, data)
    except PabulibError:
        return None


def _bytes_of(path: Path, file: str) -> bytes:
    """At most one byte more than is allowed: an endless file costs no more than a long one."""
    try:
        with path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_size > MOST_BYTES:
                return bytes(MOST_BYTES + 1)
            return stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise PabulibError(file, 0, f"cannot be opened ({why}): check the path") from None
