"""What the cities decided: files whose metadata names a rule of ours and carries the winners.

A few real elections break the rule that they name. They are listed with what happened, and the
test fails if one of them ever agrees, so the list cannot grow stale.
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from doorstep.engine.count import Election, Outcome, Rule, count, read_pabulib

BREAK_THEIR_RULE = {
    "Poland_Gdynia_2020_Babie_Doly__small.pb": (
        "projects 5 and 1 are level with 101 votes: the dearer 1 was funded, the cheaper 5 is "
        "marked 2 (funded from elsewhere)"
    ),
    "Poland_Krakow_2022_Czyzyny.pb": (
        "projects 24 and 26 are level with 40 points, and only one still fitted: the dearer 26 "
        "was funded"
    ),
    "Poland_Warszawa_2018_Niskie_Okecie.pb": (
        "projects 308 and 615 are level with 88 votes: the dearer 615 was funded, and that left "
        "room for others than 308 would have"
    ),
    "Poland_Warszawa_2020_Targowek.pb": (
        "project 1667 (550,000) fitted when its turn came and was passed over, it seems for 1686 "
        "in the same wood, which then had room"
    ),
}


def selected(election: Election) -> set[str] | None:
    """Ids that the file marks as funded from this pot (1); None when it does not say."""
    marks = {project.id: project.extra.get("selected") for project in election.projects}
    return {one for one, mark in marks.items() if mark == "1"} if any(marks.values()) else None


@dataclass(frozen=True)
class Compared:
    """What one file says of itself beside what we count from its ballots."""

    file: str
    rule: str
    agrees: bool | None
    votes_named_twice: int
    other_votes: bool
    other_scores: bool


def compared(election: Election, outcome: Outcome) -> Compared:
    official = selected(election)
    twice, other_votes, other_scores = 0, False, False
    for project, verdict in zip(election.projects, outcome.verdicts, strict=True):
        if election.vote_type not in ("cumulative", "scoring"):
            extra = int(project.extra["votes"]) - verdict.votes
            twice += extra
            other_votes |= extra < 0
        printed, ours = project.extra.get("score"), verdict.reason.params.get("score")
        other_scores |= bool(printed) and ours is not None and ours != Fraction(str(printed))
    return Compared(
        election.name, election.meta["rule"],
        None if official is None else set(outcome.winners) == official,
        twice, other_votes, other_scores,
    )  # fmt: skip


@pytest.fixture(scope="module")
def library(elections: Path) -> list[Compared]:
    """All 611 files, counted greedily in the way that each names, or plainly greedy."""
    files = []
    for path in sorted(elections.glob("*.pb")):
        election = read_pabulib(path)
        name = election.meta["rule"]
        ours = name if name in ("greedy-no-skip", "greedy-threshold") else "greedy"
        files.append(compared(election, count(election, Rule(name=ours))))
    return files


def test_greedy_rules_as_pabulib_names_them(library: list[Compared]) -> None:
    named = [one for one in library if one.rule in ("greedy", "greedy-no-skip", "greedy-threshold")]
    assert {one.file for one in named if one.agrees is False} == set(BREAK_THEIR_RULE)
    agreed = Counter(one.rule for one in named if one.agrees)
    assert agreed == {"greedy": 135, "greedy-no-skip": 147, "greedy-threshold": 167}


def test_ballots_support_what_the_files_print(library: list[Compared]) -> None:
    """Four Warsaw files of 2026 count a project named again on one ballot again; we do not."""
    assert len(library) == 611
    assert not any(one.other_votes or one.other_scores for one in library)
    twice = {one.file: one.votes_named_twice for one in library if one.votes_named_twice}
    assert twice == {
        "Poland_Warszawa_2026_Golabki_Szamoty_Niedzwiadek.pb": 1,
        "Poland_Warszawa_2026_Grochow.pb": 2,
        "Poland_Warszawa_2026_Sady_Zoliborskie.pb": 5,
        "Poland_Warszawa_2026_Srodmiescie_Poludniowe.pb": 1,
    }


def test_swiecie_was_counted_by_equal_shares_with_add1(elections: Path) -> None:
    election = read_pabulib(elections / "Poland_Swiecie_2023.pb")
    assert election.meta["rule"] == "equalshares/add1"
    outcome = count(election, Rule(completion="add1"))
    assert set(outcome.winners) == selected(election)
    assert len(outcome.winners) == 17
    assert outcome.shares is not None
    assert outcome.shares.first == Fraction(1_070_000, 2_553)
