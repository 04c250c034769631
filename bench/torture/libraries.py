"""Asks the advisories about every library that is locked, and bandit about our own code.

No answer is told as that: what was not asked neither held nor failed.
"""

from bench.audit import ask_advisories, ask_bandit
from bench.torture import Figure, Options

NUMBERS = ("T27",)
EACH_DATABASE = False


def main(options: Options) -> list[Figure]:
    lines, findings = ask_bandit()
    ours = "; ".join([f"{lines:,} lines read by bandit; findings {len(findings)}", *findings[:3]])
    answer = ask_advisories()
    theirs = "; ".join([str(answer), *answer.weak])
    held = False if answer.weak else True if answer.was_asked else None
    return [
        Figure("T27", "our own code", ours, not findings),
        Figure("T27", "libraries with known faults", theirs, held),
    ]
