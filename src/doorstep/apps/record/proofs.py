"""The way from one leaf to the signed root, out of the published files."""

import base64
from dataclasses import dataclass
from functools import partial

from doorstep.engine.seal.faults import MissingError
from doorstep.engine.seal.tiles import TileNodes
from doorstep.engine.seal.tree import inclusion_proof

from .folder import LogFolder
from .models import Log
from .publishing import folder_of, shown_note
from .queries import latest_checkpoint


@dataclass(frozen=True)
class Proof:
    """Of leaf `index` in the tree of `size`: the hashes from its neighbour to below the root."""

    index: int
    size: int
    path: list[bytes]
    note: str

    @property
    def file(self) -> str:
        """As C2SP tlog-proof writes it, to be checked without us."""
        lines = [base64.b64encode(one).decode() for one in self.path]
        head = ["c2sp.org/tlog-proof@v1", f"index {self.index}", *lines]
        return "\n".join(head) + "\n\n" + self.note


def proof_of(index: int) -> Proof | None:
    """The proof of a leaf of the public log; None before a checkpoint covers it, and on a machine
    that does not hold the published files."""
    signed = latest_checkpoint()
    if signed is None or index >= signed.size:
        return None
    nodes = TileNodes(partial(_fetch, folder_of(Log.PUBLIC)), signed.size)
    try:
        path = inclusion_proof(nodes, index, signed.size)
    except MissingError:
        return None
    return Proof(index, signed.size, path, shown_note(signed))


def _fetch(folder: LogFolder, path: str) -> bytes:
    data = folder.read(path)
    if data is None:
        raise MissingError(f"{path} is not there.")
    return data
