"""What Millbrook is asked now: a round that is open for votes, and one that collects ideas."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from doorstep.apps.ideas.actions import Said, answer, propose
from doorstep.apps.ideas.models import Idea
from doorstep.apps.people.models import Account
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.apps.rounds.actions import draft_round, freeze_round
from doorstep.apps.rounds.asking import Asking
from doorstep.apps.rounds.models import (
    Ground,
    Publication,
    Round,
    RoundSize,
    Secrecy,
    VoteType,
)
from doorstep.apps.voting.actions.printing import plan_codes, print_run
from doorstep.apps.voting.models import Channel
from doorstep.engine.count import Rule

# Rules are fixed before voting opens, and cards are printed between the two.
OPENS_IN = 30


def open_a_vote(told: dict[str, Any], place: Place, worker: Account, member: Account) -> list[str]:
    """A round of a few streets, voting open. Returns some of its codes, for whoever tries it."""
    round_ = _drafted(
        told,
        place,
        slug=told["slug"],
        opens=timezone.now() + timedelta(seconds=OPENS_IN),
        size=RoundSize.STREET,
        publication=Publication.WHOLE,
        rule=Rule(name="greedy", utility="count", seed=told["slug"]),
        secrecy=Secrecy.HOUSE,
        reason=told["house_reason"],
    )
    typing, checking = Actor("worker", worker.pk), Actor("partnership_member", member.pk)
    for idea in told["ideas"]:
        _answered(_proposed(round_, idea, typing, _day(told["collected_until"])), idea, checking)
    plan_codes(round_, Channel.DESK, told["cards"])
    frozen = freeze_round(round_, on=_day(0), actor=checking)
    printed = print_run(frozen.code_plans.get(), 1, printer=worker, beside=member)
    return [code.printed for code, _address in printed.letters[: told["shown_cards"]]]


def collect_ideas(told: dict[str, Any], place: Place, worker: Account) -> None:
    """A round of the whole place, to which anybody can still bring an idea."""
    round_ = _drafted(
        told,
        place,
        slug=f"{place.slug}-next",
        opens=datetime.combine(_day(told["opens"]), time(9), timezone.get_default_timezone()),
        size=RoundSize.WHOLE_PLACE,
        publication=Publication.WHOLE,
        rule=Rule(utility="cost", seed=f"{place.slug}-next"),
        secrecy=Secrecy.TRUSTEES,
    )
    for idea in told["ideas"]:
        _proposed(round_, idea, Actor("worker", worker.pk), _day(0))


def _drafted(
    told: dict[str, Any],
    place: Place,
    *,
    slug: str,
    opens: datetime,
    size: RoundSize,
    publication: Publication,
    rule: Rule,
    secrecy: Secrecy,
    reason: str = "",
) -> Round:
    closes = datetime.combine(_day(told["closes"]), time(20), timezone.get_default_timezone())
    return draft_round(
        slug,
        place,
        title=told["title"],
        budget_pence=told["pounds"] * 100,
        vote_type=VoteType.APPROVAL,
        rule=rule,
        terms=Asking(
            size=size,
            ideas_from=_day(told["collected_from"]),
            ideas_until=_day(told["collected_until"]),
            checked_by=_day(told["checked_by"]),
            opens_at=opens,
            closes_at=closes,
            minimum_age=11,
            publication=publication,
            expected_voters=told["expected_voters"],
            grounds=list(Ground.values),
            secrecy=secrecy,
            secrecy_reason=reason,
            languages=["en", "cy"],
        ),
    )


def _proposed(round_: Round, idea: dict[str, Any], actor: Actor, today: date) -> Idea:
    said = Said(idea["title"], idea["what"], idea["where"], idea["tags"])
    return propose(round_, said, ground=idea["ground"], author=None, actor=actor, today=today)


def _answered(idea: Idea, told: dict[str, Any], actor: Actor) -> None:
    possible = told["pounds"] > 0
    answer(
        idea,
        possible=possible,
        cost_pence=told["pounds"] * 100 if possible else None,
        reason=told["answer"],
        rule_words=told.get("rule_words", ""),
        changes=told.get("changes", ""),
        actor=actor,
    )


def _day(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)
