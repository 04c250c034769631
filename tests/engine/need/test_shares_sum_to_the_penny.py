"""Whatever the places and the rule, the shares are the pot: no penny more, none less."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.engine.need import (
    NeedError,
    Share,
    Sharer,
    ShareRule,
    Step,
    largest_remainder,
    said,
    share_out,
)

SHARERS = st.lists(
    st.tuples(st.integers(1, 20_000), st.floats(0, 300, allow_nan=False)), min_size=1, max_size=40
).map(lambda drawn: [Sharer(f"p{n:02}", people, need) for n, (people, need) in enumerate(drawn)])


def bounds(pot: int, places: int) -> st.SearchStrategy[tuple[int, int]]:
    fair = pot // places
    return st.tuples(st.integers(0, fair), st.integers(fair + 1, max(pot, fair + 1) + 1))


@settings(deadline=None, max_examples=60)
@given(
    st.data(),
    SHARERS,
    st.integers(1, 10**13),
    st.sampled_from(["equal", "per_head", "need_weighted"]),
)
def test_shares_are_the_pot_and_keep_their_bounds(
    data: st.DataObject, sharers: list[Sharer], pot: int, kind: str
) -> None:
    floor, ceiling = data.draw(bounds(pot, len(sharers)))
    rule = ShareRule(kind=kind, floor=floor, ceiling=ceiling)
    try:
        shares = share_out(pot, sharers, rule)
    except NeedError as refused:
        # Only when those that weigh anything are all at their ceiling.
        if refused.code != "pot_left_over" or all(one.need for one in sharers):
            raise
        return
    assert sum(share.pence for share in shares) == pot
    assert [share.code for share in shares] == [one.code for one in sharers]
    for share in shares:
        assert floor <= share.pence <= ceiling
        assert said(share.reason)
    _more_weight_never_gets_less(sharers, shares, kind)


def _more_weight_never_gets_less(
    sharers: list[Sharer], shares: tuple[Share, ...], kind: str
) -> None:
    def weight(one: Sharer) -> Fraction:
        if kind == "equal":
            return Fraction(1)
        return one.residents * (Fraction(1) if kind == "per_head" else Fraction(one.need))

    in_order = sorted(zip(map(weight, sharers), shares, strict=True), key=lambda pair: pair[0])
    for (light, less), (heavy, more) in pairwise(in_order):
        assert less.pence <= more.pence + (1 if light == heavy else 0)


def exact(pot: int, sharers: list[Sharer], floor: int, ceiling: int) -> list[Fraction]:
    """The same by halving: the one rate at which everybody's bounded share sums to the pot."""
    low, high = Fraction(0), Fraction(ceiling + 1, 1) / min(one.residents for one in sharers)
    for _ in range(70):
        middle = (low + high) / 2
        total = sum(min(max(middle * one.residents, floor), ceiling) for one in sharers)
        low, high = (low, middle) if total > pot else (middle, high)
    return [min(max(low * one.residents, Fraction(floor)), Fraction(ceiling)) for one in sharers]


@settings(deadline=None, max_examples=60)
@given(st.data(), SHARERS, st.integers(1_000, 10**10))
def test_bounds_move_the_others_by_one_rate(
    data: st.DataObject, sharers: list[Sharer], pot: int
) -> None:
    floor, ceiling = data.draw(bounds(pot, len(sharers)))
    shares = share_out(pot, sharers, ShareRule(kind="per_head", floor=floor, ceiling=ceiling))
    for share, fair in zip(shares, exact(pot, sharers, floor, ceiling), strict=True):
        assert abs(share.pence - fair) < 1.001


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any), st.integers(0, 10**12))
def test_no_part_is_a_unit_off_its_exact_share(weights: list[int], pot: int) -> None:
    parts = largest_remainder(pot, weights)
    assert sum(parts) == pot
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(pot * weight, sum(weights))) < 1


def test_pennies_left_go_to_the_largest_remainders_and_level_ones_by_code() -> None:
    assert largest_remainder(100, [1, 1, 1]) == [34, 33, 33]
    assert largest_remainder(100, [1, 1, 1], ["c", "a", "b"]) == [33, 34, 33]
    # 10 in proportion 3:3:1 is 4.29, 4.29, 1.43: the one left goes to the last.
    assert largest_remainder(10, [3, 3, 1]) == [4, 4, 2]
    assert largest_remainder(0, [1, 2]) == [0, 0]


def test_the_national_split_of_dormant_assets() -> None:
    """England 83.9, Scotland 8.4, Wales 4.9, Northern Ireland 2.8 percent: all of it."""
    split = [Fraction(one, 1000) for one in (839, 84, 49, 28)]
    assert largest_remainder(1_000_000_01, split) == [83_900_001, 8_400_000, 4_900_000, 2_800_000]


