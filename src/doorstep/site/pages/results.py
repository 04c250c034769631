"""What a counted round's page tells, as values: each idea with its reason, and where it can go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from doorstep.apps.awards.models import Award
from doorstep.apps.ideas.queries import on_ballot
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.rounds.ballots import count_command, publishes_ballots, reason_in_words
from doorstep.apps.rounds.models import BallotBox, Project, Recount, Round
from doorstep.apps.rounds.queries import named_projects
from doorstep.apps.rounds.verify_counters import signed_recount
from doorstep.engine.count import (
    Outcome,
    Rule,
    certificate,
    count,
    read_pabulib,
    unique_share,
)
from doorstep.engine.count.giving import Givers, givers
from doorstep.engine.count.page import HOW
from doorstep.engine.count.reread import outcome_of
from doorstep.engine.rulebook import rule
from doorstep.site.components.shares import needed_bars, rounds_section, shares_section
from doorstep.site.pages import got
from doorstep.site.pages.turnout import Turnout, box_opened, in_words, least_shown, tables, turnout

EVERYTHING_FITS = gettext_lazy(
    "Every idea that could be done fits in the pot together, so nobody had to choose between "
    "them. No vote was held, and every idea is funded."
)
DECIDED_BY = {
    "cost": gettext_lazy("The lower cost decided"),
    "votes": gettext_lazy("The number of supporters decided"),
    "lot": gettext_lazy("The lot drawn before the count decided"),
}
A_YEAR = 365 * 24 * 3600
T = TypeVar("T")


@dataclass(frozen=True)
class NextStep:
    """One way on for an idea that was not funded. `code` names it; `why` says why it is open."""

    code: str
    name: str
    why: str
    link: str = ""


@dataclass(frozen=True)
class Idea:
    """One idea as the page tells it. `why` is the engine's reason put into words."""

    project: Project
    votes: int
    won: bool
    why: str
    award: Award | None
    number: int | None = None  # of the idea on whose page its whole story stands
    next_steps: tuple[NextStep, ...] = ()
    needed: SafeString | None = None  # the bar of its support and of what was missing

    @property
    def name(self) -> str:
        return self.project.name.text or gettext("(name removed)")

    @property
    def then(self) -> str:
        """Where it can go next, in a line. That everybody may ask is said once, beneath."""
        return ", ".join(step.name for step in self.next_steps if step.code != "ask")


@dataclass(frozen=True)
class Checking:
    """How a stranger can check the count: a verdict in words, and the command that repeats it."""

    verdict: str
    command: str = ""
    unique_percent: int | None = None


def told(round_: Round) -> dict[str, Any]:
    """What the page of a counted round says. A fixed number of SQL statements."""
    projects = named_projects(round_)
    outcome = round_.result.as_json
    counted = outcome_of(outcome, "GBP") if outcome["rule"]["name"] in HOW else None
    bars, bars_said = needed_bars(counted) if counted else ({}, "")
    awards = {award.project_id: award for award in Award.objects.filter(project__round=round_)}
    quick = quick_maximum(round_)
    numbers = on_ballot(round_)
    ideas = {
        said["id"]: Idea(
            project=projects[said["id"]],
            votes=said["votes"],
            won=said["won"],
            why=reason_in_words(said["reason"], gettext),
            award=awards.get(projects[said["id"]].pk),
            number=numbers.get(projects[said["id"]].pk),
            needed=bars.get(said["id"]),
            next_steps=()
            if said["won"]
            else ways_on(
                said["reason"]["code"], projects[said["id"]].cost_pence, round_, quick_pence=quick
            ),
        )
        for said in outcome["projects"]
    }
    funded = [ideas[code] for code in outcome["winners"]]
    others = [idea for idea in ideas.values() if not idea.won]
    names = {code: idea.name for code, idea in ideas.items()}
    box = getattr(round_, "box", None)
    opened = box_opened(round_)
    took_part: Turnout | None = turnout(round_, box.voters, opened) if box else None
    return {
        "projects": list(projects.values()),
        "has_ideas": bool(numbers),
        "ballots": ballots_address(round_),
        "outcome": outcome,
        "funded": funded,
        "others": nearest_first(others, counted),
        "others_said": bars_said,
        "rounds_section": rounds_section(counted, names) if counted and funded else "",
        "ways_on": legend(others),
        "spent_pence": sum(idea.project.cost_pence for idea in funded),
        "spread": spread(round_, funded),
        "most_votes": max((idea.votes for idea in ideas.values()), default=0),
        "how": how_counted(outcome["rule"]["name"]),
        "ties": [tie_in_words(tie, names) for tie in outcome["ties"]],
        "turnout": took_part,
        "turnout_words": in_words(took_part, round_) if took_part else "",
        "turnout_tables": tables(took_part) if took_part else [],
        "least_shown": least_shown(),
        **what_voters_got(round_, names),
        "shares_section": whose_shares(round_, names),
        "checking": checking(round_),
        "where_caption": _("Where %(pot)s went") % {"pot": pounds(round_.budget_pence)},
        "where_what": _("What for"),
        "has_ballots": publishes_ballots(round_),
    }


