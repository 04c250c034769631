"""Which places are first in line under a programme's rules, and for each other place why not yet.

A place is first in line when every rule lets it be; otherwise it hears every rule that did not,
with the distance. Order among those that meet the rules is by the sum of their ranks on the
programme's indices, the neediest first; areas that are level stand by their code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import NeedError
from .geography import Areas, Figure, people
from .lookup import LookUp
from .programme import Programme
from .transform import Whole, line, refuse_odd_ranks

Param = int | str


@dataclass(frozen=True)
class Reason:
    """A code and its parameters; words.py says it in a sentence."""

    code: str
    params: Mapping[str, Param]


@dataclass(frozen=True)
class Verdict:
    """One place: whether it is first in line, where among those that meet the rules, and why."""

    code: str
    chosen: bool
    position: int | None
    reasons: tuple[Reason, ...]


def doubly_disadvantaged(ranks: Iterable[Figure], percent: int = 10) -> NDArray[np.bool_]:
    """Areas in the worst `percent` on every index, in the order of the first figure's areas.

    Each figure holds the ranks of a whole country, 1 the worst, all on one geography. Raises
    NeedError for boundaries of different years and for ranks with a gap.
    """
    given = list(ranks)
    if not given:
        raise NeedError("no_index", "Give the ranks of at least one index.")
    areas = given[0].areas
    chosen = np.ones(len(areas), dtype=np.bool_)
    for figure in given:
        rank = figure.on(areas)
        refuse_odd_ranks(rank, figure.name)
        chosen &= rank <= line(len(areas), percent)
    return chosen


def select(
    programme: Programme,
    ranks: Mapping[str, Figure],
    residents: Figure,
    councils: LookUp | None = None,
    excluded: Iterable[str] = (),
) -> Selection:
    """Apply a programme's rules to every area that its indices rank.

    `ranks` holds, under each criterion's index, the ranks of all areas of the programme's
    geography; `residents` their people; `councils` is needed where the programme caps councils.
    `excluded` adds to the programme's own list, such as places that another programme serves.
    Raises NeedError for a missing index, figures of other areas or years, an area without people,
    and an excluded code that is no area here.
    """
    missing = [one.index for one in programme.criteria if one.index not in ranks]
    if missing:
        raise NeedError("no_index", f"{programme.name} needs the ranks of {missing[0]}.")
    first = ranks[programme.criteria[0].index]
    areas = Areas(programme.areas, first.areas.codes)
    given: dict[str, Whole] = {}
    for one in programme.criteria:
        given[one.index] = ranks[one.index].on(areas).astype(np.int64)
        refuse_odd_ranks(given[one.index], ranks[one.index].name)
    barred = np.zeros(len(areas), dtype=np.bool_)
    left_out = np.array(sorted({*programme.excluded, *excluded}), dtype=np.str_)
    if left_out.size:
        barred[areas.positions(left_out, "The list of areas")] = True
    if programme.per_council is not None and councils is None:
        raise NeedError("no_councils", f"{programme.name} caps councils: give their look-up.")
    inside = None
    if councils is not None:
        groups = councils.groups(areas)
        inside = groups.areas.codes[groups.group]
    return Selection(programme, areas, given, people(residents, areas), barred, inside)


@dataclass(eq=False)
class Selection:
    """The outcome: `chosen` and `position` (0: does not meet the rules) for each of `areas`."""

    programme: Programme
    areas: Areas
    ranks: Mapping[str, Whole]
    residents: NDArray[np.float64]
    barred: NDArray[np.bool_]
    councils: NDArray[np.str_] | None
    chosen: NDArray[np.bool_] = field(init=False)
    position: Whole = field(init=False)
    council_place: Whole = field(init=False)

    def __post_init__(self) -> None:
        eligible = ~self.barred & ~self._too_few() & ~self._too_many()
        for one in self.programme.criteria:
            eligible &= self.ranks[one.index] <= self._line(one.percent)
        self._stand_in_line(eligible)

    def _line(self, percent: int) -> int:
        return line(len(self.areas), percent)

    def _too_few(self) -> NDArray[np.bool_]:
        return self.residents < self.programme.population_least

    def _too_many(self) -> NDArray[np.bool_]:
        most = self.programme.population_most
        if most is None:
            return np.zeros(len(self.areas), dtype=np.bool_)
        if self.programme.most_excluded:
            return self.residents >= most
        return self.residents > most

    def _stand_in_line(self, eligible: NDArray[np.bool_]) -> None:
        """The caps, down the line: a council that has its number lets the next place pass."""
        total = sum(self.ranks.values(), np.zeros(len(self.areas), dtype=np.int64))
        waiting = np.flatnonzero(eligible)
        waiting = waiting[np.lexsort((self.areas.codes[waiting], total[waiting]))]
        self.chosen = np.zeros(len(self.areas), dtype=np.bool_)
        self.position = np.zeros(len(self.areas), dtype=np.int64)
        self.position[waiting] = np.arange(1, len(waiting) + 1)
        self.council_place = np.zeros(len(self.areas), dtype=np.int64)
        had: dict[str, int] = {}
        taken = 0
        for place in waiting:
            if self.councils is not None:
                council = str(self.councils[place])
                had[council] = had.get(council, 0) + 1
                self.council_place[place] = had[council]
                if (
                    self.programme.per_council is not None
                    and had[council] > self.programme.per_council
                ):
                    continue
            if self.programme.places is not None and taken >= self.programme.places:
                continue
            self.chosen[place] = True
            taken += 1

    @property
    def codes(self) -> list[str]:
        """The places first in line, the neediest first."""
        chosen = np.flatnonzero(self.chosen)
        return [str(code) for code in self.areas.codes[chosen[np.argsort(self.position[chosen])]]]

    def verdict(self, code: str) -> Verdict:
        """One place's answer with every reason. Raises NeedError for a code of no area."""
        place = int(self.areas.positions(np.array([code]), "The selection")[0])
        against = tuple(self._against(place))
        position = int(self.position[place]) or None
        if against:
            return Verdict(code, False, position, against)
        params: dict[str, Param] = {"position": int(self.position[place])}
        params["of"] = int((self.position > 0).sum())
        return Verdict(code, True, position, (Reason("first_in_line", params),))

    def near_misses(self, most: int = 10) -> list[Verdict]:
        """Places that one index alone keeps out, the nearest to the line first."""
        over = {
            one.index: self.ranks[one.index] - self._line(one.percent)
            for one in self.programme.criteria
        }
        failed = sum((distance > 0).astype(np.int64) for distance in over.values())
        others = self.barred | self._too_few() | self._too_many()
        distance = np.max(np.stack(list(over.values())), axis=0)
        near = np.flatnonzero((failed == 1) & ~others)
        near = near[np.lexsort((self.areas.codes[near], distance[near]))][:most]
        return [self.verdict(str(self.areas.codes[place])) for place in near]

    def _against(self, place: int) -> Iterable[Reason]:
        people_here = round(float(self.residents[place]))
        if self.barred[place]:
            yield Reason("served_elsewhere", {})
        if self._too_few()[place]:
            least = self.programme.population_least
            yield Reason("too_few_people", {"people": people_here, "least": least})
        if self._too_many()[place]:
            most = int(self.programme.population_most or 0)
            code = "not_under_the_most" if self.programme.most_excluded else "too_many_people"
            yield Reason(code, {"people": people_here, "most": most})
        for one in self.programme.criteria:
            rank, last = int(self.ranks[one.index][place]), self._line(one.percent)
            if rank > last:
                yield Reason(
                    "below_the_line",
                    {
                        "index": one.index,
                        "rank": rank,
                        "line": last,
                        "of": len(self.areas),
                        "places": rank - last,
                    },
                )
        if self.position[place] and not self.chosen[place]:
            yield self._capped(place)

    def _capped(self, place: int) -> Reason:
        params: dict[str, Any] = {"position": int(self.position[place])}
        cap = self.programme.per_council
        if cap is not None and self.council_place[place] > cap and self.councils is not None:
            council = str(self.councils[place])
            here = int(self.council_place[place])
            return Reason("council_full", {"council": council, "most": cap, "here": here})
        return Reason("list_full", {**params, "most": int(self.programme.places or 0)})
