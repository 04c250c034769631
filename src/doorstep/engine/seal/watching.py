"""`doorstep witness`: one look at a log, told in a few lines. Needs no database and no Django."""

import sys
from pathlib import Path

from .faults import MissingError, SealError
from .source import Folder, Web, source_of
from .witness import CaughtError, Witness
from .words import words_for


def watch(
    where: str,
    keep: Path,
    *,
    log_key: str | None = None,
    cosign: bool = False,
    name: str | None = None,
    send: bool = False,
) -> int:
    """Look, and say what was seen: 0 when all fits, 1 when the log was caught, 2 when neither."""
    source = source_of(where)
    try:
        if send and not isinstance(source, Web):
            raise SealError(
                f"{where} is a folder, and nothing can be sent to one. Look at the log's address, "
                "or cosign without sending and give the file to whoever runs the record."
            )
        _refuse_nowhere(where, source)
        witness = Witness(keep)
        if cosign and name:
            print(f"Your key, for whoever runs the record: {witness.make_key(name)}")
        sight = witness.look(source, log_key=log_key, cosign=cosign or send)
        if sight.key_is_new:
            print(f"First look at {sight.key.name}. Compare its key with the one on paper:")
            print(f"  {sight.key}")
        told = f"{sight.now.size:,} leaves, signed."
        if sight.before is not None:
            told += f" They begin with the {sight.before.size:,} seen before."
        print(told)
        print(f"In eight words: {' '.join(words_for(sight.now.text))}")
        if sight.cosigned is not None:
            print(f"Cosigned: {sight.cosigned}")
            if send and isinstance(source, Web):
                print(source.send("cosignatures", sight.cosigned.read_bytes()))
    except CaughtError as caught:
        print(f"doorstep: {caught}", file=sys.stderr)
        return 1
    except SealError as fault:
        print(f"doorstep: {_sentence(str(fault))}", file=sys.stderr)
        return 2
    except OSError as problem:
        print(f"doorstep: {problem.filename}: {problem.strerror}", file=sys.stderr)
        return 2
    return 0


def _refuse_nowhere(where: str, source: Folder | Web) -> None:
    """Say what to name where no log stands."""
    if isinstance(source, Folder):
        if not source.path.is_dir():
            raise SealError(f"there is no folder {where}. An address begins with https://.")
        return
    try:
        source.read("checkpoint")
    except MissingError:
        raise SealError(
            f"{where} is no log: no checkpoint is there. Name the address that the page "
            "/record/watch/ of the site gives, which ends with /record/log/public. If you did, "
            "nothing is signed there."
        ) from None


def _sentence(fault: str) -> str:
    """A fault as it stands alone; what begins with an address keeps it as it can be typed."""
    return fault if "://" in fault.partition(" ")[0] else fault[:1].upper() + fault[1:]
