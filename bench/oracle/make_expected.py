"""Ask pabutools who wins, and keep its answers as expected results for the tests.

pabutools is a peer, not a dependency: installing it pulls a proprietary solver, so it lives in an
environment of its own and only its answers (ids of winners, nothing of the data) enter the
repository. The run is long (hours for all 611 elections), so every answer is appended to a work
file as soon as it is known, and a second run asks only what is still missing: the quick questions
of every election first, the smallest first; then in which order Add1's winners were chosen, where
only their set is known; then Add1 itself, what should end soonest first.

    ./doorstep bench count        # builds the environment .venv-peers
    nice -n 19 .venv-peers/bin/python bench/oracle/make_expected.py ask DATA_DIR answers.jsonl \\
        tests/engine/count/expected/pabutools.jsonl.gz
    .venv-peers/bin/python bench/oracle/make_expected.py pack answers.jsonl \\
        tests/engine/count/expected/pabutools.jsonl.gz

`pack` adds the new answers to those that are kept: one line for each file,
`[file, {question: winners in order}, {question: winners sorted}, {question: what was projected}]`,
the third for answers of the first release, which kept no order. null stands for no answer within 60
processor seconds and 6 GB.

Add1 counts afresh at every step, and our engine says how many steps there are. Where pabutools' own
first runs go so slowly that all would take a quarter more than the limit, it is stopped there, and
what was seen is kept: `[runs taken, seconds until then, runs needed, seconds projected]`. Later
runs have larger shares and more winners, so they are hardly ever quicker than the first ones: of
166 questions that ended after a projection, none took under 0.90 of it, half over 1.24 times.

What pabutools is asked, so that the question is the same as ours:

* ties go by our order (lowest cost, most votes, then the lot with an empty seed);
* projects dearer than the pot are taken out first (in pabutools they could end Add1 early);
* a project named with zero points is not supported;
* Add1 adds one currency unit per voter. One run answers both stops: the first exhaustive outcome
  ("add1-exhaustive"), and the outcome before the first overspending one ("add1").
* "borda" is pabutools' own class: the last of a ranking is worth nothing.
* "add1@share" is one run of pabutools at the share where our engine ends: of Add1 only the set of
  winners is known there, and this gives their order.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SECONDS = 60
MEMORY = 6 << 30
SEEN = 2.0  # seconds of runs, and as many runs, before anything is projected from them
RUNS = 3
FAR = 1.25  # times the limit
OURS = Path(__file__).resolve().parents[2] / "src"

SUPPORT = {"approval": ("cost", "count"), "choose-1": ("cost", "count")}
SCORED = {
    "cumulative": ("score", "cost", "count"),
    "scoring": ("score", "cost", "count"),
    "ordinal": ("borda", "cost", "count"),
}


def questions(vote_type: str) -> tuple[list[str], list[str]]:
    """The quick questions and the slow ones that fit a type of ballot."""
    utilities = SUPPORT.get(vote_type) or SCORED.get(vote_type, ())
    quick = [f"equal-shares/{u}/none" for u in utilities]
    slow = [f"equal-shares/{u}/add1" for u in utilities]
    if vote_type in SUPPORT:
        quick += ["greedy", "phragmen"]
    return quick, slow


def head(path: Path) -> dict[str, str]:
    """The META section, read no further."""
    meta: dict[str, str] = {}
    with path.open(encoding="utf-8-sig") as lines:
        for line in lines:
            if line.strip() == "PROJECTS":
                break
            key, _, value = line.rstrip("\r\n").partition(";")
            meta[key] = value
    return meta


def lot(project_id: str) -> str:
    return hashlib.sha256(project_id.encode()).hexdigest()


class TooFarError(Exception):
    """Add1 would end long after the limit. Arguments: runs taken, seconds until then, runs needed,
    seconds projected."""


class Watched:
    """Mixed into pabutools' Instance: notes the first exhaustive outcome and lets Add1 go on, as
    long as it can end in time."""

    first_exhaustive: list[str] | None = None
    needed: int | None = None
    runs = 0
    first_at = 0.0

    def see(self) -> None:
        """A run has ended."""
        now = time.process_time()
        self.runs += 1
        if self.runs == 1:
            self.first_at = now
        elif self.needed and self.runs > RUNS and now - self.first_at > SEEN:
            each = (now - self.first_at) / (self.runs - 1)
            projected = now + each * (self.needed - self.runs)
            if projected > FAR * SECONDS:
                raise TooFarError(self.runs, round(now, 1), self.needed, round(projected))

    def is_exhaustive(self, projects: Any, available_projects: Any = None) -> bool:
        chosen = [str(getattr(p, "name", p)) for p in projects]
        self.see()
        if self.first_exhaustive is None and super().is_exhaustive(  # type: ignore[misc]
            projects, available_projects
        ):
            self.first_exhaustive = chosen
        return len(chosen) == len(available_projects)


def ready(path: Path) -> tuple[Any, Any, Any]:
    """The election as pabutools objects, asked our way: instance, profile, tie order."""
    from pabutools import election as pb
    from pabutools.tiebreaking import TieBreakingRule

    class WatchedInstance(Watched, pb.Instance):  # type: ignore[misc]
        pass

    whole, profile = pb.parse_pabulib(str(path))
    within = [p for p in whole if p.cost <= whole.budget_limit]
    instance = WatchedInstance(within, budget_limit=whole.budget_limit)
    votes: dict[str, int] = {}
    for ballot in profile:
        if isinstance(ballot, pb.AbstractCardinalBallot):
            for project in [p for p, points in ballot.items() if points <= 0]:
                del ballot[project]
        for project in set(ballot):
            votes[project.name] = votes.get(project.name, 0) + 1
    order = TieBreakingRule(lambda i, b, p: (p.cost, -votes.get(p.name, 0), lot(p.name)))
    return instance, profile, order


def satisfaction(utility: str) -> Any:
    from pabutools import election as pb

    return {
        "cost": pb.Cost_Sat,
        "count": pb.Cardinality_Sat,
        "score": pb.Additive_Cardinal_Sat,
        "borda": pb.Additive_Borda_Sat,
    }[utility]


def winners(path: Path, question: str) -> Iterator[tuple[str, list[str]]]:
    """Pairs of (question, ids of the winners in pabutools' order)."""
    from pabutools import rules

    instance, profile, order = ready(path)
    rule, *rest = question.split("/")
    if rule == "greedy":
        chosen = rules.greedy_utilitarian_welfare(
            instance, profile, sat_class=satisfaction("cost"), tie_breaking=order
        )
        yield question, [p.name for p in chosen]
    elif rule == "phragmen":
        chosen = rules.sequential_phragmen(instance, profile, tie_breaking=order)
        yield question, [p.name for p in chosen]
    elif rest[1].startswith("add1@share"):
        yield from at_share(path, question)
    else:
        utility, completion = rest
        if completion == "add1":
            instance.needed = runs_needed(path, utility)
        try:
            chosen = rules.method_of_equal_shares(
                instance,
                profile.as_multiprofile(),
                sat_class=satisfaction(utility),
                tie_breaking=order,
                voter_budget_increment=1 if completion == "add1" else None,
            )
            yield question, [p.name for p in chosen]
            if completion == "add1" and instance.first_exhaustive is None:
                instance.first_exhaustive = [p.name for p in chosen]
        finally:
            if completion == "add1" and instance.first_exhaustive is not None:
                yield f"{question}-exhaustive", instance.first_exhaustive


def ours(path: Path, utility: str, *, exhaustive: bool = False) -> Any:
    """The shares of our count by Add1; None where everything fits and no step is taken."""
    if str(OURS) not in sys.path:
        sys.path.append(str(OURS))
    from doorstep.engine.count import Rule, count, read_pabulib

    rule = Rule(utility=utility, completion="add1", stop_when_exhaustive=exhaustive)
    outcome = count(read_pabulib(path), rule)
    all_fit = any(one.reason.code == "won_all_fit" for one in outcome.verdicts)
    return None if all_fit else outcome.shares


def runs_needed(path: Path, utility: str) -> int | None:
    """A run for each step, the first and the one that would overspend too."""
    shares = ours(path, utility)
    return shares and shares.steps + 2


def at_share(path: Path, question: str) -> Iterator[tuple[str, list[str]]]:
    """What pabutools funds, in its order, with the share at which our engine ends; nothing where
    ours takes no step because everything fits."""
    from pabutools import election as pb
    from pabutools.fractions import frac
    from pabutools.rules.budgetallocation import BudgetAllocation
    from pabutools.rules.mes.mes_rule import method_of_equal_shares_scheme

    utility = question.split("/")[1]
    shares = ours(path, utility, exhaustive=question.endswith("-exhaustive"))
    if shares is None:
        return
    instance, profile, order = ready(path)
    merged = profile.as_multiprofile()
    chosen = method_of_equal_shares_scheme(
        instance,
        merged,
        merged.as_sat_profile(sat_class=satisfaction(utility)),
        frac(shares.final.numerator, shares.final.denominator),
        BudgetAllocation(),
        order,
        binary_sat=isinstance(merged, pb.AbstractApprovalProfile),
    )
    yield question, [p.name for p in chosen]


def ask(path: Path, question: str, answers: Path) -> None:
    """One question in a process of its own, so that memory and time are bounded."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.setrecursionlimit(20_000)
    done: dict[str, list[str]] = {}
    problem: dict[str, Any] = {"none": "not asked"}

    def too_long(*_: object) -> None:
        raise TimeoutError(f"over {SECONDS} s")

    # Processor time, not the clock's: whatever else the machine does changes no answer.
    signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        for name, ids in winners(path, question):
            done[name] = ids
    except TooFarError as error:
        problem = {"none": "projected", "seen": error.args}
    except (TimeoutError, MemoryError, RecursionError) as error:
        problem = {"none": type(error).__name__}
    signal.setitimer(signal.ITIMER_PROF, 0)
    with answers.open("a", encoding="utf-8") as out:
        for name, ids in done.items():
            out.write(json.dumps({"file": path.name, "ask": name, "winners": ids}) + "\n")
        if question not in done:
            out.write(json.dumps({"file": path.name, "ask": question, **problem}) + "\n")
    os._exit(0)


Answers = dict[str, dict[str, list[str] | None]]  # file: question: winners


def ask_all(data: Path, answers: Path, kept: Path) -> None:
    asked = {
        (file, question) for file, known in read_answers(answers).items() for question in known
    }
    in_order, as_sets = read_kept(kept)
    asked |= {(file, question) for file, known in in_order.items() for question in known}
    as_set = {(file, question) for file, known in as_sets.items() for question in known}
    sized = sorted((int(meta["num_votes"]), path, meta) for path, meta in heads(data))
    quick, orders, slow = list[tuple[Path, str]](), list[tuple[Path, str]](), []
    for _, path, meta in sized:
        of_file = questions(meta["vote_type"])
        quick += [(path, question) for question in of_file[0]]
        for question in of_file[1]:
            if (path.name, question) not in as_set:
                slow.append((path, question))
            elif (path.name, question) not in asked:
                ends = ("", "-exhaustive")
                orders += [(path, question.replace("add1", "add1@share") + end) for end in ends]
    todo = [one for one in quick + orders if (one[0].name, one[1]) not in asked]
    new = [one for one in slow if (one[0].name, one[1]) not in asked]
    todo += sorted(new, key=lambda one: work(*one))
    for number, (path, question) in enumerate(todo, start=1):
        print(f"{number} of {len(todo)}: {path.name} {question}", file=sys.stderr, flush=True)
        ask(path, question, answers)


def work(path: Path, question: str) -> int:
    """About how long Add1 takes pabutools: steps times bytes. What takes none goes on until
    everything has won, and nobody knows when that is."""
    return (runs_needed(path, question.split("/")[1]) or 100_000) * path.stat().st_size


def heads(data: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    return ((path, head(path)) for path in data.glob("*.pb"))


def read_answers(answers: Path) -> Answers:
    by_file: Answers = {}
    for line in answers.read_text(encoding="utf-8").splitlines() if answers.exists() else ():
        answer = json.loads(line)
        by_file.setdefault(answer["file"], {})[answer["ask"]] = answer.get("winners")
    return by_file


def read_seen(answers: Path) -> dict[str, dict[str, list[float]]]:
    """What was seen of the questions that were stopped."""
    by_file: dict[str, dict[str, list[float]]] = {}
    for line in answers.read_text(encoding="utf-8").splitlines() if answers.exists() else ():
        answer = json.loads(line)
        if "seen" in answer:
            by_file.setdefault(answer["file"], {})[answer["ask"]] = answer["seen"]
    return by_file


def read_kept(kept: Path) -> tuple[Answers, Answers]:
    """What is kept already: winners in order, and answers that are sets only."""
    in_order: Answers = {}
    as_sets: Answers = {}
    for name, ordered, sets, _ in kept_lines(kept):
        in_order[name], as_sets[name] = ordered, sets
    return in_order, as_sets


def kept_lines(kept: Path) -> Iterator[tuple[str, Any, Any, dict[str, list[float]]]]:
    for line in gzip.decompress(kept.read_bytes()).splitlines() if kept.exists() else ():
        name, ordered, sets, *seen = json.loads(line)
        yield name, ordered, sets, seen[0] if seen else {}


def pack(answers: Path, kept: Path) -> None:
    """Add answers to the kept ones. An order that is known now replaces a set."""
    in_order, as_sets = read_kept(kept)
    seen = {name: of_file for name, _, _, of_file in kept_lines(kept)}
    for file, known in read_answers(answers).items():
        in_order.setdefault(file, {}).update(known)
    for file, stopped in read_seen(answers).items():
        seen.setdefault(file, {}).update(stopped)
    lines = []
    for name in sorted(in_order.keys() | as_sets.keys()):
        ordered = in_order.get(name, {})
        # An answer that came in time once stays, even where this machine was too slow for it.
        sets = {q: ids for q, ids in as_sets.get(name, {}).items() if ordered.get(q) is None}
        ordered = {q: ids for q, ids in ordered.items() if ids is not None or q not in sets}
        of_file = [name, ordered, sets, seen.get(name, {})]
        lines.append(json.dumps(of_file, sort_keys=True, separators=(",", ":")))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
    for what, part in (("in order", 1), ("as sets", 2)):
        given = [ids for line in lines for ids in json.loads(line)[part].values()]
        print(f"{what}: {len(given)} questions, {given.count(None)} without an answer")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ask", data, answers, kept]:
            ask_all(Path(data), Path(answers), Path(kept))
        case ["pack", answers, kept]:
            pack(Path(answers), Path(kept))
        case _:
            raise SystemExit(__doc__)
