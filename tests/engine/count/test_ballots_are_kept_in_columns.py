"""A profile's columns hold the ballots exactly, in one order, and survive being sent away."""

import pickle
import random
from array import array
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy

from doorstep.engine.count import Ballot, Election, Profile, Project, election_of, profile_of
from tests.engine.count.toys import VOTE_TYPES, toy


def by_hand(profile: Profile) -> list[Ballot]:
    """The ballots, read out of the columns as the docstring says."""
    found = []
    for c, (start, end) in enumerate(pairwise(profile.starts)):
        points = [] if profile.points is None else profile.points[start:end]
        found.append(
            Ballot(
                tuple(profile.choices[start:end]),
                tuple(Fraction(one, profile.point_size) for one in points),
                profile.weights[c],
            )
        )
    return found


def test_columns_and_ballots_are_the_same_thing() -> None:
    for vote_type in VOTE_TYPES:
        for seed in range(60):
            election = toy(seed, vote_type)
            profile = election.profile
            assert list(election.ballots) == by_hand(profile)
            assert len(profile) == len(profile.weights) == len(profile.starts) - 1
            assert profile.voters == election.voters
            keys = [(ballot.choices, ballot.points) for ballot in election.ballots]
            assert keys == sorted(set(keys))
            weights = {(b.choices, b.points): b.weight for b in election.ballots}
            assert profile_of(weights) == profile


def test_an_example_in_full() -> None:
    projects = [Project(one, one, Fraction(1)) for one in "abc"]
    votes = [{"c": 1, "a": Fraction(1, 2)}, {}, {"b": 3}, {"a": Fraction(1, 2), "c": 1}]
    election = election_of(
        name="x", projects=projects, votes=votes, budget=9, vote_type="cumulative"
    )
    assert election.profile == Profile(
        starts=array("q", [0, 0, 2, 3]),
        choices=array("i", [0, 2, 1]),
        weights=array("q", [1, 2, 1]),
        points=array("q", [1, 2, 6]),
        point_size=2,
    )


def test_numpy_sees_the_same_memory() -> None:
    profile = toy(3, "approval").profile
    for column, kind in (("starts", "int64"), ("choices", "int32"), ("weights", "int64")):
        view = numpy.frombuffer(getattr(profile, column), kind)
        assert view.tolist() == list(getattr(profile, column))


def test_the_order_of_votes_changes_nothing() -> None:
    def made(votes: list[list[str]]) -> Election:
        projects = [Project(one, one, Fraction(1)) for one in "abcd"]
        return election_of(name="x", projects=projects, votes=votes, budget=3, vote_type="ordinal")

    rng = random.Random(1)
    votes = [rng.sample("abcd", rng.randint(0, 4)) for _ in range(40)]
    first = made(votes)
    for _ in range(5):
        rng.shuffle(votes)
        assert made(votes) == first


def test_points_too_large_for_a_machine_word_stay_exact() -> None:
    huge = Fraction(10**24 + 1, 10**9)
    projects = [Project("a", "a", Fraction(1)), Project("b", "b", Fraction(1))]
    election = election_of(
        name="x", projects=projects, votes=[{"a": huge, "b": 1}], budget=1, vote_type="scoring"
    )
    assert election.ballots == (Ballot((0, 1), (huge, Fraction(1)), 1),)
    assert election.profile.points == (10**24 + 1, 10**9)


def test_elections_are_equal_pickled_and_changed_as_values() -> None:
    for seed in range(20):
        election = toy(seed)
        assert election.ballots  # the values made from the columns are no part of what is sent
        sent = pickle.loads(pickle.dumps(election))
        assert sent == election
        assert sent.ballots == election.ballots
        assert len(pickle.dumps(sent)) == len(pickle.dumps(toy(seed)))
        assert replace(election, name="other").profile is election.profile
    assert toy(1, "approval") != toy(2, "approval")


def test_no_vote_at_all_is_a_profile_too() -> None:
    empty = profile_of({})
    assert (len(empty), empty.voters, empty.ballots) == (0, 0, ())
    assert pickle.loads(pickle.dumps(empty)) == empty
