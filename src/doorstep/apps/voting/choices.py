"""A ballot as a question asks it and as a person answers it: pure, and refuses with a reason.

A choice is kept as places in the ballot's order (0 is the first idea), so that the sealed form is
short and has one spelling: approval `[0,4,7]` in rising order, points `[[0,3],[2,7]]` by idea,
ranking `[4,0,2]` from the first place down.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round, VoteType
from doorstep.apps.rounds.queries import project_costs
from doorstep.engine.seal.canonical import Value, canonical

Kind = Literal["approval", "cumulative", "ordinal"]
KINDS: dict[str, Kind] = {
    VoteType.APPROVAL: "approval",
    VoteType.CHOOSE_ONE: "approval",
    VoteType.CUMULATIVE: "cumulative",
    VoteType.ORDINAL: "ordinal",
}
_APPROVAL = re.compile(r"(?:[0-9]{1,5}(?:,[0-9]{1,5})*)?", re.ASCII)
_POINTS = re.compile(r"(?:[0-9]{1,5}:[0-9]{1,5}(?:,[0-9]{1,5}:[0-9]{1,5})*)?", re.ASCII)
LONGEST_FORM = 100_000


@dataclass(frozen=True)
class Question:
    """What a round asks of a voter."""

    kind: Kind
    codes: tuple[str, ...]
    minimum: int = 1
    encouraged: int = 1
    maximum: int | None = None
    points: int = 0
    withdrawn: frozenset[int] = field(default_factory=frozenset)

    @property
    def only_one(self) -> bool:
        return self.kind == "approval" and self.maximum == 1

    @property
    def least(self) -> int:
        """The fewest ideas that are a ballot; never more than are left to choose from."""
        return min(self.minimum, self.most)

    @property
    def most(self) -> int:
        """The most ideas that one ballot may name."""
        still_there = len(self.codes) - len(self.withdrawn)
        most = still_there if self.maximum is None else min(self.maximum, still_there)
        return min(most, self.points) if self.kind == "cumulative" else most


@dataclass(frozen=True)
class Choice:
    """What one voter chose: (idea, points) pairs in the order that means something.

    Approval and ranking give every idea one point; a ranking's order is the answer.
    """

    marks: tuple[tuple[int, int], ...] = ()

    @property
    def ideas(self) -> tuple[int, ...]:
        return tuple(idea for idea, _points in self.marks)

    @property
    def spent(self) -> int:
        return sum(points for _idea, points in self.marks)

    def points_for(self, idea: int) -> int:
        return dict(self.marks).get(idea, 0)

    def place_of(self, idea: int) -> int | None:
        """1 for the first choice; None when it is not ranked."""
        return self.ideas.index(idea) + 1 if idea in self.ideas else None


def question_of(round_: Round, withdrawn: frozenset[str] = frozenset()) -> Question:
    """What a round asks, in its ballot order. Refuses a kind of ballot that is not cast here."""
    if round_.vote_type not in KINDS:
        raise Refused(
            _("This kind of ballot can be counted here, but not cast. Choose another kind."),
            code="not_cast_here",
        )
    codes = tuple(project_costs(round_))
    terms = round_.terms
    gone = frozenset(place for place, code in enumerate(codes) if code in withdrawn)
    only_one = round_.vote_type == VoteType.CHOOSE_ONE
    return Question(
        kind=KINDS[round_.vote_type],
        codes=codes,
        minimum=1 if only_one else terms.minimum_choices,
        encouraged=1 if only_one else terms.encouraged_choices,
        maximum=1 if only_one else terms.maximum_choices,
        points=terms.points or 0,
        withdrawn=gone,
    )


# What a form carries, and what is sealed


def written(question: Question, choice: Choice) -> str:
    """The choice as the hidden field of a form: `0,4,7`, `0:3,2:7`, `4,0,2`."""
    if question.kind == "cumulative":
        return ",".join(f"{idea}:{points}" for idea, points in choice.marks)
    return ",".join(str(idea) for idea in choice.ideas)


def read(question: Question, raw: str) -> Choice:
    """The choice that a form carries. Refuses what no form of ours would send."""
    pattern = _POINTS if question.kind == "cumulative" else _APPROVAL
    if len(raw) > LONGEST_FORM or not pattern.fullmatch(raw):
        raise _damaged()
    parts = raw.split(",") if raw else []
    if question.kind == "cumulative":
        pairs = [part.split(":") for part in parts]
        marks = [(int(idea), int(points)) for idea, points in pairs]
    else:
        marks = [(int(part), 1) for part in parts]
    ideas = [idea for idea, _points in marks]
    if len(set(ideas)) < len(ideas) or any(idea >= len(question.codes) for idea in ideas):
        raise _damaged()
    if any(points < 1 for _idea, points in marks):
        raise _damaged()
    return _in_order(question, marks)


def _in_order(question: Question, marks: Sequence[tuple[int, int]]) -> Choice:
    return Choice(tuple(marks if question.kind == "ordinal" else sorted(marks)))


def _damaged() -> Refused:
    return Refused(
        _("That choice did not reach us whole. Open your ballot again and choose once more."),
        code="choice_damaged",
    )


def sealed_form(question: Question, choice: Choice) -> Value:
    """The `v` of a sealed ballot."""
    if question.kind == "cumulative":
        return [[idea, points] for idea, points in choice.marks]
    return list(choice.ideas)


def from_sealed(question: Question, value: object) -> Choice:
    """The choice in an opened envelope; refused unless it has the one spelling of its kind."""
    if not isinstance(value, list):
        raise _damaged()
    if question.kind == "cumulative":
        if not all(
            isinstance(mark, list) and len(mark) == 2 and all(type(n) is int for n in mark)
            for mark in value
        ):
            raise _damaged()
        raw = ",".join(f"{idea}:{points}" for idea, points in value)
    else:
        if not all(type(idea) is int for idea in value):
            raise _damaged()
        raw = ",".join(str(idea) for idea in value)
    choice = read(question, raw)
    if sealed_form(question, choice) != value:
        raise _damaged()
    return choice


def longest(question: Question, tracker: str) -> bytes:
    """The longest ballot that this question allows, unpadded."""
    places = range(len(question.codes))
    if question.kind == "cumulative":
        value: Value = [[place, max(question.points, 1)] for place in places]
    else:
        value = list(places)
    return canonical({"t": tracker, "v": value})


# Whether a choice can be cast


def too_many(question: Question, choice: Choice) -> str | None:
    """Why this choice asks for more than the ballot allows, or None."""
    if question.maximum is not None and len(choice.ideas) > question.maximum:
        return _(
            "This ballot takes at most %(maximum)s ideas. Take one away first, then add another."
        ) % {"maximum": question.maximum}
    if question.kind == "cumulative" and choice.spent > question.points:
        return _(
            "You have %(points)s points and all of them are given. Take a point away first."
        ) % {"points": question.points}
    return None


def refuse_uncounted(question: Question, choice: Choice) -> None:
    """Refuse a choice that cannot be cast: too much, too little, or an idea that was withdrawn."""
    if problem := too_many(question, choice):
        raise Refused(problem, code="over_the_maximum")
    if set(choice.ideas) & question.withdrawn:
        raise Refused(
            _("One of these ideas was withdrawn. Take it away; everything else stays."),
            code="withdrawn",
        )
    if len(choice.ideas) < question.least:
        raise Refused(
            _("Choose at least %(minimum)s ideas. Until then nothing is cast.")
            % {"minimum": question.least},
            code="below_the_minimum",
        )


def still_asked(question: Question, choice: Choice) -> Choice:
    """The choice without ideas that were withdrawn since it was made."""
    return Choice(tuple(mark for mark in choice.marks if mark[0] not in question.withdrawn))


# Taps. Each gives the whole new choice, and giving it twice gives the same.


def _add(question: Question, choice: Choice, idea: int) -> Choice:
    if idea in choice.ideas:
        return choice
    if question.only_one:
        return Choice(((idea, 1),))
    return _in_order(question, [*choice.marks, (idea, 1)])


def _take(question: Question, choice: Choice, idea: int) -> Choice:
    return Choice(tuple(mark for mark in choice.marks if mark[0] != idea))


def _more(question: Question, choice: Choice, idea: int) -> Choice:
    marks = dict(choice.marks)
    marks[idea] = marks.get(idea, 0) + 1
    return _in_order(question, list(marks.items()))


def _less(question: Question, choice: Choice, idea: int) -> Choice:
    marks = dict(choice.marks)
    marks[idea] = marks.get(idea, 0) - 1
    return _in_order(question, [mark for mark in marks.items() if mark[1] > 0])


def _up(question: Question, choice: Choice, idea: int) -> Choice:
    order = list(choice.ideas)
    if idea in order and (place := order.index(idea)):
        order[place - 1 : place + 1] = [idea, order[place - 1]]
    return replace(choice, marks=tuple((each, 1) for each in order))


def _down(question: Question, choice: Choice, idea: int) -> Choice:
    order = list(choice.ideas)
    if idea in order and (place := order.index(idea)) < len(order) - 1:
        order[place : place + 2] = [order[place + 1], idea]
    return replace(choice, marks=tuple((each, 1) for each in order))


Tap = Callable[[Question, Choice, int], Choice]
TAPS: dict[Kind, dict[str, Tap]] = {
    "approval": {"add": _add, "take": _take},
    "cumulative": {"more": _more, "less": _less, "take": _take},
    "ordinal": {"add": _add, "take": _take, "up": _up, "down": _down},
}


def tapped(question: Question, choice: Choice, tap: str, idea: str) -> Choice:
    """The choice after one tap. Refuses a tap that this ballot does not have."""
    if tap not in TAPS[question.kind] or not re.fullmatch(r"[0-9]{1,5}", idea, re.ASCII):
        raise _damaged()
    if int(idea) >= len(question.codes):
        raise _damaged()
    return TAPS[question.kind][tap](question, choice, int(idea))
