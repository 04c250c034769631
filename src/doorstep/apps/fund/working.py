"""A proposal worked out again from its own rows: the engine's rules on the frozen figures.

Pages, the decision and `doorstep verify` all come here, so there is one way to an answer.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np

from doorstep.apps.fund.models import Proposal, ProposedPlace
from doorstep.engine.need import (
    Areas,
    Figure,
    Geography,
    LookUp,
    Programme,
    Selection,
    Sharer,
    ShareRule,
    select,
)
from doorstep.engine.need.errors import NeedError
from doorstep.engine.need.programme import Criterion
from doorstep.engine.need.selection import Reason
from doorstep.engine.need.shares import Share, Step, compared

COUNCIL = Geography("council", 0)  # its year plays no part: a code is compared with itself


def programme_data(rules: Programme) -> dict[str, Any]:
    """A programme's rules as JSON values, whole: what stands in the record."""
    return {
        "id": rules.id,
        "name": rules.name,
        "in_force_from": rules.in_force_from.isoformat() if rules.in_force_from else None,
        "in_force_to": rules.in_force_to.isoformat() if rules.in_force_to else None,
        "areas": str(rules.areas),
        "criteria": [[one.index, one.percent] for one in rules.criteria],
        "population_least": rules.population_least,
        "population_most": rules.population_most,
        "most_excluded": rules.most_excluded,
        "per_council": rules.per_council,
        "places": rules.places,
        "award_least": rules.award_least,
        "award_most": rules.award_most,
        "years": rules.years,
        "excluded": sorted(rules.excluded),
        "source_title": rules.source_title,
        "source": rules.source,
        "checked_on": rules.checked_on.isoformat(),
        "note": rules.note,
    }


def programme_from(data: Mapping[str, Any]) -> Programme:
    """The rules that `programme_data` wrote down."""
    told = dict(data)
    for name in ("in_force_from", "in_force_to", "checked_on"):
        told[name] = date.fromisoformat(told[name]) if told[name] else None
    told["areas"] = Geography.named(told["areas"])
    told["criteria"] = tuple(Criterion(*one) for one in told["criteria"])
    told["excluded"] = frozenset(told["excluded"])
    return Programme(**told)


def rows_digest(places: Iterable[ProposedPlace]) -> str:
    """One SHA-256 over the figures of every area, in the order of their codes."""
    whole = sha256()
    for one in sorted(places, key=lambda place: place.code):
        scores = {name: repr(float(value)) for name, value in one.scores.items()}
        row = [one.code, one.council, one.residents, scores, one.ranks]
        whole.update(json.dumps(row, separators=(",", ":"), sort_keys=True).encode() + b"\n")
    return whole.hexdigest()


@dataclass(frozen=True)
class Working:
    """A proposal's places in order of their codes, and the selection that follows from them."""

    proposal: Proposal
    places: tuple[ProposedPlace, ...]
    selection: Selection

    @property
    def chosen(self) -> list[ProposedPlace]:
        """Those first in line, the neediest first."""
        by_code = {one.code: one for one in self.places}
        return [by_code[code] for code in self.selection.codes]

    @property
    def sharers(self) -> list[Sharer]:
        need = self.proposal.need
        return [Sharer(one.code, one.residents, one.scores[need]) for one in self.chosen]

    def outcomes(self) -> dict[str, tuple[Share, ...] | NeedError]:
        """The pot under each rule, or why it cannot be kept; nothing where nobody is in line."""
        bounds = ShareRule(
            kind="equal", floor=self.proposal.floor_pence, ceiling=self.proposal.ceiling_pence
        )
        steps = tuple(Step(*one) for one in self.proposal.steps)
        if not self.selection.codes:
            return {}
        return compared(self.proposal.pot_pence, self.sharers, bounds, steps)


def work_out(proposal: Proposal, places: Sequence[ProposedPlace] | None = None) -> Working:
    """Rank, select and stand in line again, from the scores and people in the rows."""
    # The reasons that were kept play no part: they are worked out here.
    found = places or proposal.places.defer("reasons")
    rows = tuple(sorted(found, key=lambda one: one.code))
    rules = programme_from(proposal.programme)
    areas = Areas(rules.areas, np.array([one.code for one in rows], dtype=np.str_))
    ranks = {
        index: Figure(index, areas, np.array([one.scores[index] for one in rows])).ranked()
        for index in (one.index for one in rules.criteria)
    }
    residents = Figure("Residents", areas, np.array([one.residents for one in rows]))
    councils = None
    if all(one.council for one in rows):
        councils = LookUp.of(rules.areas, COUNCIL, [(one.code, one.council) for one in rows])
    return Working(proposal, rows, select(rules, ranks, residents, councils))


def told(reason: Reason) -> list[Any]:
    """A reason as JSON values."""
    return [reason.code, dict(reason.params)]


def reason_from(data: Sequence[Any]) -> Reason:
    return Reason(str(data[0]), dict(data[1]))
