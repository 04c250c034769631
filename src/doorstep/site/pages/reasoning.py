"""Why a neighbourhood is first in line, or not this time: its figures, the rule, the line, the sum.

Everything is read from the newest proposal, which is frozen in the record, so a page here can
never say another thing than what was decided.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from doorstep.apps.fund.models import DecidedShare, Proposal, ProposedPlace
from doorstep.apps.fund.working import reason_from
from doorstep.apps.places.models import Area, AreaLink
from doorstep.engine.need.transform import line
from doorstep.engine.need.words import said

_IMD = gettext_noop(
    "IMD is the Index of Multiple Deprivation: how deprived a neighbourhood is of income, work, "
    "health, schooling, housing, safety and good surroundings."
)
_CNI = gettext_noop(
    "CNI is the Community Needs Index: how much a neighbourhood lacks places to meet, connections "
    "and people who are active together."
)


@dataclass(frozen=True)
class Crossing:
    """One index: where a place stands, where the line is drawn, and how far it is from it."""

    index: str
    score: float
    rank: int
    last: int
    of: int

    @property
    def inside(self) -> bool:
        return self.rank <= self.last

    @property
    def words(self) -> str:
        if self.inside:
            return _("Inside the line")
        below = self.rank - self.last
        return ngettext(
            "%(n)s place below the line", "%(n)s places below the line", below
        ) % {"n": f"{below:,}"}  # fmt: skip


@dataclass(frozen=True)
class Reasoning:
    """One neighbourhood's whole answer, for a page to lay out."""

    proposal: Proposal
    place: ProposedPlace
    area: Area | None
    share: DecidedShare | None
    of: int

    @property
    def crossings(self) -> list[Crossing]:
        return [
            Crossing(
                index, self.place.scores[index], self.place.ranks[index], line(self.of, percent),
                self.of,
            )
            for index, percent in self.proposal.programme["criteria"]
        ]  # fmt: skip

    @property
    def short(self) -> list[str]:
        """Why it is not first in line, without its ranks: those stand one click down."""
        return list(self._short())

    def _short(self) -> Iterator[str]:
        for code, params in self.place.reasons:
            if code == "below_the_line":
                yield ngettext(
                    "It is %(n)s place below the line on %(index)s.",
                    "It is %(n)s places below the line on %(index)s.",
                    params["places"],
                ) % {"n": f"{params['places']:,}", "index": params["index"]}
            elif code != "first_in_line":
                yield said(reason_from((code, params)), _)

    @property
    def near(self) -> bool:
        """Whether one index alone keeps it out: the nearest a place can come."""
        return [code for code, _params in self.place.reasons] == ["below_the_line"]

    @property
    def whole(self) -> list[str]:
        """Every reason with its numbers, as the engine says it."""
        return [said(reason_from(one), _) for one in self.place.reasons]

    @property
    def share_words(self) -> str:
        return said(reason_from(self.share.reason), _) if self.share else ""

    @property
    def rule(self) -> list[str]:
        return rule_words(self.proposal.programme)

    @property
    def meanings(self) -> list[str]:
        """What the letters of each index stand for, and what it measures."""
        words = {"IMD": _IMD, "CNI": _CNI}
        named = dict.fromkeys(
            index.split()[0] for index, _percent in self.proposal.programme["criteria"]
        )
        return [_(words[one]) for one in named if one in words]


def rule_words(rules: dict[str, Any]) -> list[str]:
    """A programme's rules, a sentence each."""
    told = [
        _("It is among the worst %(percent)s percent on %(index)s.")
        % {"percent": percent, "index": index}
        for index, percent in rules["criteria"]
    ]
    if rules["population_least"]:
        told.append(
            _("At least %(people)s people live there.")
            % {"people": f"{rules['population_least']:,}"}
        )
    if rules["population_most"] is not None:
        words = (
            _("Under %(people)s people live there.")
            if rules["most_excluded"]
            else _("At most %(people)s people live there.")
        )
        told.append(words % {"people": f"{rules['population_most']:,}"})
    if rules["per_council"] is not None:
        told.append(
            _("At most %(most)s places of one council are chosen.") % {"most": rules["per_council"]}
        )
    if rules["places"] is not None:
        told.append(_("At most %(most)s places are chosen in all.") % {"most": rules["places"]})
    return told


def newest() -> Proposal | None:
    """The proposal that stands: the newest that was decided, or before any decision the newest."""
    told = Proposal.objects.select_related("fund", "decision__reason", "leaf", "decision__leaf")
    return told.filter(decision__isnull=False).first() or told.first()


def reasoning_of(proposal: Proposal, code: str) -> Reasoning | None:
    """The answer of one area of a proposal; None where it holds no such area. Three statements."""
    place = proposal.places.filter(code=code).first()
    if place is None:
        return None
    area = (
        Area.objects.filter(unit=proposal.unit, year=proposal.boundary_year, code=code)
        .select_related("place")
        .first()
    )
    share = DecidedShare.objects.filter(place=place).first()
    return Reasoning(proposal, place, area, share, proposal.places.count())


def of_small_area(proposal: Proposal, small: Area) -> Reasoning | None:
    """The answer of the neighbourhood that a small area lies in."""
    if (small.unit, small.year) == (proposal.unit, proposal.boundary_year):
        return reasoning_of(proposal, small.code)
    link = AreaLink.objects.filter(
        small=small, unit=proposal.unit, year=proposal.boundary_year
    ).select_related("larger")
    found = link.first()
    return reasoning_of(proposal, found.larger.code) if found else None
