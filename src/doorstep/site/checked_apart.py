"""Checks a bundle as a stranger would, in a process of its own: that takes seconds or minutes of a
processor and much memory, which a worker that has letters to send does not have to spare.
"""

import signal
import subprocess
import sys
from pathlib import Path

from doorstep.apps.refused import Refused
from doorstep.engine.seal.joined import verify_file

# Python without anything of this machine's, and our own verify.py out of a pipe.
COMMAND = (sys.executable, "-I", "-S", "-X", "utf8", "-")
RIGHT, WRONG, NOT_TOLD = 0, 1, 2  # the exit codes of verify.py
FAULT = "WRONG  "


def refuse_unless_right_apart(folder: Path, otherwise: str) -> None:
    """Raises Refused: `otherwise`, and the first fault; or how the process ended, where it ended
    before it could tell."""
    done = subprocess.run(  # noqa: S603 (no shell, and our own program)
        [*COMMAND, str(folder.resolve()), "--forget"], input=verify_file().decode(),
        capture_output=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    if done.returncode == RIGHT:
        return
    if why := _said(done):
        raise Refused(f"{otherwise} {why}", code="bundle-wrong")
    raise Refused(
        f"No bundle was written: the process that checks it ended before it could tell "
        f"({_how(done.returncode)}). The machine may be short of memory.",
        code="bundle-unchecked",
    )


def _said(done: "subprocess.CompletedProcess[str]") -> str:
    """What verify.py found wrong, or why it could not tell; empty where it said neither."""
    if done.returncode == NOT_TOLD:
        return done.stderr.strip().rpartition("\n")[2].removeprefix("doorstep: ")
    found = [line for line in done.stdout.splitlines() if line.startswith(FAULT)]
    return found[-1].removeprefix(FAULT) if done.returncode == WRONG and found else ""


def _how(code: int) -> str:
    """How a process ended, by what its parent is told of it."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
