"""An election as the count sees it: projects, a pot, and identical ballots grouped together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .profile import Ballot, Profile, Understood, profile_of

VOTE_TYPES = ("approval", "choose-1", "cumulative", "ordinal", "scoring")
SCORED_TYPES = ("cumulative", "scoring")
# The column of ours that says, with anything in it, that a project was taken off while people
# voted: ballots keep naming it, and no count may fund it.
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Project:
    """Something that money is asked for.

    cost is in the file's currency unit (pounds, not pence), exact, zero or more. extra keeps
    every other column of the file, among them `votes`, `score` and `selected` where it has them.
    """

    id: str
    name: str
    cost: Fraction
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shared:
    """An amount for one kind of idea, and how many people shared it; the currency unit."""

    value: str
    amount: Fraction
    people: int


@dataclass(frozen=True, slots=True)
class Carried:
    """What voters bring from earlier rounds, on top of an equal share of the rest of the pot.

    each: for every class of the profile, what each of its voters carries, in the currency unit,
    zero or more. Voters who voted alike and carry different amounts are different classes then:
    the only profiles in which two may be alike. by says what the amounts were given for (voter_id,
    or a column of the projects); sha256 is of the file that gave them, "" where none did; absent
    is how many of its lines were for somebody, or some kind of idea, not in this election. file is
    its name; kinds are its lines, where they are for kinds of ideas.
    """

    each: tuple[Fraction, ...]
    by: str
    sha256: str = ""
    absent: int = 0
    file: str = ""
    kinds: tuple[Shared, ...] = ()


@dataclass(frozen=True, slots=True)
class Election:
    """Everything that a count needs, and nothing about who voted.

    budget is the pot in the currency unit, above zero. voters counts every ballot cast, a blank
    one too: whoever took part has a share. profile holds the ballots, grouped, in columns. meta is
    the file's META section in its order. sha256 is of the file's bytes ("" when the election did
    not come from a file). carried is off by default: where places carry something over from earlier
    rounds (carry.py), who carried what.
    """

    name: str
    sha256: str
    vote_type: str
    budget: Fraction
    voters: int
    projects: tuple[Project, ...]
    profile: Profile
    meta: Mapping[str, str] = field(default_factory=dict)
    carried: Carried | None = None

    @property
    def ballots(self) -> tuple[Ballot, ...]:
        """The grouped ballots as values, in the profile's order: one for each way of voting."""
        return self.profile.ballots

    @property
    def currency(self) -> str:
        """The code of the currency unit, such as GBP or PLN; "" when the file names none."""
        return self.meta.get("currency", "").strip()


Vote = Sequence[str] | Mapping[str, int | Fraction]


def election_of(
    *,
    name: str,
    projects: Iterable[Project],
    votes: Iterable[Vote],
    budget: int | Fraction,
    vote_type: str = "approval",
    meta: Mapping[str, str] | None = None,
) -> Election:
    """Build an election without a file: each vote lists ids, or maps ids to points.

    On an ordinal vote the order of the ids is the rank. A project named twice counts once (its
    best rank), and one with zero points is not supported. Raises ValueError for an unknown id,
    a repeated project id, an unknown vote_type, a pot of zero or less, a negative cost or points.
    """
    listed = tuple(projects)
    place = {project.id: index for index, project in enumerate(listed)}
    if vote_type not in VOTE_TYPES:
        raise ValueError(f"{vote_type!r} is not a type of ballot: use one of {VOTE_TYPES}")
    if len(place) != len(listed):
        raise ValueError("two projects have the same id")
    if budget <= 0 or any(project.cost < 0 for project in listed):
        raise ValueError("the pot must be more than zero, and no cost below zero")
    weights: dict[Understood, int] = {}
    for vote in votes:
        unknown = [one for one in vote if one not in place]
        if unknown:
            raise ValueError(f"a vote names {unknown[0]!r}, which is not a project")
        key = _as_vote(
            {place[one]: vote[one] for one in vote}
            if isinstance(vote, Mapping)
            else dict.fromkeys(place[one] for one in vote),
            vote_type,
        )
        weights[key] = weights.get(key, 0) + 1
    return Election(
        name=name,
        sha256="",
        vote_type=vote_type,
        budget=Fraction(budget),
        voters=sum(weights.values()),
        projects=listed,
        profile=profile_of(weights),
        meta=dict(meta or {}),
    )


def _as_vote(named: Mapping[int, int | Fraction | None], vote_type: str) -> Understood:
    if vote_type in SCORED_TYPES:
        points = {place: Fraction(given or 0) for place, given in named.items()}
        if any(given < 0 for given in points.values()):
            raise ValueError("a vote gives points below zero")
        choices = tuple(sorted(place for place, given in points.items() if given))
        return choices, tuple(points[place] for place in choices)
    if vote_type == "choose-1" and len(named) > 1:
        raise ValueError("a choose-1 vote names more than one project")
    return tuple(named if vote_type == "ordinal" else sorted(named)), ()
