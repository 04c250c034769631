"""What is asked of one project, why, how long it takes, and whether a form may ask that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from doorstep.engine.proportion.schedule import Requirement, Risk, Schedule, ScheduleError, Tier

AMOUNT, EXTRA = "amount", "extra"


@dataclass(frozen=True)
class Project:
    """A sum in whole pence, and the facts that are risks: {key: how many}, such as two roles.

    `long_lease` is land or a building for long. `accounted` is how many grants closed with all
    their accounts in the months that count for trust.
    """

    pence: int
    risks: Mapping[str, int] = field(default_factory=dict)
    long_lease: bool = False
    accounted: int = 0


@dataclass(frozen=True)
class Extra:
    """What a funder would like to ask besides: a key of the table, or words and minutes."""

    what: str
    minutes: int = 0


@dataclass(frozen=True)
class Asked:
    """One thing asked. `because` is "amount", "extra" or the key of the risk that adds it."""

    key: str
    minutes: int
    officer: int
    because: str
    requirement: Requirement | None = None


@dataclass(frozen=True)
class Assessment:
    """Everything asked of a project. `budget` is the tier's with exactly what its risks add."""

    project: Project
    tier: Tier
    asked: tuple[Asked, ...]
    budget: int
    lightened_to: Tier | None
    pence_an_hour: int
    flag_percent: int

    @property
    def minutes(self) -> int:
        """The applicant's, to apply and to report."""
        return sum(one.minutes for one in self.asked)

    @property
    def over(self) -> int:
        """Minutes over the budget; 0 within it."""
        return max(self.minutes - self.budget, 0)

    def minutes_of(self, because: str) -> int:
        return sum(one.minutes for one in self.asked if one.because == because)

    @property
    def assurance_pence(self) -> int:
        """What asking and checking costs, both sides together, rounded up to a penny."""
        both = self.minutes + sum(one.officer for one in self.asked)
        return -(-both * self.pence_an_hour // 60)

    @property
    def assurance_permille(self) -> int:
        """That as a share of the grant, in thousandths, rounded down."""
        return self.assurance_pence * 1000 // self.project.pence

    @property
    def is_dear(self) -> bool:
        """Whether it costs more than the share that is pointed out to the fund's owner."""
        return self.assurance_pence * 100 > self.project.pence * self.flag_percent

    def would_fit_without(self) -> tuple[Asked, ...]:
        """The extras of which any one, taken out, brings the form within its budget."""
        return tuple(
            one for one in self.asked if one.because == EXTRA and one.minutes >= self.over > 0
        )


class NotPublishedError(ValueError):
    """A form asks for more minutes than its tier has, and nobody said in public why."""

    def __init__(self, found: Assessment) -> None:
        extras = [one for one in found.asked if one.because == EXTRA]
        there = {one.key for one in found.asked}
        named = [one.requirement for one in extras if one.requirement is not None]
        covered = next((one for one in named if one.covered_by in there), None)
        self.found = found
        self.covered = covered
        why = (
            f"; {covered.key} protects against {covered.protects}, already covered by "
            f"{covered.covered_by}"
            if covered
            else ""
        )
        super().__init__(
            f"needs {_said(found.minutes)}; budget {_said(found.budget)}{why}. Take something out, "
            "or let a named officer say in public why."
        )


@dataclass(frozen=True)
class Publication:
    """A form that may be shown. Over budget it carries the officer's name and reason for all."""

    found: Assessment
    officer: str = ""
    explanation: str = ""


def assess(project: Project, table: Schedule, extras: Sequence[Extra] = ()) -> Assessment:
    """What is asked of a project under a version of the table, and what a funder would add.

    Raises ScheduleError for a sum that is none, an unknown risk, or an extra without minutes.
    """
    if type(project.pence) is not int or project.pence <= 0:
        raise ScheduleError("A grant is a whole number of pence, more than nothing.")
    tier = table.tier_of(project.pence, long_lease=project.long_lease)
    lighter = _lightened(project, tier, table)
    asked = [_asked(one, AMOUNT) for one in _base(tier, lighter)]
    added = 0
    for key, times in sorted(project.risks.items()):
        if key not in table.risks:
            known = ", ".join(sorted(table.risks))
            raise ScheduleError(f"There is no risk called {key!r}. There are: {known}.")
        if type(times) is not int or times < 0:
            raise ScheduleError(f"{key}: say how many, in a whole number.")
        if times:
            found = _of_risk(table.risks[key], times)
            added += sum(one.minutes for one in found)
            asked += found
    asked += [_of_extra(extra, table, {one.key for one in asked}) for extra in extras]
    return Assessment(
        project, tier, tuple(asked), tier.minutes + added, lighter, table.pence_an_hour,
        table.flag_percent,
    )  # fmt: skip


def publish(found: Assessment, *, officer: str = "", explanation: str = "") -> Publication:
    """Let a form be shown to applicants: within its budget, or with an officer's name and reason.

    Raises NotPublishedError, whose words say how far over it is and what covers the fear already.
    """
    if not found.over:
        return Publication(found)
    if not officer.strip() or not explanation.strip():
        raise NotPublishedError(found)
    return Publication(found, officer.strip(), explanation.strip())


def _lightened(project: Project, tier: Tier, table: Schedule) -> Tier | None:
    """The tier whose monitoring is enough for somebody who accounted for grants before."""
    place = table.tiers.index(tier)
    return table.tiers[place - 1] if project.accounted >= table.trust_grants and place else None


def _base(tier: Tier, lighter: Tier | None) -> list[Requirement]:
    if lighter is None:
        return list(tier.asks)
    # What the law asks for stays, however well somebody is known.
    kept = [one for one in tier.asks if not one.monitoring or one.law]
    names = {one.key for one in kept}
    return kept + [one for one in lighter.asks if one.monitoring and one.key not in names]


def _asked(one: Requirement, because: str, times: int = 1) -> Asked:
    return Asked(one.key, one.minutes * times, one.officer * times, because, one)


def _of_risk(risk: Risk, times: int) -> list[Asked]:
    return [_asked(one, risk.key, times if risk.each else 1) for one in risk.asks]


def _of_extra(extra: Extra, table: Schedule, there: set[str]) -> Asked:
    known = table.requirements.get(extra.what)
    if known is not None and known.key in there:
        raise ScheduleError(f"{known.key} is asked for already.")
    if known is not None:
        return _asked(known, EXTRA)
    if not extra.what.strip() or type(extra.minutes) is not int or extra.minutes <= 0:
        raise ScheduleError("Say what is asked besides, and how many minutes it takes.")
    return Asked(extra.what.strip(), extra.minutes, 0, EXTRA)


def _said(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"
