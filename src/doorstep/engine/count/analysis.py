"""Everything that can be asked of a finished count, in one value and one JSON form.

It is kept apart from the outcome: nothing here can change who won, and the published result
(outcome.canonical) stays the same bytes whether or not anybody asks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

from .bringing import Bringing, Owed, Purse, bringing
from .choices import Choices
from .earning import PhragmenMargins
from .election import Election
from .facts import Fact, fact_in_words
from .fairness import Got, Kind, what_voters_got
from .final import Final
from .holds import Held, held_by_rank, held_by_shares
from .losers import Lacked, lacked
from .outcome import Outcome, Verdict, canonical
from .pots import EVERY, PotRange, pot_range
from .proportional import LeftOut, left_out, measure_of
from .robustness import Robustness, Told, robustness
from .tally import lot, tally
from .words import decimal, ratio

FORM = "doorstep-analysis-1"
TOP = 3


@dataclass(frozen=True, slots=True)
class Analysis:
    """The figures of one outcome; docs/count.md says what each claims and what it does not.

    lacked and held are empty where the rule gives none (held: a completion that funds everything
    because all of it fits; lacked: the greedy rules, whose reasons say it).
    measure is None where the proportionality check is not defined, and left_out is then empty.
    brought is there where something was carried over, and robustness is then None: what was
    brought belongs to those who cast these ballots, and a drawn crowd would bring more or less.
    """

    election: Election
    outcome: Outcome
    lacked: tuple[Lacked, ...]
    held: tuple[Held, ...]
    pots: PotRange | None
    measure: str | None
    left_out: tuple[LeftOut, ...]
    got: Got
    robustness: Robustness | None
    brought: Bringing | None = None

    def name(self, project: str) -> str:
        """A project's name, or its id where it has none."""
        return self.outcome.verdict(project).name or project


def analyse(
    election: Election,
    outcome: Outcome,
    *,
    recounts: int = 0,
    seed: str = "",
    told: Told | None = None,
    layer: str | None = None,
) -> Analysis:
    """Analyse a count of this election; with recounts, how steady it is too (robustness.py).

    Takes from milliseconds to a minute on a city, most of it recounts. Raises ValueError for an
    outcome of another election.
    """
    if [one.id for one in election.projects] != [one.id for one in outcome.verdicts]:
        raise ValueError("this outcome is of another election")
    try:
        final = Final.of(election, outcome, layer)
        lost = tuple(lacked(final)) if final else ()
        held = tuple(held_by_shares(final)) if final and not _all_fit(final) else ()
        if outcome.rule.name == "phragmen" and election.voters:
            earned = PhragmenMargins(election, outcome, layer)
            lost, held = tuple(earned.lacked()), tuple(earned.held())
    except OverflowError:  # more points than can be added exactly: no margins of shares
        lost, held = (), ()
    choices = Choices.of(election, outcome)
    measure, got = measure_of(outcome), what_voters_got(choices, outcome)
    return Analysis(
        election=election,
        outcome=outcome,
        lacked=lost,
        held=held + tuple(_held_by_rank(election, outcome)),
        pots=pot_range(election, outcome, layer),
        measure=measure,
        left_out=tuple(left_out(choices, outcome, measure)) if measure else (),
        got=got,
        robustness=robustness(
            election, outcome.rule, recounts=recounts, seed=seed, told=told, layer=layer
        )
        if recounts and election.voters and not election.carried
        else None,
        brought=bringing(election, outcome, got.by_column),
    )


def _all_fit(final: Final) -> bool:
    """Whether everything is funded because it fits: then nothing is lost with a few supporters."""
    together = sum(final.tally.cost[p] for p in final.entrants)
    return final.outcome.rule.steps and together <= final.tally.pot


def _held_by_rank(election: Election, outcome: Outcome) -> list[Held]:
    """Margins of what greedy funded, by itself or out of what shares had left."""
    by_rank = [
        v.id for v in outcome.verdicts if v.reason.code in ("won_by_rank", "won_with_what_was_left")
    ]
    if not by_rank:
        return []
    ready, rule = tally(election, outcome.rule), outcome.rule
    place = {project.id: p for p, project in enumerate(election.projects)}
    out = ("no_support", "ranked_last_only", "dearer_than_pot", "below_threshold", "withdrawn")
    paid = {one.project for one in outcome.rounds if one.price is not None}
    line = ready.ranked(
        [place[v.id] for v in outcome.verdicts if v.reason.code not in out and v.id not in paid]
    )
    left = ready.pot - sum(ready.cost[place[one]] for one in paid)
    lots = [lot(rule.seed, project.id) for project in election.projects]
    unit = "points" if rule.utility in ("score", "borda") else "votes"
    held = []
    for one in by_rank:
        p = place[one]
        skip = rule.name != "greedy-no-skip"
        safe, lost = held_by_rank(ready, line, p, left, lots, skip=skip)
        if rule.threshold is not None:
            above = ready.score[p] - rule.threshold
            whole = Fraction(int(above) + 1)
            safe, lost = min(safe, whole if unit == "votes" else above), min(lost, whole)
        held.append(Held(one, _whole(safe), _whole(lost), unit))
    return held