def test_the_published_sums_of_the_fund() -> None:
    """£440m is four causes; £87.5m matched is £175m, enough for 70 to 175 places."""
    million = 100_000_000
    causes = largest_remainder(440 * million, [1325, 1325, 875, 875])
    assert causes == [13_250_000_000, 13_250_000_000, 8_750_000_000, 8_750_000_000]
    pot = causes[3] * 2
    assert pot == 175 * million
    for places, each in ((175, million), (70, 5 * million // 2)):
        sharers = [Sharer(f"p{n:03}", 10_000) for n in range(places)]
        shares = share_out(
            pot, sharers, ShareRule(kind="equal", floor=million, ceiling=5 * million // 2)
        )
        assert {share.pence for share in shares} == {each}
    sharers = [Sharer(f"p{n:03}", 10_000) for n in range(176)]
    with pytest.raises(NeedError, match="176 places at £1,000,000 each need £176,000,000"):
        share_out(pot, sharers, ShareRule(kind="equal", floor=million))
    with pytest.raises(NeedError, match="69 places at £2,500,000 each take only £172,500,000"):
        share_out(pot, sharers[:69], ShareRule(kind="equal", ceiling=5 * million // 2))


PLACES = [Sharer("a", 5_000, 40.0), Sharer("b", 10_000, 40.0), Sharer("c", 15_000, 20.0)]


@pytest.mark.parametrize(
    ("rule", "pence", "words"),
    [
        (ShareRule(kind="equal"), [334, 333, 333],
         "£3.34: £10 shared equally among 3 places. One penny"),
        (ShareRule(kind="per_head"), [167, 333, 500],
         "£1.67: 5,000 of the 30,000 people who share £10 live there. One penny"),
        (ShareRule(kind="need_weighted"), [222, 445, 333],
         "£2.22: 22.22 percent of £10, for 5,000 people with a need of 40.00 each."),
        (ShareRule(kind="need_weighted", floor=300, ceiling=400), [300, 400, 300],
         "£3: the least that any place gets. By its weight alone it would be £2.22."),
        (ShareRule(kind="steps", steps=(Step(0, 100), Step(10_000, 200))), [200, 400, 400],
         "£2: the step from 0 people is £1; all the steps come to £5, and £10 is shared in that"),
    ],
)  # fmt: skip
def test_every_sum_is_said_in_a_sentence(rule: ShareRule, pence: list[int], words: str) -> None:
    shares = share_out(1_000, PLACES, rule)
    assert [share.pence for share in shares] == pence
    assert said(shares[0].reason).startswith(words)


@pytest.mark.parametrize(
    ("pot", "sharers", "why"),
    [
        (0, PLACES, "nothing in the pot"),
        (-5, PLACES, "whole pence of zero or more, not -5"),
        (1.5, PLACES, "whole pence"),
        (True, PLACES, "whole pence"),
        (100, [], "no place"),
        (100, [*PLACES, PLACES[0]], "stands twice"),
        (100, [Sharer("a", 0)], "a has 0 residents"),
        (100, [Sharer("a", -3)], "a has -3 residents"),
        (100, [Sharer("a", 5, float("nan"))], "need of a is nan"),
        (100, [Sharer("a", 5, -1.0)], "need of a is -1.0"),
        (100, [Sharer("a", 5, 0.0)], "£1 would be left"),
    ],
)
def test_what_cannot_be_shared_is_refused(pot: int, sharers: list[Sharer], why: str) -> None:
    with pytest.raises(NeedError, match=why):
        share_out(pot, sharers, ShareRule(kind="need_weighted"))


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"kind": "fair"}, "no rule 'fair'"),
        ({"kind": "steps"}, "needs them"),
        ({"kind": "equal", "steps": (Step(0, 1),)}, "belong to the rule steps"),
        ({"kind": "equal", "floor": -1}, "floor is whole pence"),
        ({"kind": "equal", "floor": 5, "ceiling": 4}, "under the floor"),
        ({"kind": "steps", "steps": (Step(5, 1), Step(5, 2))}, "go up by residents"),
        ({"kind": "steps", "steps": (Step(5, 0),)}, "go up by residents"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(settings: dict[str, object], why: str) -> None:
    with pytest.raises(NeedError, match=why):
        ShareRule(**settings)  # type: ignore[arg-type]


def test_a_place_below_the_first_step_is_refused() -> None:
    with pytest.raises(NeedError, match="steps begin at 6,000 residents, and a place has 5,000"):
        share_out(100, PLACES, ShareRule(kind="steps", steps=(Step(6_000, 1),)))
