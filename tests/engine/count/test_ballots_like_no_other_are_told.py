"""The share of ballots that nobody else cast, counted and expected."""

from fractions import Fraction
from itertools import combinations

import pytest

from doorstep.engine.count import (
    Election,
    Project,
    election_of,
    expected_unique,
    likely_unique,
    unique_share,
)
from doorstep.engine.count.unique import MEASURED, VOTERS


def of(*votes: list[str]) -> Election:
    projects = [Project(one, one, Fraction(1)) for one in "abc"]
    return election_of(name="x", projects=projects, votes=votes, budget=1)


def test_the_share_counts_ballots_that_stand_alone():
    assert unique_share(of(["a"], ["a"], ["b"], ["a", "b"])) == Fraction(1, 2)
    assert unique_share(of(["a"], ["a"])) == 0
    assert unique_share(of(["a"])) == 1
    assert unique_share(of()) == 0


def test_the_expected_share_is_the_mean_over_every_draw():
    votes = [["a"], ["a"], ["a"], ["b"], ["b"], ["c"]]
    for size in range(1, 7):
        draws = [unique_share(of(*draw)) for draw in combinations(votes, size)]
        assert expected_unique(of(*votes), size) == pytest.approx(float(sum(draws) / len(draws)))
    with pytest.raises(ValueError, match="cannot draw"):
        expected_unique(of(*votes), 7)


def test_more_people_and_fewer_ideas_never_look_less_secret():
    for most, row in MEASURED.items():
        assert [cell[1] for cell in row] == sorted((cell[1] for cell in row), reverse=True), most
    for at in range(len(VOTERS)):
        middles = [row[at][1] for row in MEASURED.values()]
        assert middles == sorted(middles)


def test_a_size_is_told_from_at_most_as_many_voters():
    told = likely_unique(12, 299)
    assert told
    assert (told.voters, told.middle) == (100, MEASURED[15][2][1])
    assert told.low <= told.middle <= told.high
    assert likely_unique(12, 29) is None, "nobody measured so few"
    assert likely_unique(200, 300) is None
    assert likely_unique(12, 50_000).voters == VOTERS[-1]
