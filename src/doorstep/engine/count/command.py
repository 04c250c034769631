"""What `doorstep count` does between its options and its text."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from .certificate import certificate
from .counting import count
from .election import Election
from .outcome import Outcome, as_text, canonical
from .pabulib import read_pabulib
from .reader import plain_number
from .rule import Rule, RuleError
from .words import Translate

QUIET_SECONDS = 3.0


class ClusterError(Exception):
    """A cluster that is of no use for counting. Its text says why, and what to do."""


def election_in(file: Path, carry_over: Path | None) -> Election:
    """The election in a file, with what voters carried over where a file says it."""
    if carry_over is None:
        return read_pabulib(file)
    from .carry import carried_over

    return carried_over(file, carry_over)


def amounts_to_carry(
    files: Sequence[Path], by: str, most: str | None, rule: Rule, carry_over: Path | None = None
) -> str:
    """A carry-over file, worked out from the counts of past rounds by this rule. carry_over is
    what had been carried over into that round, where it is one."""
    from .bringing import BY_VOTER
    from .carry import amounts_of, left_by_voter, owed_by_kind, written_amounts
    from .fairness import COLUMNS

    if carry_over is not None and len(files) != 1:
        raise RuleError("--carry-over is of one round: give that file alone, and go on from it.")
    if by == BY_VOTER:
        if len(files) != 1 or most is not None:
            raise RuleError("by voter_id it is what one round left: give one file, and no --most.")
        data, brought = files[0].read_bytes(), None
        if carry_over is not None:
            given, brought = amounts_of(carry_over.read_bytes(), carry_over.name)
            if given != BY_VOTER:
                raise RuleError(f"{carry_over.name} goes by {given}: go on by {given}.")
        outcome = count(election_in(files[0], carry_over), rule)
        return written_amounts(by, left_by_voter(data, outcome, files[0].name, brought))
    if by not in COLUMNS:
        raise RuleError(f"there is no {by!r} to carry over by: use voter_id, {', '.join(COLUMNS)}.")
    limit = None if most is None else plain_number(most)
    if most is not None and limit is None:
        raise RuleError(f"--most is {most!r}: write an amount such as 5000.")
    elections = (election_in(file, carry_over) for file in files)
    rounds = ((election, count(election, rule)) for election in elections)
    return written_amounts(by, owed_by_kind(rounds, by, limit))


def counted(file: Path, rule: Rule, carry_over: Path | None = None) -> Outcome:
    """Count a file. After three seconds it says on standard error how far it is."""
    began = last = time.monotonic()

    def progress(step: int, spent: Fraction) -> None:
        nonlocal last
        now = time.monotonic()
        if now - began > QUIET_SECONDS and now - last > 1:
            last = now
            print(
                f"\rcounting: step {step:,}, {float(spent):.1%} of the pot spent ",
                end="",
                file=sys.stderr,
                flush=True,
            )

    outcome = count(election_in(file, carry_over), rule, progress)
    if last != began:
        print(file=sys.stderr)
    return outcome


def written_json(outcome: Outcome, target: str) -> None:
    """Write the canonical JSON to a file, or to standard output for `-`.

    Byte for byte what a round publishes, so its SHA-256 is the one in the record.
    """
    _written(canonical(outcome), target)


def compared(file: Path, json: str | None) -> None:
    """Count a file by one rule after another, and print what differs or write it as JSON."""
    from .compare import compare, comparison_as_json, comparison_as_text

    comparison = compare(read_pabulib(file))
    if json is None:
        sys.stdout.write(comparison_as_text(comparison))
    else:
        _written(as_text(comparison_as_json(comparison)), json)


def _written(text: str, target: str) -> None:
    """To a file, or for `-` to standard output, where only a person's terminal gets a line's end
    after it."""
    if target == "-":
        sys.stdout.write(text + ("\n" if sys.stdout.isatty() else ""))
    else:
        Path(target).write_text(text, encoding="utf-8")


def written_certificate(outcome: Outcome, target: Path) -> None:
    """Write what a stranger needs to re-prove the count (certificate.py)."""
    target.write_bytes(certificate(outcome))


def written_analysis(
    election: Election,
    outcome: Outcome,
    target: str | None,
    recounts: int,
    seed: str,
    *,
    quiet: bool,
) -> None:
    """Analyse a count of this election. The JSON goes to `target`; the text to standard output,
    unless something else is there. While it recounts, it says on standard error how far it is."""
    from .analysis import analyse, canonical_analysis
    from .analysis_report import analysis_report

    began = last = time.monotonic()

    def told(done: int, of: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - began > QUIET_SECONDS and (now - last > 1 or done == of):
            last = now
            print(
                f"\rcounting drawn ballots: {done:,} of {of:,} ",
                end="",
                file=sys.stderr,
                flush=True,
            )

    analysis = analyse(election, outcome, recounts=recounts, seed=seed, told=told)
    if last != began:
        print(file=sys.stderr)
    if target is not None:
        _written(canonical_analysis(analysis), target)
    if target != "-" and not quiet:
        sys.stdout.write("\n" + analysis_report(analysis))


def written_report(
    election: Election, outcome: Outcome, target: Path, translate: Translate, language: str
) -> None:
    """Write the outcome of a count of this election as a page of HTML (page/)."""
    from .page import html_report

    page = html_report(election, outcome, translate, language=language)
    target.write_text(page, encoding="utf-8")


def wants_many(
    file: Path,
    workers: int,
    json_dir: Path | None,
    dask: str | None,
    for_one_file: Mapping[str, object],
) -> bool:
    """Whether a folder is to be counted, or a file as if it were in one.

    for_one_file maps options that a folder cannot have to what was given. Raises RuleError for
    options that do not go together.
    """
    many = file.is_dir() or json_dir is not None or dask is not None
    for option in (option for option, given in for_one_file.items() if many and given is not None):
        raise RuleError(f"{option} is for one file: a folder's results go to --json-dir.")
    if dask and workers:
        raise RuleError("--workers counts here and --dask on a cluster: choose one.")
    return many
