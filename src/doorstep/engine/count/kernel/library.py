"""Finding, compiling and loading the kernel as a shared library that ctypes calls.

A library is used only if it carries the stamp of the very source beside it: a stale one is left
alone until it is compiled again.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from collections.abc import Iterator
from ctypes import POINTER, Structure, c_int, c_int32, c_int64, c_void_p
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE
COMPILED = ("count.c", "runs.c", "prices.c", "entries.c", "scan.c", "classes.c")
INCLUDED = ("kernel.h",)
BUILT = HERE / "_count.so"
# -ffast-math is not among them, and must not be: it changes the whole process.
OPTIONS = ("-std=gnu11", "-O2", "-shared", "-fPIC")
COMPILERS = ("cc", "gcc", "clang")
PATIENCE = 120


class ElectionColumns(Structure):
    """Election in count.c."""

    _fields_ = [
        (name, c_int64)
        for name in ("projects", "ballots", "voters", "pot", "entrants", "brought")
    ] + [
        (name, c_void_p)
        for name in (
            "start", "members", "each", "weight", "cost", "parts", "worth", "order", "paying",
            "carried", "ballot_start", "choice_parts", "choices",
        )
    ]  # fmt: skip


class RunColumns(Structure):
    """Run in count.c."""

    _fields_ = [
        *((name, c_int64) for name in ("share", "rounds", "shift", "tie_entries", "tie_room")),
        *((name, POINTER(c_int32)) for name in ("chosen", "tie_size")),
        *((name, POINTER(c_int64)) for name in ("low", "high", "full")),
        ("tied", POINTER(c_int32)),
    ]


class PricesColumns(Structure):
    """Prices in prices.c."""

    _fields_ = [
        *((name, c_int64) for name in ("rounds", "share", "shift")),
        *(
            (name, c_void_p)
            for name in (
                "chosen", "low", "high", "round_of", "full", "voters", "brought", "paid",
            )
        ),
    ]  # fmt: skip


class IntervalColumns(Structure):
    """Interval in count.c."""

    _fields_ = [(name, c_int64) for name in ("first", "last", "winners")]


def stamp() -> str:
    """What the library must have been made of: its sources, and how they are compiled."""
    made_of = hashlib.sha256(" ".join(OPTIONS).encode())
    for name in (*COMPILED, *INCLUDED):
        made_of.update((SOURCE / name).read_bytes())
    return made_of.hexdigest()


def build(target: Path = BUILT) -> Path | None:
    """Compile the kernel; None where that cannot be done."""
    import shutil  # these load slowly, and a count needs none of them
    import subprocess
    import tempfile

    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None or not os.access(target.parent, os.W_OK):
        return None
    handle, made = tempfile.mkstemp(suffix=".so", dir=target.parent)
    os.close(handle)
    command = [compiler, *OPTIONS, f'-DDOORSTEP_STAMP="{stamp()}"', "-o", made]
    command += [str(SOURCE / name) for name in COMPILED]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE)  # noqa: S603
        if done.returncode or not opened(Path(made)):
            return None
        Path(made).chmod(0o755)  # a temporary file is for its maker alone
        Path(made).replace(target)  # whoever has the old one open keeps it
    except (OSError, subprocess.SubprocessError):
        return None
    finally:
        Path(made).unlink(missing_ok=True)
    return target


def _candidates() -> Iterator[Path]:
    """The one compiled here, and the one that came in a wheel, named as extensions are."""
    yield BUILT
    yield from sorted(HERE.glob("_count.*.*"))


@cache
def library() -> ctypes.CDLL | None:
    """The loaded kernel; None where none was made of this source for this machine."""
    return next(filter(None, map(opened, _candidates())), None)


def opened(path: Path) -> ctypes.CDLL | None:
    """A library as ctypes calls it; None unless it is one, and made of the source beside it."""
    try:
        found = ctypes.CDLL(str(path))
        found.doorstep_stamp.restype = ctypes.c_char_p
        if found.doorstep_stamp().decode() != stamp():
            return None
    except (OSError, AttributeError, UnicodeDecodeError):
        return None
    for name, result, arguments in (
        ("open", c_void_p, [POINTER(ElectionColumns), c_int64]),
        ("close", None, [c_void_p]),
        ("equal_shares", c_int, [c_void_p, c_int64]),
        ("begin", None, [c_void_p, c_int64, c_int64, c_int]),
        ("counted", None, [c_void_p]),
        ("advance", c_int, [c_void_p, c_int64]),
        ("run", POINTER(RunColumns), [c_void_p, c_int]),
        (
            "log",
            POINTER(IntervalColumns),
            [c_void_p, POINTER(c_int64), POINTER(POINTER(c_int32))],
        ),
        ("prices", c_int, [c_void_p, c_void_p]),
        ("entries", None, [c_void_p]),
        ("step", c_int64, [c_void_p]),
        ("has_current", c_int, [c_void_p]),
        ("scan", c_int, [c_void_p, c_void_p]),
        ("scanned", None, [c_void_p]),
        ("classes", c_int, [c_void_p]),
    ):
        function = getattr(found, f"doorstep_{name}")
        function.restype, function.argtypes = result, arguments
    return found
