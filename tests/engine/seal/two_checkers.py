"""The two checkers side by side: verify.py, and the modules of the page /verify/ run by Node."""

import contextlib
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import doorstep.apps.record
from doorstep.engine.seal.alone.run import check_everything
from doorstep.engine.seal.recount import UnreadableError, WrongError
from tests.engine.seal.many import Made

MODULES = Path(doorstep.apps.record.__file__).parent / "static" / "record" / "verify"
SCRIPT = Path(__file__).with_name("verdicts.mjs")
Verdict = dict[str, Any]
# What the library of either language says of a broken file is its own; the sentence is ours.
OF_THE_LIBRARY = re.compile(
    r"(cannot be read as a \.pb file|The certificate is not JSON): .*", re.S
)


class Scripts:
    """Node with the page's modules: a folder in, a verdict out."""

    def __init__(self, node: str, folder: Path) -> None:
        shutil.copytree(MODULES, folder / "verify")
        (folder / "verify" / "package.json").write_text('{"type":"module"}')
        self._process = subprocess.Popen(
            [node, SCRIPT, folder / "verify"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def verdict(self, made: Made) -> Verdict:
        return self._answer({"folder": str(made.folder), "seen": made.seen})

    def verdict_on_address(self, where: str, wait: int) -> Verdict:
        """`wait` is in milliseconds, for each file."""
        return self._answer({"where": where, "wait": wait})

    def verdict_with_key(self, folder: Path, key: str) -> Verdict:
        return self._answer({"folder": str(folder), "given": key})

    def verdict_on_zip(self, file: Path) -> Verdict:
        return self._answer({"zip": str(file)})

    def verdict_on_picked(self, folder: Path) -> Verdict:
        """On a folder as a browser hands it over: its own name stands before each path."""
        return self._answer({"picked": str(folder)})

    def _answer(self, asked: dict[str, Any]) -> Verdict:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer: Verdict = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        self._process.communicate(timeout=60)


@contextlib.contextmanager
def scripts(node: str, folder: Path) -> Iterator[Scripts]:
    running = Scripts(node, folder)
    try:
        yield running
    finally:
        running.close()


def verdict_of_python(made: Made, memory: Path) -> Verdict:
    """What verify.py says of a record."""
    memory.unlink(missing_ok=True)
    if made.seen is not None:
        memory.write_text(json.dumps(made.seen))
    return verdict_of_python_on(str(made.folder), memory if made.seen is not None else None)


def verdict_of_python_on(where: str, memory: Path | None = None, key: str | None = None) -> Verdict:
    """What verify.py says of what stands at a folder or address; a traceback is a verdict too, and
    never a right one."""
    told = io.StringIO()
    kind, says = "right", ""
    with contextlib.redirect_stdout(told):
        try:
            check_everything(where, memory, key)
        except WrongError as fault:
            kind, says = "wrong", str(fault)
        except UnreadableError as fault:
            kind, says = "unreadable", str(fault)
        except Exception as fault:
            kind, says = "crash", repr(fault)
    lines = [line[7:] for line in told.getvalue().splitlines()]
    return {"kind": kind, "says": says, "lines": lines}


def comparable(verdict: Verdict) -> Verdict:
    return {**verdict, "says": OF_THE_LIBRARY.sub(r"\1.", verdict["says"])}
