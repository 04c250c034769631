"""What `doorstep verify-count` does: one sentence, and an exit code."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from .ballots import UnreadableError
from .certificate import WrongError, verify

MOST_BYTES = 32 << 20
QUIET_SECONDS = 3.0
RIGHT, WRONG, UNREADABLE = 0, 1, 2


def verify_files(certificate: Path, ballots: Path, carry_over: Path | None = None) -> int:
    """Print whether a certificate is right, or the first thing that is wrong with it.

    Returns 0 if all is right, 1 if anything is wrong, 2 if a file cannot be read. After three
    seconds it says on standard error how far it is.
    """
    began = last = time.monotonic()

    def tell(step: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - began > QUIET_SECONDS and now - last > 1:
            last = now
            print(f"\rverifying: step {step:,} ", end="", file=sys.stderr, flush=True)

    try:
        brought = None if carry_over is None else _bytes(carry_over)
        sentence, code = verify(_bytes(certificate), _bytes(ballots), tell, brought), RIGHT
    except WrongError as wrong:
        sentence, code = f"Wrong: {wrong}", WRONG
    except UnreadableError as unreadable:
        sentence, code = str(unreadable), UNREADABLE
    if last != began:
        print(file=sys.stderr)
    print(sentence)
    return code


def _bytes(path: Path) -> bytes:
    """A file's bytes. Raises UnreadableError where there are none, or too many."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableError(f"{path.name} cannot be opened ({why}).") from None
    if len(data) > MOST_BYTES:
        raise UnreadableError(f"{path.name} is over {MOST_BYTES >> 20} MB: it is not one election.")
    return data
