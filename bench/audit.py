"""`./doorstep audit`: ask the advisories about every library that is locked.

    ./doorstep audit                        exit code 1 also where the advisories did not answer
    ./doorstep audit --unanswered-is-fine   for a machine that cannot reach them

No answer is never told as no finding: an advisory service that is out of reach, or that knows
nothing of a library, has ruled nothing out. `ask_bandit` reads our own code for T27.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
ADVISORIES = (
    "pip-audit", "--requirement", "requirements/run.txt", "--require-hashes", "--disable-pip",
    "--progress-spinner", "off", "--format", "json",
)  # fmt: skip
OURS = (
    "bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", "src/doorstep",
    "--format", "json",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What the advisories said of `libraries`: which are weak (`name version: what`), and of which
    they said nothing."""

    libraries: list[str]
    unanswered: list[str]
    weak: list[str]

    @property
    def was_asked(self) -> bool:
        return not self.unanswered

    def __str__(self) -> str:
        found = f"{len(self.weak)} with a known weakness"
        if self.unanswered:
            of = f"{len(self.unanswered)} of {len(self.libraries)} libraries"
            silent = f"not asked: no answer from the advisories about {of}"
            answered = len(self.libraries) - len(self.unanswered)
            return f"{silent}; of {answered} that they know, {found}" if answered else silent
        return f"{len(self.libraries)} libraries, {found}"


def ask_advisories() -> Answer:
    """One question for each library of the lock."""
    done = _run(ADVISORIES)
    try:
        told = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):  # it ended before it could say anything
        locked = _locked()
        return Answer(locked, locked, [])
    weak = [
        f"{one['name']} {one['version']}: {fault['id']}"
        for one in told
        for fault in one.get("vulns", ())
    ]
    known = {one["name"] for one in told if "skip_reason" not in one}
    return Answer(_locked(), [name for name in _locked() if name not in known], weak)


def ask_bandit() -> tuple[int, list[str]]:
    """(lines of our own code, its findings). RuntimeError where bandit itself failed: an answer of
    a tool that read nothing is none."""
    done = _run(OURS)
    try:
        told = json.loads(done.stdout)
    except ValueError:
        raise RuntimeError(done.stderr[-2_000:]) from None
    found = [f"{one['filename']}:{one['line_number']} {one['test_id']}" for one in told["results"]]
    unread = [f"{one['filename']} {one['reason']}" for one in told["errors"]]
    return int(told["metrics"]["_totals"]["loc"]), found + unread


def _locked() -> list[str]:
    """Names in the lock, as the advisories write them."""
    lines = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8").splitlines()
    return [line.partition("==")[0].partition("[")[0] for line in lines if "==" in line]


def _run(command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    words = [str(BIN / command[0]), *command[1:]]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True)


def main(arguments: list[str]) -> int:
    reader = argparse.ArgumentParser(prog="./doorstep audit")
    reader.add_argument(
        "--unanswered-is-fine", action="store_true",
        help="end well where the advisories did not answer (a weakness that they know still fails)",
    )  # fmt: skip
    asked = reader.parse_args(arguments)
    answer = ask_advisories()
    print(f"doorstep: {answer}.", *answer.weak, sep="\n  ", file=sys.stderr)
    if answer.weak:
        _say("Take the version that mends it, lock, test.")
        return 1
    if answer.was_asked:
        return 0
    _say("Nothing was found there, and nothing was ruled out. Run this where they can be reached.")
    if not asked.unanswered_is_fine:
        _say("Where they cannot be, --unanswered-is-fine ends well all the same.")
    return 0 if asked.unanswered_is_fine else 1


def _say(text: str) -> None:
    print(f"doorstep: {text}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