def what_voters_got(round_: Round, names: dict[str, str]) -> dict[str, Any]:
    """Sentences and tables, where every ballot is public; a round without them says nothing."""
    if not publishes_ballots(round_):
        return {}

    def find() -> got.Figures:
        election = _election(round_)
        return got.figures(election, count(election, Rule.from_dict(round_.rule)))

    found = remembered("got", round_.result.sha256, find)
    return {"got_words": got.in_words(found, names), "got_tables": got.tables(found)}


def whose_shares(round_: Round, names: dict[str, str]) -> SafeString | str:
    """The picture of whose shares paid for what, where every ballot is public."""
    if not publishes_ballots(round_):
        return ""

    def find() -> tuple[Outcome, list[Givers]]:
        election = _election(round_)
        outcome = count(election, Rule.from_dict(round_.rule))
        return outcome, givers(election, outcome)

    outcome, groups = remembered("givers", round_.result.sha256, find)
    return shares_section(outcome, groups, names, least=least_shown())


def nearest_first(others: list[Idea], counted: Outcome | None) -> list[Idea]:
    """Those who lacked least, then those of whom nothing is known, the most supported first."""
    near = [verdict.id for verdict in counted.nearest()] if counted else []
    place = {code: at for at, code in enumerate(near)}
    return sorted(
        others,
        key=lambda idea: (
            place.get(idea.project.code, len(near)),
            -idea.votes,
            idea.project.cost_pence,
        ),
    )


def how_counted(rule_name: str) -> str:
    """What the rule of a round does, in a sentence or two."""
    return gettext(HOW[rule_name]) if rule_name in HOW else str(EVERYTHING_FITS)


# Where an idea can go next --------------------------------------------------------------------


def quick_maximum(round_: Round) -> int:
    """The most that a quick grant may be at this place, in pence."""
    value = rule("grant.quick_maximum", timezone.localdate(), round_.place.slug).value
    if not isinstance(value, int):
        raise TypeError("grant.quick_maximum is whole pence")
    return value


def ways_on(code: str, cost_pence: int, round_: Round, *, quick_pence: int) -> tuple[NextStep, ...]:
    """Every way that is open to an idea that was not funded, with its reason; never none."""
    here = reverse("place", args=[round_.place.slug])
    steps = [
        NextStep(
            "next_round",
            _("the next round, smaller or in parts")
            if code == "dearer_than_pot"
            else _("the next round"),
            _("Anybody may propose it again when the next round takes ideas, as it is or changed."),
            here,
        )
    ]
    if code != "withdrawn" and cost_pence <= quick_pence:
        steps.append(
            NextStep(
                "quick_grant",
                _("a quick grant"),
                _("For what costs up to %(most)s, two people can say yes within hours.")
                % {"most": pounds(quick_pence)},
                here,
            )
        )
    if code != "withdrawn":
        steps.append(
            NextStep(
                "other_funder",
                _("the council or another funder"),
                _(
                    "Show %(council)s or a funder this page: it says how many people want it, and "
                    "what it costs."
                )
                % {"council": round_.place.council},
            )
        )
    steps.append(
        NextStep(
            "ask",
            _("a word with the partnership"),
            _("The residents who run this fund help to change an idea so that it fits."),
            here,
        )
    )
    return tuple(steps)


