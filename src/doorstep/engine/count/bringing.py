"""What each group of voters brought over from earlier rounds, spent, and takes along to the next.

For counts in which something was carried over (carry.py). It changes no winner: it is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from .counting import entrants
from .election import Election
from .fairness import Kind
from .outcome import Outcome
from .plain import equal_shares
from .tally import tally

BY_VOTER = "voter_id"
# Past so many different amounts, voters are put together by how much of the largest they brought.
FEW = 3


@dataclass(frozen=True, slots=True)
class Purse:
    """Voters who brought between `least` and `most` each, all money in the currency unit.

    brought is what they brought together, share their equal shares when the count ended, paid what
    of both went to ideas. takes_along is their part of what is left of the pot, as `carry-over`
    gives it to the next round; None where amounts go by kind of idea, and no voter takes any.
    """

    least: Fraction
    most: Fraction
    people: int
    brought: Fraction
    share: Fraction
    paid: Fraction
    takes_along: Fraction | None

    @property
    def kept(self) -> Fraction:
        """What no group could spend together with them."""
        return self.brought + self.share - self.paid


@dataclass(frozen=True, slots=True)
class Owed:
    """One kind of idea: what the file says it was owed, shared equally by so many people (0 where
    nobody supports one: that money stays in the pot). fair is its part, by votes, of what was
    spent; takes_along what it is still owed: owed and fair, less spent, never below nothing."""

    value: str
    owed: Fraction
    people: int
    fair: Fraction
    spent: Fraction
    takes_along: Fraction


@dataclass(frozen=True, slots=True)
class Bringing:
    """by: voter_id, or the column of the projects that the amounts went by; kinds is then filled.
    Purses ascend, and everybody who voted is in one of them."""

    by: str
    purses: tuple[Purse, ...]
    kinds: tuple[Owed, ...]


def bringing(
    election: Election, outcome: Outcome, by_column: Mapping[str, Sequence[Kind]]
) -> Bringing | None:
    """Of a count of this election; by_column as in fairness.Got. None where nothing could be
    carried over, or voters had no shares."""
    carried = election.carried
    if carried is None or outcome.shares is None:
        return None
    kinds = () if carried.by == BY_VOTER else tuple(_kinds(election, outcome, by_column))
    return Bringing(carried.by, tuple(_purses(election, outcome)), kinds)


def kept_by_class(election: Election, outcome: Outcome) -> list[Fraction]:
    """What one voter of each class still had when the count by Equal Shares ended."""
    assert outcome.shares is not None
    ready = tally(election, outcome.rule)
    share = int(outcome.shares.final * ready.unit)
    _, purses = equal_shares(ready, entrants(election, outcome.rule, ready), share)
    return [
        Fraction(money, purses.scales[since] * ready.unit)
        for money, since in zip(purses.money, purses.since, strict=True)
    ]


def along(outcome: Outcome, kept: Fraction) -> Fraction:
    """One voter's part of what is left of the pot, in proportion to what nobody could spend with
    them; after add1 shares are support, and only money that is left can be carried."""
    assert outcome.shares is not None
    left, total = outcome.budget - outcome.spent, outcome.shares.kept
    return whole_hundredths(kept * left / total) if total else Fraction()


def fair_part(outcome: Outcome, kind: Kind, votes: Fraction) -> Fraction:
    """A kind's part, by votes, of what was spent; votes are those of all kinds."""
    return outcome.spent * kind.votes / votes if votes else Fraction()


def whole_hundredths(amount: Fraction) -> Fraction:
    """Rounded down to pence: what that leaves stays in the pot."""
    return Fraction(floor(amount * 100), 100)


def _purses(election: Election, outcome: Outcome) -> list[Purse]:
    assert election.carried is not None
    assert outcome.shares is not None
    each, weights = election.carried.each, election.profile.weights
    kept, final = kept_by_class(election, outcome), outcome.shares.final
    bands: dict[int, list[int]] = {}
    for c, band in enumerate(_bands(each)):
        bands.setdefault(band, []).append(c)
    found = []
    for _, classes in sorted(bands.items()):
        people = sum(weights[c] for c in classes)
        brought = sum((weights[c] * each[c] for c in classes), Fraction())
        left = sum((weights[c] * kept[c] for c in classes), Fraction())
        takes = sum((weights[c] * along(outcome, kept[c]) for c in classes), Fraction())
        found.append(
            Purse(
                least=min(each[c] for c in classes),
                most=max(each[c] for c in classes),
                people=people,
                brought=brought,
                share=people * final,
                paid=brought + people * final - left,
                takes_along=takes if election.carried.by == BY_VOTER else None,
            )
        )
    return found


def _bands(each: Sequence[Fraction]) -> list[int]:
    """The group of each class: 0 brought nothing; the others by amount, or by thirds of the
    largest where there are more than a few amounts."""
    amounts = sorted(set(each) - {0})
    if len(amounts) <= FEW:
        place = {amount: at for at, amount in enumerate(amounts, start=1)}
        return [place.get(amount, 0) for amount in each]
    return [-(-amount * FEW // amounts[-1]) for amount in each]


def _kinds(
    election: Election, outcome: Outcome, by_column: Mapping[str, Sequence[Kind]]
) -> list[Owed]:
    """Every kind of the file and of the ideas, the one that was owed most first."""
    assert election.carried is not None
    shared = {one.value: one for one in election.carried.kinds}
    told = {kind.value: kind for kind in by_column.get(election.carried.by, ()) if kind.value}
    votes = sum((kind.votes for kind in by_column.get(election.carried.by, ())), Fraction())
    found = []
    for value in {**shared, **told}:
        one, kind = shared.get(value), told.get(value)
        owed = one.amount if one else Fraction()
        fair = fair_part(outcome, kind, votes) if kind else Fraction()
        spent = kind.spent if kind else Fraction()
        takes = whole_hundredths(max(owed + fair - spent, Fraction()))
        found.append(Owed(value, owed, one.people if one else 0, fair, spent, takes))
    return sorted(found, key=lambda one: (-one.owed, one.value))
