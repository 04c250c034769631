"""One count from ballots to outcome: picks the rule, and asks why for every project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from . import plain
from .decide import ByShares, by_shares
from .election import WITHDRAWN, Election
from .layers import layer_named
from .outcome import Brought, FundedRound, Outcome, Reason, Shares, Stretch, Tie, Verdict
from .plain import Rate, Round
from .reasons import Params, needed_to_rank
from .replay import replayed
from .rule import Rule
from .tally import Tally, lot, tally
from .words import said

# Called after steps of add1 with the step's number and the part of the pot that it spends.
Progress = Callable[[int, Fraction], None]


def count(
    election: Election,
    rule: Rule | None = None,
    progress: Progress | None = None,
    *,
    layer: str | None = None,
) -> Outcome:
    """Count an election. Exact and deterministic; depends on no order of rows and no clock.

    layer is plain, numpy or kernel; by default the fastest that is there. It changes how long a
    count takes, and nothing else. Raises RuleError when the rule does not fit the ballots, and
    LayerError when the layer is not there.
    """
    settled = (rule or Rule()).settled(election)
    ready = tally(election, settled)
    work = _Count(election, settled, ready, layer, progress)
    if settled.name == "equal-shares":
        work.equal_shares()
    elif settled.name == "phragmen":
        work.phragmen()
    else:
        work.greedy(skip=settled.name != "greedy-no-skip")
    return work.outcome()


def entrants(election: Election, rule: Rule, ready: Tally) -> list[int]:
    """Positions of the projects that take part, under a rule that is settled for the election."""
    return _Count(election, rule, ready).entrants


@dataclass
class _Count:
    election: Election
    rule: Rule
    tally: Tally
    layer: str | None = None
    progress: Progress | None = None
    rounds: list[Round] = field(default_factory=list)
    why: dict[int, tuple[str, Params]] = field(default_factory=dict)
    paid: dict[int, int] = field(default_factory=dict)
    covered: dict[int, Fraction] = field(default_factory=dict)
    ties: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[int, int]] = field(
        default_factory=dict
    )
    final_step: int = 0
    shown: list[tuple[int, list[int]]] = field(default_factory=list)
    history: tuple[Stretch, ...] = ()
    shares: Shares | None = None

    def __post_init__(self) -> None:
        self.lots = [lot(self.rule.seed, project.id) for project in self.election.projects]
        self.unit = "points" if self.rule.utility in ("score", "borda") else "votes"
        self.entrants = [p for p in range(len(self.lots)) if self._may_win(p)]

    def _may_win(self, p: int) -> bool:
        """Whether a project takes part: supported, within the pot, at or over the threshold."""
        score, threshold = self.tally.score[p], self.rule.threshold
        if self.election.projects[p].extra.get(WITHDRAWN):
            self.why[p] = "withdrawn", {}
        elif not self.tally.parts[p]:
            self.why[p] = "ranked_last_only" if self.tally.votes[p] else "no_support", {}
        elif self.tally.cost[p] > self.tally.pot:
            self.why[p] = "dearer_than_pot", {"pot": self.election.budget}
        elif threshold is not None and score < threshold:
            self.why[p] = (
                "below_threshold",
                {
                    "score": _whole(score),
                    "unit": self.unit,
                    "threshold": _whole(threshold),
                    "needed_score": _whole(threshold - score),
                },
            )
        else:
            return True
        return False

    # The rules ------------------------------------------------------------------------------

    def greedy(self, *, skip: bool) -> None:
        self.rounds = plain.greedy(self.tally, self.entrants, self.tally.pot, skip=skip)
        self._rank_ties(self.entrants, self.tally.pot, skip=skip)
        left = self.tally.pot
        line: list[int] = []
        won = {one.project for one in self.rounds}
        stopped = False
        for place, p in enumerate(self.tally.ranked(self.entrants), start=1):
            money = self.tally.money(left)
            if p in won:
                self.why[p] = "won_by_rank", {"place": place, "left": money}
                left -= self.tally.cost[p]
            else:
                self.why[p] = "count_had_stopped" if stopped else "did_not_fit", {"left": money}
                stopped = stopped or not skip
            line.append(p)
        reached = line if skip else line[: _first(line, lambda p: p not in won) + 1]
        for p in self.entrants:
            if p not in won:
                others = [other for other in reached if other != p]
                self.why[p][1].update(
                    score=_whole(self.tally.score[p]),
                    unit=self.unit,
                    needed_score=_whole(needed_to_rank(self.tally, others, p, self.lots)),
                )

    def phragmen(self) -> None:
        self.rounds = layer_named(self.layer).phragmen(self.tally, self.entrants, self.tally.pot)
        self._level_ties(0, self.rounds)
        for number, one in enumerate(self.rounds, start=1):
            self.why[one.project] = "won_by_load", {"round": number}
        left = self.tally.money(self.tally.pot - plain.spent(self.tally, self.rounds))
        for p in self.entrants:
            self.why.setdefault(p, ("next_would_overspend", {"left": left}))

    def equal_shares(self) -> None:
        if not self.entrants:
            return
        layer = layer_named(self.layer)
        decided = by_shares(self.tally, self.rule, self.entrants, layer, self._step)
        self.final_step = decided.steps
        self.history = self._history(decided.intervals)
        self._replay(decided, plainly=True if layer.name == "plain" else None)
        code = "won_all_fit" if decided.all_fit else "won_with_what_was_left"
        self._fund_by_rank(code, decided.more)

    def _step(self, step: int, rounds: list[Round]) -> None:
        self._level_ties(step, rounds)
        chosen = [one.project for one in rounds]
        if not self.shown or self.shown[-1][1] != chosen:
            self.shown.append((step, chosen))
        if self.progress:
            self.progress(step, Fraction(plain.spent(self.tally, rounds), self.tally.pot))

    def _history(self, intervals: Sequence[plain.Interval]) -> tuple[Stretch, ...]:
        """Where steps began to choose otherwise than the step before, and what that costs.

        A layer that skips shows what it funds only once, but then it gives intervals. The step
        that would have overspent is in none of them.
        """
        steps = [(one.first, list(one.winners)) for one in intervals]
        beyond = [one for one in self.shown if one[0] > self.final_step]
        steps = steps + beyond if steps else self.shown
        return tuple(
            Stretch(first, self.tally.money(sum(self.tally.cost[p] for p in chosen)))
            for number, (first, chosen) in enumerate(steps)
            if not number or steps[number - 1][1] != chosen
        )

    def _replay(self, decided: ByShares, *, plainly: bool | None) -> None:
        """Play the rounds of the final share once more, watching what every project lacked."""
        tally, first, share = self.tally, decided.first, decided.share
        told = replayed(tally, self.entrants, share, decided.rounds, self.lots, plainly=plainly)
        self.rounds, self.paid = told.rounds, told.paying_in_full
        self._level_ties(self.final_step, self.rounds)
        points = self.unit == "points"
        for number, one in enumerate(self.rounds, start=1):
            if not tally.cost[one.project]:
                self.why[one.project] = "won_free", {}
                continue
            self.why[one.project] = (
                "won_in_round_by_points" if points else "won_in_round",
                {
                    "round": number,
                    "price": self._price(one) or 0,
                    "paid_in_full": self.paid[one.project],
                },
            )
        for p, shortfall in told.lacked.items():
            assert shortfall.needed is not None
            self.covered[p] = shortfall.covered
            self.why[p] = (
                "supporters_lacked_money",
                {
                    "money_left": shortfall.money_left,
                    "needed_supporters": shortfall.needed,
                },
            )
        given = tally.money(share * tally.voters + tally.brought)
        bought = tally.money(plain.spent(tally, self.rounds))
        self.shares = Shares(
            first=tally.money(first),
            final=tally.money(share),
            steps=self.final_step,
            given=given,
            paid=bought,
            kept=given - bought,
            history=self.history,
        )

    def _fund_by_rank(self, code: str, more: list[Round]) -> None:
        """Complete with what the greedy rule funded of the rest."""
        left = self.tally.pot - plain.spent(self.tally, self.rounds)
        if code == "won_with_what_was_left" and more:
            won = {one.project for one in self.rounds}
            rest = [p for p in self.entrants if p not in won]
            self._rank_ties(rest, left, skip=True, more=more)
        for one in more:
            params: Params = {} if code == "won_all_fit" else {"left": self.tally.money(left)}
            self.why[one.project] = code, params
            left -= self.tally.cost[one.project]
        self.rounds = self.rounds + more

    # Ties -----------------------------------------------------------------------------------

    def _level_ties(self, step: int, rounds: Sequence[Round]) -> None:
        """Ties at one rate. When all that are level are bought one after another at that rate,
        none took anything from another, and any order gives the same: those did not matter."""
        for number, one in enumerate(rounds, start=1):
            if len(one.tied) == 1:
                continue
            together = rounds[number - 1 : number - 1 + len(one.tied)]
            harmless = {other.project for other in together} == set(one.tied) and all(
                self._worth_rate(other) == self._worth_rate(one) for other in together
            )
            if not harmless:
                self._note_tie(one.tied, one.tied[:1], step, number)

    def _worth_rate(self, one: Round) -> Fraction:
        rate = one.rate or Rate(0, 1)
        by_cost = self.tally.by_cost and self.tally.cost[one.project]
        return Fraction(rate.above, rate.below * (self.tally.cost[one.project] if by_cost else 1))

    def _rank_ties(
        self, entrants: Sequence[int], pot: int, *, skip: bool, more: Sequence[Round] | None = None
    ) -> None:
        """Ties in score. They mattered when one won and one that had fitted before them did not."""
        funded = [one.project for one in (self.rounds if more is None else more)]
        for p in funded:
            level = [
                q for q in self.tally.ranked(entrants) if self.tally.score[q] == self.tally.score[p]
            ]
            before = pot - sum(
                self.tally.cost[q] for q in funded if self.tally.score[q] > self.tally.score[p]
            )
            without = [
                q for q in level if q not in funded and (self.tally.cost[q] <= before or not skip)
            ]
            chosen = tuple(q for q in level if q in funded)
            if without and p == chosen[0]:
                place = len(self.rounds) * (more is not None) + funded.index(p) + 1
                self._note_tie((*chosen, *without), chosen, self.final_step, place)

    def _note_tie(
        self, tied: tuple[int, ...], chosen: tuple[int, ...], step: int, number: int
    ) -> None:
        """Keep each tie once: in the final step if it is there, else where it was first met."""
        if (tied, chosen) not in self.ties or step == self.final_step:
            self.ties[tied, chosen] = step, number

    def _decided_by(self, tied: Sequence[int], chosen: Sequence[int]) -> str:
        first, second = chosen[-1], tied[len(chosen)]
        if self.tally.cost[first] != self.tally.cost[second]:
            return "cost"
        return "votes" if self.tally.votes[first] != self.tally.votes[second] else "lot"

    # The outcome ----------------------------------------------------------------------------

    def _price(self, one: Round) -> Fraction | None:
        if one.rate is None:
            return None
        size = self.tally.part_size
        return Fraction(one.rate.above * size, one.rate.below * self.tally.unit)

    def _verdict(self, p: int) -> Verdict:
        project = self.election.projects[p]
        code, more = self.why[p]
        params: Params = {"supporters": self.tally.votes[p], "cost": project.cost, **more}
        won = code.startswith("won_")
        reason = Reason(code, params, said(code, params, self.election.currency))
        covered = Fraction(1) if p in self.paid else self.covered.get(p)
        return Verdict(
            project.id, project.name, project.cost, self.tally.votes[p], won, reason, covered
        )

    def _brought(self) -> Brought | None:
        carried, weight = self.election.carried, self.tally.weight
        if carried is None:
            return None
        return Brought(
            by=carried.by,
            sha256=carried.sha256,
            voters=sum(w for w, each in zip(weight, carried.each, strict=True) if each),
            total=self.tally.money(self.tally.brought),
            largest=max(carried.each, default=Fraction()),
            absent=carried.absent,
            file=carried.file,
        )

    def outcome(self) -> Outcome:
        ids = [project.id for project in self.election.projects]
        return Outcome(
            file=self.election.name,
            sha256=self.election.sha256,
            voters=self.election.voters,
            budget=self.election.budget,
            currency=self.election.currency,
            rule=self.rule,
            winners=tuple(ids[one.project] for one in self.rounds),
            spent=self.tally.money(plain.spent(self.tally, self.rounds)),
            verdicts=tuple(self._verdict(p) for p in range(len(ids))),
            rounds=tuple(
                FundedRound(
                    ids[one.project],
                    self.election.projects[one.project].cost,
                    self.tally.votes[one.project],
                    self._price(one),
                    self.paid.get(one.project),
                    tuple(ids[p] for p in one.tied if p != one.project),
                )
                for one in self.rounds
            ),
            ties=tuple(
                Tie(
                    step,
                    number,
                    step == self.final_step,
                    tuple(ids[p] for p in tied),
                    tuple(ids[p] for p in chosen),
                    self._decided_by(tied, chosen),
                )
                for (tied, chosen), (step, number) in sorted(
                    self.ties.items(), key=lambda item: (item[1], item[0])
                )
            ),
            shares=self.shares,
            carried=self._brought(),
        )


def _whole(number: Fraction | int) -> Fraction | int:
    """An int where the number is whole: votes and most points are."""
    number = Fraction(number)
    return int(number) if number.denominator == 1 else number


def _first(line: Sequence[int], test: Callable[[int], bool]) -> int:
    return next((place for place, p in enumerate(line) if test(p)), len(line))