def _whole(number: Fraction) -> int | Fraction:
    return int(number) if number.denominator == 1 else number


# In words ----------------------------------------------------------------------------------------


def facts_of(analysis: Analysis, project: str) -> list[Fact]:
    """What the analysis says of one project, beside its reason."""
    facts: list[Fact] = []
    for lost in analysis.lacked:
        if lost.project == project:
            if lost.needed is not None and lost.money_left is not None:
                had = Fact(
                    "earned",
                    {"money_left": lost.money_left, "needed_supporters": lost.needed},
                )
                facts.append(had)
            facts.append(Fact("cheaper", {"cheaper_by": lost.cheaper_by}))
            facts.append(_spent(analysis, lost))
    for held in analysis.held:
        if held.project == project:
            numbers = {"lost_with": held.lost_with, "safe_below": held.safe_below}
            unit = "people" if held.unit == "supporters" else held.unit
            code = "shares_lost" if held.unit == "supporters" else "rank_lost"
            code += "" if held.exact else "_between"
            facts.append(Fact(code, numbers, unit=unit))
    return facts


def _spent(analysis: Analysis, lost: Lacked) -> Fact:
    if not lost.spent_on:
        return Fact("spent_nowhere")
    total = sum((amount for _, amount in lost.spent_on), Fraction())
    most = sorted(lost.spent_on, key=lambda one: -one[1])[:TOP]
    named = [(analysis.name(project), amount) for project, amount in most]
    code = "spent_elsewhere" if analysis.outcome.shares else "earned_elsewhere"
    return Fact(code, {"spent": total}, named)


def facts(analysis: Analysis) -> list[Fact]:
    """What the analysis says of the whole."""
    got = analysis.got
    found = [
        Fact(
            "with_something",
            {
                "with_something": got.with_something,
                "voters": got.voters,
                "percent": Fraction(100 * got.with_something, max(got.voters, 1)),
            },
        ),
        Fact("mean_got", {"mean_number": got.mean_number, "mean_value": got.mean_value}),
        Fact(
            "worst_off",
            {"worst_off_number": got.worst_off_number, "worst_off_value": got.worst_off_value},
        ),
        Fact("unspent", {"unspent": got.unspent}),
    ]
    by_number = "_by_number" if analysis.measure == "count" else ""
    by_number += "_unequal" if analysis.outcome.carried else ""
    if analysis.measure and not analysis.left_out:
        found.append(Fact("nobody_left_out" + by_number))
    for group in analysis.left_out[:TOP]:
        params: dict[str, int | str | Fraction] = {
            "people": group.people,
            "project": analysis.name(group.project),
            "part": group.part,
            "most": group.most,
            "needed": group.needed,
        }
        found.append(Fact("left_out" + by_number, params))
    if analysis.pots:
        how = "pots_every" if analysis.pots.how == EVERY else "pots_some"
        ends = {"low": analysis.pots.low, "high": analysis.pots.high}
        found.append(Fact(how + "_up" * analysis.pots.endless, ends))
    if analysis.outcome.carried:
        found.append(Fact("not_drawn"))
    if analysis.robustness:
        again = analysis.robustness
        share = Fraction(100 * again.same_winners, again.recounts)
        found.append(Fact("steady", {"share": share}))
    return found


# JSON --------------------------------------------------------------------------------------------


