"""Prints what was found, so that no text of a record can speak for the checker."""

from __future__ import annotations

import os
from typing import TextIO

from ..recount.ballots import UnreadableError


def plainly(text: str) -> str:
    """A text on one line. What a terminal would obey, hide or turn round is shown as \\x1b is."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def print_line(text: str, stream: TextIO | None) -> None:
    """Print, whatever the stream can spell. Where nobody reads on (`| head`), the check goes on
    for its exit code's sake. Raises UnreadableError where it cannot be written otherwise."""
    if stream is None:
        return
    spelling = stream.encoding or "utf-8"
    line = plainly(text).encode(spelling, "backslashreplace").decode(spelling)
    try:
        print(line, file=stream, flush=True)
    except BrokenPipeError:
        _let_go(stream)
    except OSError as problem:
        _let_go(stream)
        raise UnreadableError(f"What was found cannot be written ({problem}).") from None


def _let_go(stream: TextIO) -> None:
    """What is still waiting to be written would be a second fault, at the very end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
