"""A rule that is not the published one, or means nothing with these ballots, is refused."""

from fractions import Fraction
from typing import Any

import pytest

from doorstep.engine.count import Election, Project, Rule, RuleError, count, election_of


def election(vote_type: str, meta: dict[str, str] | None = None) -> Election:
    scored = vote_type in ("cumulative", "scoring")
    return election_of(
        name="e.pb", projects=[Project("a", "A", Fraction(3)), Project("b", "B", Fraction(4))],
        votes=[{"a": 2} if scored else ["a"]] * 3, budget=5, vote_type=vote_type, meta=meta,
    )  # fmt: skip


def test_the_default_is_the_published_default() -> None:
    assert Rule().as_dict() == {
        "name": "equal-shares",
        "utility": "cost",
        "completion": "add1u",
        "increment": "1",
        "integral_start": False,
        "stop_when_exhaustive": False,
        "threshold": None,
        "ties": "cost,votes,lot",
        "seed": "",
    }


@pytest.mark.parametrize(
    "settings",
    [
        {"name": "borda"},
        {"utility": "votes"},
        {"completion": "add2"},
        {"ties": "lot"},
        {"name": "greedy", "completion": "add1u"},
        {"name": "greedy", "utility": "cost"},
        {"name": "phragmen", "utility": "cost"},
        {"name": "phragmen", "integral_start": True},
        {"completion": "none", "increment": 1},
        {"completion": "utilitarian", "stop_when_exhaustive": True},
        {"increment": 0},
        {"increment": Fraction(-1, 2)},
        {"threshold": -1},
    ],
)
def test_nonsense_is_refused_with_a_sentence(settings: dict[str, Any]) -> None:
    with pytest.raises(RuleError) as refused:
        Rule(**settings)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("vote_type", "settings"),
    [
        ("approval", {"utility": "score"}),
        ("approval", {"utility": "borda"}),
        ("ordinal", {"utility": "score"}),
        ("cumulative", {"utility": "borda"}),
        ("approval", {"name": "greedy", "utility": "score"}),
        ("ordinal", {"name": "phragmen"}),
        ("cumulative", {"name": "phragmen"}),
        ("approval", {"name": "greedy-threshold"}),
    ],
)
def test_a_rule_that_does_not_fit_the_ballots_is_refused(
    vote_type: str, settings: dict[str, Any]
) -> None:
    with pytest.raises(RuleError) as refused:
        count(election(vote_type), Rule(**settings))
    assert str(refused.value).endswith(".")


def test_greedy_settles_on_what_the_ballots_hold() -> None:
    for vote_type, utility in (
        ("approval", "count"), ("choose-1", "count"), ("ordinal", "borda"),
        ("cumulative", "score"), ("scoring", "score"),
    ):  # fmt: skip
        assert Rule(name="greedy").settled(election(vote_type)).utility == utility


def test_the_threshold_comes_from_the_file_unless_given() -> None:
    file = election("approval", {"min_project_score_threshold": "4"})
    for name in ("greedy-threshold", "greedy-no-skip"):
        assert count(file, Rule(name=name)).winners == ()
        assert count(file, Rule(name=name, threshold=3)).winners == ("a",)
    for name in ("greedy", "equal-shares"):
        assert count(file, Rule(name=name)).winners == ("a",)
        assert count(file, Rule(name=name, threshold=4)).winners == ()
    assert count(election("approval"), Rule(name="greedy-no-skip")).rule.threshold is None
    with pytest.raises(RuleError, match="not a number"):
        Rule(name="greedy-no-skip").settled(
            election("approval", {"min_project_score_threshold": "a tenth"})
        )


def test_a_stored_rule_is_the_same_rule() -> None:
    for rule in (
        Rule(),
        Rule(name="greedy", threshold=Fraction(5, 2), seed="2026-11-22"),
        Rule(completion="add1", increment=Fraction(1, 3), stop_when_exhaustive=True),
        Rule(name="phragmen"),
    ):
        assert Rule.from_dict(rule.as_dict()) == rule
    with pytest.raises(RuleError, match="no setting"):
        Rule.from_dict({"colour": "red"})
    with pytest.raises(RuleError, match="not a number"):
        Rule.from_dict({"increment": "one"})
    with pytest.raises(RuleError, match="neither true nor false"):
        Rule.from_dict({"integral_start": "no"})
