"""Ask pabutools who wins, and keep its answers as expected results for the tests.

pabutools is a peer, not a dependency: installing it pulls a proprietary solver, so it lives in an
environment of its own and only its answers (ids of winners, nothing of the data) enter the
repository. The run is long (hours for all 611 elections), so every answer is appended to a work
file as soon as it is known, and a second run asks only what is still missing: the quick questions
of every election first, the smallest first, then Add1 where nothing is known of it, then Add1
where only the set of winners is known and not yet their order.

    ./doorstep bench count        # builds the environment .venv-peers
    nice -n 19 .venv-peers/bin/python bench/oracle/make_expected.py ask DATA_DIR answers.jsonl \\
        tests/engine/count/expected/pabutools.jsonl.gz
    .venv-peers/bin/python bench/oracle/make_expected.py pack answers.jsonl \\
        tests/engine/count/expected/pabutools.jsonl.gz

`pack` adds the new answers to those that are kept: one line for each file,
`[file, {question: winners in order}, {question: winners sorted}]`, the third for answers of the
first release, which kept no order. null stands for no answer within 60 processor seconds and 6 GB.

What pabutools is asked, so that the question is the same as ours:

* ties go by our order (lowest cost, most votes, then the lot with an empty seed);
* projects dearer than the pot are taken out first (in pabutools they could end Add1 early);
* a project named with zero points is not supported;
* Add1 adds one currency unit per voter. One run answers both stops: the first exhaustive outcome
  ("add1-exhaustive"), and the outcome before the first overspending one ("add1").
* "borda" is pabutools' own class: the last of a ranking is worth nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SECONDS = 60
MEMORY = 6 << 30

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


class Watched:
    """Mixed into pabutools' Instance: notes the first exhaustive outcome and lets Add1 go on."""

    first_exhaustive: list[str] | None = None

    def is_exhaustive(self, projects: Any, available_projects: Any = None) -> bool:
        chosen = [str(getattr(p, "name", p)) for p in projects]
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
    else:
        utility, completion = rest
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


def ask(path: Path, question: str, answers: Path) -> None:
    """One question in a process of its own, so that memory and time are bounded."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.setrecursionlimit(20_000)
    done: dict[str, list[str]] = {}
    problem = ""

    def too_long(*_: object) -> None:
        raise TimeoutError(f"over {SECONDS} s")

    # Processor time, not the clock's: whatever else the machine does changes no answer.
    signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        for name, ids in winners(path, question):
            done[name] = ids
    except (TimeoutError, MemoryError, RecursionError) as error:
        problem = type(error).__name__
    signal.setitimer(signal.ITIMER_PROF, 0)
    with answers.open("a", encoding="utf-8") as out:
        for name, ids in done.items():
            out.write(json.dumps({"file": path.name, "ask": name, "winners": ids}) + "\n")
        if question not in done:
            out.write(json.dumps({"file": path.name, "ask": question, "none": problem}) + "\n")
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
    todo: list[tuple[Path, str]] = []
    for speed in (0, 1):
        every = [(path, q) for _, path, meta in sized for q in questions(meta["vote_type"])[speed]]
        new = [one for one in every if (one[0].name, one[1]) not in asked]
        todo += sorted(new, key=lambda one: bool(speed) and (one[0].name, one[1]) in as_set)
    for number, (path, question) in enumerate(todo, start=1):
        print(f"{number} of {len(todo)}: {path.name} {question}", file=sys.stderr, flush=True)
        ask(path, question, answers)


def heads(data: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    return ((path, head(path)) for path in data.glob("*.pb"))


def read_answers(answers: Path) -> Answers:
    by_file: Answers = {}
    for line in answers.read_text(encoding="utf-8").splitlines() if answers.exists() else ():
        answer = json.loads(line)
        by_file.setdefault(answer["file"], {})[answer["ask"]] = answer.get("winners")
    return by_file


def read_kept(kept: Path) -> tuple[Answers, Answers]:
    """What is kept already: winners in order, and answers that are sets only."""
    in_order: Answers = {}
    as_sets: Answers = {}
    for line in gzip.decompress(kept.read_bytes()).splitlines() if kept.exists() else ():
        name, ordered, *sets = json.loads(line)
        in_order[name], as_sets[name] = (ordered, sets[0]) if sets else ({}, ordered)
    return in_order, as_sets


def pack(answers: Path, kept: Path) -> None:
    """Add answers to the kept ones. An order that is known now replaces a set."""
    in_order, as_sets = read_kept(kept)
    for file, known in read_answers(answers).items():
        in_order.setdefault(file, {}).update(known)
    lines = []
    for name in sorted(in_order.keys() | as_sets.keys()):
        ordered = in_order.get(name, {})
        # An answer that came in time once stays, even where this machine was too slow for it.
        sets = {q: ids for q, ids in as_sets.get(name, {}).items() if ordered.get(q) is None}
        ordered = {q: ids for q, ids in ordered.items() if ids is not None or q not in sets}
        lines.append(json.dumps([name, ordered, sets], sort_keys=True, separators=(",", ":")))
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