def analysis_as_json(analysis: Analysis) -> dict[str, Any]:
    """The documented form (docs/count.md). Counts are numbers; money and means are "p/q"."""
    outcome, currency = analysis.outcome, analysis.outcome.currency
    verdicts = {verdict.id: verdict for verdict in outcome.verdicts}
    lost = {one.project: one for one in analysis.lacked}
    held = {one.project: one for one in analysis.held}

    def text(project: str) -> str:
        said = [fact_in_words(fact, currency) for fact in facts_of(analysis, project)]
        return " ".join(said)

    return {
        **({"carried_over": _brought_json(analysis.brought)} if analysis.brought else {}),
        "form": FORM,
        "election": {"file": outcome.file, "sha256": outcome.sha256, "voters": outcome.voters},
        "rule": outcome.rule.as_dict(),
        "result_sha256": sha256(canonical(outcome).encode()).hexdigest(),
        "final_share": None if outcome.shares is None else ratio(outcome.shares.final),
        "not_funded": [
            {"project": one, "text": text(one), **_lacked_json(lost[one], verdicts[one])}
            for one in lost
        ],
        "funded": [
            {"project": one, "text": text(one), **_held_json(held[one])}
            for one in outcome.winners
            if one in held
        ],
        "pots": None if analysis.pots is None else _pots_json(analysis.pots),
        "proportionality": {
            "measure": analysis.measure,
            "holds": None if analysis.measure is None else not analysis.left_out,
            "left_out": [_left_out_json(one) for one in analysis.left_out],
        },
        "voters": _got_json(analysis.got),
        "robustness": None if analysis.robustness is None else _robust_json(analysis.robustness),
        "text": [fact_in_words(fact, currency) for fact in facts(analysis)],
    }


def canonical_analysis(analysis: Analysis) -> str:
    """analysis_as_json as one line with sorted keys."""
    form = analysis_as_json(analysis)
    return json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _lacked_json(one: Lacked, verdict: Verdict) -> dict[str, Any]:
    params = verdict.reason.params
    left = params.get("money_left", one.money_left)
    covered = verdict.covered if one.covered is None else one.covered
    return {
        "money_left": ratio(left) if isinstance(left, Fraction | int) else None,
        "needed_supporters": params.get("needed_supporters", one.needed),
        "covered": None if covered is None else ratio(covered),
        "cheaper_by": decimal(one.cheaper_by),
        "wins_below": ratio(one.wins_below),
        "wins_there": one.wins_there,
        "spent_on": [
            {"project": project, "amount": ratio(amount)} for project, amount in one.spent_on
        ],
    }


def _held_json(one: Held) -> dict[str, Any]:
    return {
        "unit": one.unit,
        "safe_below": _number(one.safe_below),
        "lost_with": _number(one.lost_with),
        "exact": one.exact,
    }


def _number(number: int | Fraction) -> int | str:
    return number if isinstance(number, int) else decimal(number)


def _pots_json(one: PotRange) -> dict[str, Any]:
    return {
        "how": one.how,
        "low": decimal(one.low),
        "high": decimal(one.high),
        "below": None if one.below is None else decimal(one.below),
        "above": None if one.above is None else decimal(one.above),
        "endless": one.endless,
        "counts": one.counts,
    }


def _left_out_json(one: LeftOut) -> dict[str, Any]:
    return {
        "project": one.project,
        "people": one.people,
        "most": ratio(one.most),
        "part": ratio(one.part),
        "needed": ratio(one.needed),
    }


def _got_json(got: Got) -> dict[str, Any]:
    return {
        "voters": got.voters,
        "with_something": got.with_something,
        "mean_number": ratio(got.mean_number),
        "mean_value": ratio(got.mean_value),
        "worst_off": got.worst_off,
        "worst_off_number": ratio(got.worst_off_number),
        "worst_off_value": ratio(got.worst_off_value),
        "unspent": decimal(got.unspent),
        "kept": None if got.kept is None else ratio(got.kept),
        "by_column": {
            column: [_kind_json(kind) for kind in kinds] for column, kinds in got.by_column.items()
        },
    }


def _brought_json(brought: Bringing) -> dict[str, Any]:
    return {
        "by": brought.by,
        "groups": [_purse_json(one) for one in brought.purses],
        "kinds": [_owed_json(one) for one in brought.kinds],
    }


def _purse_json(one: Purse) -> dict[str, Any]:
    numbers = ("least", "most", "brought", "share", "paid", "kept")
    return {key: ratio(getattr(one, key)) for key in numbers} | {
        "people": one.people,
        "takes_along": None if one.takes_along is None else decimal(one.takes_along),
    }


def _owed_json(one: Owed) -> dict[str, Any]:
    numbers = ("owed", "fair", "spent", "takes_along")
    return {key: ratio(getattr(one, key)) for key in numbers} | {
        "value": one.value,
        "people": one.people,
    }


def _kind_json(kind: Kind) -> dict[str, str]:
    numbers = ("projects", "funded", "asked", "spent", "votes")
    return {"value": kind.value} | {key: ratio(getattr(kind, key)) for key in numbers}


def _robust_json(one: Robustness) -> dict[str, Any]:
    return {
        "recounts": one.recounts,
        "seed": one.seed,
        "same_winners": one.same_winners,
        "projects": [
            {
                "project": each.project,
                "won": each.won,
                "wins": each.wins,
                "low": f"{each.low:.4f}",
                "high": f"{each.high:.4f}",
            }
            for each in one.projects
        ],
    }