def legend(others: list[Idea]) -> list[NextStep]:
    """Each way on once, for the words beneath the list."""
    return list({step.code: step for idea in others for step in idea.next_steps}.values())


def spread(round_: Round, funded: list[Idea]) -> list[tuple]:
    """Rows of the picture of where the money went; they add up to the pot."""
    address = reverse("award", args=["-slug-"])
    rows: list[tuple] = [
        (idea.name, idea.project.cost_pence)
        if idea.award is None
        else (idea.name, idea.project.cost_pence, address.replace("-slug-", idea.award.slug))
        for idea in sorted(funded, key=lambda idea: -idea.project.cost_pence)
    ]
    left = round_.budget_pence - sum(idea.project.cost_pence for idea in funded)
    if left:
        rows.append((_("Left over: it stays with the place"), left))
    return rows


# Checking it ------------------------------------------------------------------------------------


def ballots_address(round_: Round) -> str:
    """Where what was counted can be downloaded: ballots or totals; nothing where neither can."""
    if publishes_ballots(round_):
        return reverse("round-ballots", args=[round_.slug])
    box = getattr(round_, "box", None)
    if box is not None and box.form == BallotBox.Form.TOTALS:
        return reverse("round-totals", args=[round_.slug])
    return ""


def checking(round_: Round) -> Checking:
    """The verdict on how far a stranger can recount it, in words of its own for each form."""
    box = getattr(round_, "box", None)
    if box is None:
        return Checking(_("No vote was held. Add up the costs: they are no more than the pot."))
    if publishes_ballots(round_):
        return Checking(
            _("Publicly recountable: every ballot is published, without names."),
            command=count_command(round_),
            unique_percent=remembered(
                "unique", box.sha256, lambda: round(unique_share(_election(round_)) * 100)
            ),
        )
    if box.form == BallotBox.Form.TOTALS:
        return Checking(
            _(
                "Counted in one room by two people, and signed; not publicly recountable, because "
                "no ballot was kept."
            ),
        )
    signed = signed_recount(round_)
    if not signed:
        return Checking(
            _(
                "Not counted again yet: two people do it and sign. It is not publicly recountable, "
                "because only totals are published, so that nobody can be found by what they chose."
            )
        )
    return Checking(
        _(
            "Recounted by %(people)s, and signed; not publicly recountable, because only totals "
            "are published, so that nobody can be found by what they chose."
        )
        % {"people": recounters(signed)}
    )


def recounters(signed: Sequence[Recount]) -> str:
    """Who counted the ballots again and found the same: by their public names, where they have."""
    names = [
        (one.name.text or _("(name removed)")) if one.name else _("a member of the partnership")
        for one in signed
    ]
    return _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def final_share(round_: Round) -> Any:
    """A voter's share when the count ended, as the count found it; None where none was given."""

    def find() -> Any:
        outcome = count(_election(round_), Rule.from_dict(round_.rule))
        return outcome.shares and outcome.shares.final

    return remembered("share", round_.result.sha256, find)


def certificate_of(round_: Round) -> bytes:
    """What pins down the count of a round whose ballots are public."""
    return remembered(
        "certificate",
        round_.result.sha256,
        lambda: certificate(count(_election(round_), Rule.from_dict(round_.rule))),
    )


def remembered(name: str, sha256: str, find: Callable[[], T]) -> T:
    """What was found once from a file that never changes; its hash is the key."""
    key = f"round.{name}.{sha256}"
    kept = caches["default"].get(key)
    if kept is None:
        kept = (find(),)
        caches["default"].set(key, kept, A_YEAR)
    return kept[0]


def _election(round_: Round) -> Any:
    return read_pabulib(round_.box.pabulib, name=f"{round_.slug}.pb")


def tie_in_words(tie: dict[str, Any], names: dict[str, str]) -> str:
    """Which ideas stood exactly level, and what decided between them."""
    return gettext("%(tied)s were exactly level. %(decided)s: %(chosen)s.") % {
        "tied": ", ".join(names[code] for code in tie["tied"]),
        "decided": DECIDED_BY[tie["decided_by"]],
        "chosen": ", ".join(names[code] for code in tie["chosen"]),
    }
