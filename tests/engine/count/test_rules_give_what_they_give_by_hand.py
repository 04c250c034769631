"""Each rule on an example small enough to work out on paper; the working is beside it."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from doorstep.engine.count import Outcome, Project, Rule, RuleError, count, election_of


def counted(
    costs: dict[str, int], votes: Sequence[Any], pot: int, vote_type: str = "approval", **rule: Any
) -> Outcome:
    election = election_of(
        name="hand.pb",
        projects=[Project(one, one.upper(), Fraction(cost)) for one, cost in costs.items()],
        votes=votes,
        budget=pot,
        vote_type=vote_type,
    )
    return count(election, Rule(**rule))


# Six of ten voters want a, b and c; the other four want d. Each costs 40 of a pot of 100.
COSTS = {"a": 40, "b": 40, "c": 40, "d": 40}
VOTES = [["a", "b", "c"]] * 6 + [["d"]] * 4


def test_greedy_gives_the_majority_everything() -> None:
    outcome = counted(COSTS, VOTES, 100, name="greedy")
    assert set(outcome.winners) < {"a", "b", "c"}
    assert outcome.spent == 80


def test_equal_shares_leaves_the_minority_its_part() -> None:
    # Each has 10. Six pay 40/6 = 6 2/3 for one of a, b, c and keep 20 together: not enough for a
    # second. Four pay all of their 40 for d.
    outcome = counted(COSTS, VOTES, 100, completion="none")
    assert len(outcome.winners) == 2
    assert outcome.winners[1] == "d"
    assert [one.price for one in outcome.rounds] == [Fraction(20, 3), Fraction(10)]
    assert [one.paid_in_full for one in outcome.rounds] == [6, 4]
    assert outcome.shares is not None
    assert (outcome.shares.given, outcome.shares.paid, outcome.shares.kept) == (100, 80, 20)


def test_a_poor_supporter_gives_all_and_the_others_share_the_rest() -> None:
    # Pot 30, three voters, 10 each. x (12, wanted by 1 and 2): 6 each, rate 6/12 = 1/2. y (18,
    # wanted by 2 and 3): 9 each, rate 9/18 = 1/2. Level, so the cheaper x. Then voter 2 has 4,
    # voter 3 has 10: 14 < 18, and y is out.
    outcome = counted({"x": 12, "y": 18}, [["x"], ["x", "y"], ["y"]], 30, completion="none")
    assert outcome.winners == ("x",)
    assert outcome.verdict("y").reason.params["money_left"] == 14
    # With y at 14 the money left is exactly its cost: 4 from voter 2 and 10 from voter 3.
    outcome = counted({"x": 12, "y": 14}, [["x"], ["x", "y"], ["y"]], 30, completion="none")
    assert [(one.project, one.price, one.paid_in_full) for one in outcome.rounds] == [
        ("x", 6, 2),
        ("y", 10, 1),
    ]


def test_utility_decides_what_is_cheap() -> None:
    # Pot 110, five voters, 22 each. Three pay 20 each for the park (60), two pay 3 each for the
    # bench (6). By cost the park gives 60 for 20, a rate of 1/3, and the bench 6 for 3, a rate of
    # 1/2: the park first. By count each is worth one, for 20 or for 3: the bench first.
    costs, votes = {"park": 60, "bench": 6}, [["park"]] * 3 + [["bench"]] * 2
    assert counted(costs, votes, 110, utility="cost", completion="none").winners[0] == "park"
    assert counted(costs, votes, 110, utility="count", completion="none").winners[0] == "bench"


def test_points_divide_the_cost() -> None:
    # One voter gives p 3 points, another 1. It costs 8 of a pot of 20: 2 for each point, so they
    # pay 6 and 2 of their 10. q has 1 point from the first voter, who keeps 4: it costs 5, no.
    outcome = counted(
        {"p": 8, "q": 5}, [{"p": 3, "q": 1}, {"p": 1}], 20, "cumulative",
        utility="score", completion="none",
    )  # fmt: skip
    assert outcome.winners == ("p",)
    assert outcome.rounds[0].price == 2
    assert outcome.verdict("q").reason.params["money_left"] == 4


def test_rank_divides_the_cost() -> None:
    # Ballot p > q > r gives 2, 1 and 0, ballot p > r gives 1 and 0. Both voters have 10.
    # p (6): 3 parts, 2 each, so they pay 4 and 2. q (4): one part, the first pays 4 of 6.
    # r (9) is last wherever it is ranked: nobody gains from it, so nobody pays.
    outcome = counted(
        {"p": 6, "q": 4, "r": 9}, [["p", "q", "r"], ["p", "r"]], 20, "ordinal",
        utility="borda", completion="none",
    )  # fmt: skip
    assert outcome.winners == ("p", "q")
    assert [one.price for one in outcome.rounds] == [2, 4]
    assert outcome.verdict("r").reason.code == "ranked_last_only"


def test_add1_stops_before_it_overspends() -> None:
    # Pot 20, two voters, 10 each. a (12) and b (12) have one supporter each: nobody can pay. At
    # a share of 12 both would be bought for 24: too much. So add1 ends with nothing, and the
    # utilitarian completion buys one of them, level in votes and cost: the lot decides.
    costs, votes = {"a": 12, "b": 12}, [["a"], ["b"]]
    nothing = counted(costs, votes, 20, completion="add1")
    assert nothing.winners == ()
    assert nothing.shares is not None
    assert nothing.shares.steps == 1
    one = counted(costs, votes, 20, completion="add1u")
    assert len(one.winners) == 1
    assert [(tie.decided_by, tie.chosen) for tie in one.ties] == [("lot", one.winners)]
    assert counted(costs, votes, 20, completion="utilitarian").winners == one.winners
    lots = {counted(costs, votes, 20, seed=f"seed {n}").winners for n in range(20)}
    assert lots == {("a",), ("b",)}


def test_add1_goes_past_an_exhaustive_outcome_unless_told_to_stop() -> None:
    # Pot 10, two voters, 5 each. a (3, wanted by 1) is bought, b (8) and c (6, both wanted by 2)
    # are not; 7 are left, so c fits and the outcome is not exhaustive. A share of 6 buys c too,
    # 9 in all, and nothing more fits. Shares of 7 change nothing; at 8 voter 2 pays less for each
    # pound of b, level with c (8/8 = 6/6), and the cheaper c keeps its place. So no step ever
    # overspends until 14, when b joins c and it ends.
    costs, votes = {"a": 3, "b": 8, "c": 6}, [["a"], ["b", "c"]]
    stopped = counted(costs, votes, 10, completion="add1", stop_when_exhaustive=True)
    went_on = counted(costs, votes, 10, completion="add1")
    assert stopped.winners == went_on.winners == ("a", "c")
    assert stopped.shares is not None
    assert went_on.shares is not None
    assert (stopped.shares.final, went_on.shares.final) == (6, 13)


def test_increment_is_in_the_unit_of_the_file() -> None:
    # Two voters, 5 each. a (7) needs 2 more: two steps of 1, or four of 1/2; then add1 goes on
    # until the step before b (9) is bought as well.
    costs, votes = {"a": 7, "b": 9}, [["a"], ["b"]]
    by_one = counted(costs, votes, 10, completion="add1")
    by_half = counted(costs, votes, 10, completion="add1", increment=Fraction(1, 2))
    assert by_one.winners == by_half.winners == ("a",)
    assert by_one.shares is not None
    assert by_half.shares is not None
    assert (by_one.shares.final, by_one.shares.steps) == (8, 3)
    assert (by_half.shares.final, by_half.shares.steps) == (Fraction(17, 2), 7)


def test_everything_that_fits_is_funded_without_stepping() -> None:
    # One supporter would need 999 steps to pay for b alone; but a and b fit in the pot together.
    outcome = counted({"a": 1, "b": 1000}, [["a", "b"]] + [["a"]] * 999, 2000)
    assert set(outcome.winners) == {"a", "b"}
    assert outcome.verdict("b").reason.code == "won_all_fit"
    assert outcome.ties == ()


def test_phragmen_by_hand() -> None:
    # a (6) by voters 1 and 2: load 3. b (4) by 2 and 3: load 2, first. Then a: (6 + 2) / 2 = 4.
    # c (9) by voter 3: 9 + 2 = 11, but 10 of the pot of 12 are spent: the count ends there.
    outcome = counted(
        {"a": 6, "b": 4, "c": 9}, [["a"], ["a", "b"], ["b", "c"]], 12, name="phragmen"
    )
    assert outcome.winners == ("b", "a")
    assert [one.price for one in outcome.rounds] == [2, 4]
    assert outcome.verdict("c").reason.code == "next_would_overspend"


def test_phragmen_ends_when_one_of_those_level_does_not_fit() -> None:
    # a (4, one supporter) and b (8, two) are level at a load of 4. Both fit in 9: the cheaper a
    # is bought, and then b does not fit. With x (2) bought first only 7 are left: b could be
    # bought now but would overspend, and that ends the count before a.
    outcome = counted({"a": 4, "b": 8}, [["a"], ["b"], ["b"]], 9, name="phragmen")
    assert outcome.winners == ("a",)
    outcome = counted({"x": 2, "a": 4, "b": 8}, [["a"], ["b"], ["b"], ["x"]], 9, name="phragmen")
    assert outcome.winners == ("x",)


GREEDY = {"a": 5, "b": 8, "c": 3, "d": 2}
GREEDY_VOTES = [["a"]] * 4 + [["b"]] * 3 + [["c"]] * 2 + [["d"]]


def test_greedy_skips_what_does_not_fit() -> None:
    assert counted(GREEDY, GREEDY_VOTES, 10, name="greedy").winners == ("a", "c", "d")


def test_greedy_no_skip_ends_at_the_first_misfit() -> None:
    outcome = counted(GREEDY, GREEDY_VOTES, 10, name="greedy-no-skip")
    assert outcome.winners == ("a",)
    assert outcome.verdict("b").reason.code == "did_not_fit"
    assert outcome.verdict("c").reason.code == "count_had_stopped"


def test_greedy_threshold_leaves_out_low_scores() -> None:
    outcome = counted(GREEDY, GREEDY_VOTES, 10, name="greedy-threshold", threshold=2)
    assert outcome.winners == ("a", "c")
    assert outcome.verdict("d").reason.code == "below_threshold"


def test_greedy_ranks_by_the_ballots_own_score() -> None:
    # x has two supporters and 3 points, y one supporter and 5 points; ranks give p 2 + 1, q 1 + 3.
    points = counted({"x": 5, "y": 5}, [{"x": 1}, {"x": 2, "y": 5}], 5, "scoring", name="greedy")
    assert points.winners == ("y",)
    assert points.rule.utility == "score"
    votes = counted(
        {"x": 5, "y": 5}, [{"x": 1}, {"x": 2, "y": 5}], 5, "scoring", name="greedy", utility="count"
    )
    assert votes.winners == ("x",)
    ranks = counted({"p": 5, "q": 5}, [["p"], ["q", "p"], ["q"]], 5, "ordinal", name="greedy")
    assert ranks.winners == ("q",)
    assert ranks.verdict("q").reason.params["place"] == 1


def test_what_costs_nothing_is_funded_if_anyone_supports_it() -> None:
    for rule in ({"completion": "none"}, {"name": "greedy"}, {"name": "phragmen"}):
        outcome = counted({"free": 0, "alone": 0, "a": 4}, [["free", "a"], ["a"]], 10, **rule)
        assert "free" in outcome.winners, rule
        assert outcome.verdict("alone").reason.code == "no_support"


def test_what_is_dearer_than_the_pot_cannot_win_or_end_add1() -> None:
    outcome = counted({"a": 11, "b": 6, "c": 7}, [["a", "b"], ["a"], ["a", "c"]], 10)
    assert outcome.verdict("a").reason.code == "dearer_than_pot"
    assert outcome.winners == ("b",)


def test_a_blank_ballot_has_a_share_too() -> None:
    # Pot 10: two voters have 5 each and b (5) is paid by one; with a blank third each has 3 1/3.
    costs = {"b": 5, "z": 9}
    assert counted(costs, [["b"], ["z"]], 10, completion="none").winners == ("b",)
    assert counted(costs, [["b"], ["z"], []], 10, completion="none").winners == ()


def test_an_election_without_ballots_funds_nothing() -> None:
    for name in ("equal-shares", "greedy", "phragmen"):
        outcome = counted({"a": 4}, [], 10, name=name)
        assert outcome.winners == ()
        assert outcome.verdict("a").reason.code == "no_support"


def test_a_whole_share_under_one_unit_is_refused() -> None:
    with pytest.raises(RuleError, match="under one currency unit"):
        counted({"a": 4}, [["a"]] * 11, 10, integral_start=True)
