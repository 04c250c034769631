"""Reads about ideas that pages, messages and other rooms share."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.ideas import rules
from doorstep.apps.ideas.models import Idea, IdeaState, Step, StepKind, Theme
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.people.spells import said_day
from doorstep.apps.rounds.ballots import reason_in_words
from doorstep.apps.rounds.models import Round, RoundState
from doorstep.apps.rounds.queries import verdict_on

PUBLIC_WORDS = (
    "round__place", "round__terms", "round__title", "title", "what", "where", "photo",
    "project__withdrawal",
)  # fmt: skip


@dataclass(frozen=True)
class Fate:
    """What happened to an idea: two words for where it stands, a sentence, and what can be next."""

    worker_word: str
    neighbour_word: str
    tone: str
    sentence: str
    next_step: str


def ideas_of(round_: Round) -> QuerySet[Idea]:
    """Every idea of a round with its words, newest first, whatever became of it."""
    return Idea.objects.filter(round=round_).select_related(*PUBLIC_WORDS).order_by("-number")


def search(ideas: QuerySet[Idea], *, words: str = "", theme: str = "", state: str = "") -> QuerySet:
    """Those ideas that say all of these words, are about a theme, and stand in a state.

    Hidden words are never found by: a search must not say what is not shown.
    """
    for word in words.split()[:8]:
        ideas = ideas.filter(
            Q(title__text__icontains=word)
            | Q(what__text__icontains=word)
            | Q(where__text__icontains=word),
            hidden=False,
        )
    if theme in Theme.values:
        ideas = ideas.filter(tags__contains=f",{theme},")
    if state in IdeaState.values:
        ideas = ideas.filter(state=state)
    return ideas


def on_ballot(round_: Round) -> dict[int, int]:
    """{project: number of the idea that it came from}; empty where a ballot was brought in."""
    ideas = Idea.objects.filter(round=round_, project__isnull=False).order_by()
    return dict(ideas.values_list("project_id", "number"))


def counts(round_: Round) -> dict[str, int]:
    """{state: how many ideas stand in it}, those with none left out; one statement."""
    rows = Idea.objects.filter(round=round_).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


def unanswered(round_: Round) -> QuerySet[Idea]:
    """Ideas that wait for an answer, and reviews that were asked for, oldest first."""
    waiting = Q(state__in=[IdeaState.PROPOSED, IdeaState.REVIEW], hidden=False)
    return Idea.objects.filter(waiting, round=round_).select_related("title").order_by("number")


def open_questions(where: Q) -> QuerySet[Idea]:
    """Hidden ideas whose author asked for a second look and has no answer yet; one statement."""
    said = (StepKind.HIDING_QUESTIONED, StepKind.HIDING_KEPT, StepKind.HIDDEN)
    last = Step.objects.filter(idea=OuterRef("pk"), kind__in=said).order_by("-seq")
    asked = Idea.objects.annotate(last_said=Subquery(last.values("kind")[:1])).filter(
        where, hidden=True, last_said=StepKind.HIDING_QUESTIONED
    )
    return asked.select_related("round__title").order_by("pk")


def history(idea: Idea) -> list[Step]:
    """The steps of an idea, first one first, each with its leaf and its words; one statement."""
    return list(
        idea.steps.select_related(
            "leaf", "reason", "rule_words", "changes", "title", "what", "where", "favoured__title"
        ).order_by("seq")
    )


def fate(idea: Idea, today: date | None = None) -> Fate:
    """What happened to an idea, whatever became of it. `idea` comes with its round."""
    state = IdeaState(idea.state)
    told = _told(idea, state, today or timezone.localdate())
    if idea.hidden and idea.round.state == RoundState.DRAFT:
        return Fate(
            _("Hidden"),
            _("its words are hidden"),
            "stopped",
            _("Its words were hidden. The reason stands below."),
            _("Its author may ask once for another person to look at this."),
        )
    word = {"worker_word": str(state.label), "neighbour_word": str(rules.NEIGHBOUR_WORDS[state])}
    return Fate(**{**word, "tone": rules.TONES[state], "next_step": "", **told})


def _told(idea: Idea, state: IdeaState, today: date) -> dict[str, Any]:
    """What one state says, over and above its two words."""
    round_ = idea.round
    if round_.state == "cancelled":
        return {
            "worker_word": _("Round cancelled"),
            "neighbour_word": _("its round was called off"),
            "tone": "plain",
            "sentence": _("The round it was proposed for was called off, so nothing was decided."),
            "next_step": _("It can be proposed again in the next round."),
        }
    over = round_.state != RoundState.DRAFT
    if state in (IdeaState.PROPOSED, IdeaState.REVIEW):
        return _waiting(idea, state, today) if not over else _never_answered()
    if state == IdeaState.POSSIBLE:
        return {
            "sentence": _("It was checked, it is possible, and it would cost %(cost)s.")
            % {"cost": pounds(idea.cost_pence or 0)},
            "next_step": _("When the rules of the round are fixed, it goes on the ballot."),
        }
    if state == IdeaState.NOT_POSSIBLE:
        return {
            "sentence": _("As it is written, a rule stands in its way."),
            "next_step": _("What would change that stands below, with the rule.")
            if not over
            else _("What would change that stands below. Changed so, it can come back next round."),
        }
    if state == IdeaState.RETIRED:
        return {
            "sentence": _("Its author retired it, and now stands behind idea %(number)s.")
            % {"number": idea.favoured_id},
            "next_step": _("Its supporters were asked about the other one, and none was moved."),
        }
    if state == IdeaState.WITHDRAWN:
        return {
            "sentence": _("Its author took it back after the ballots were made.")
            if idea.project_id
            else _("Its author took it back."),
            "next_step": _("Anybody may propose it again in a round that takes ideas."),
        }
    return _on_ballot(idea)


def _waiting(idea: Idea, state: IdeaState, today: date) -> dict[str, Any]:
    due = idea.round.terms.checked_by
    late = today > due
    if state == IdeaState.REVIEW:
        said = _("Its author asked for a second look, and another person takes it.")
    elif late:
        said = _("It was to be checked by %(day)s, so the answer is late.") % {"day": said_day(due)}
    else:
        said = _("It is being checked. The answer stands here by %(day)s.") % {"day": said_day(due)}
    return {
        "sentence": said,
        "next_step": _("The rules of the round are not fixed before it is answered."),
        **({"tone": "stopped", "neighbour_word": _("being checked, late")} if late else {}),
    }


def _never_answered() -> dict[str, Any]:
    """Only an idea whose words stayed hidden gets past the freeze without an answer."""
    return {
        "worker_word": _("Hidden"),
        "neighbour_word": _("its words are hidden"),
        "tone": "stopped",
        "sentence": _("Its words were hidden, so it did not go on the ballot."),
        "next_step": _("In other words it can be proposed again in the next round."),
    }


def _on_ballot(idea: Idea) -> dict[str, Any]:
    """On the ballot, and once its round is counted, how it fared and why."""
    round_ = idea.round
    if hasattr(idea.project, "withdrawal"):
        return {
            "worker_word": _("Taken off the ballot"),
            "neighbour_word": _("taken off the ballot"),
            "tone": "stopped",
            "sentence": _("It was taken off the ballot while people voted. The round says why."),
            "next_step": _("It can be proposed again in the next round."),
        }
    if not hasattr(round_, "result"):
        return {
            "sentence": _("It was checked and is on the ballot, at %(cost)s.")
            % {"cost": pounds(idea.cost_pence or 0)},
            "next_step": _("The vote decides.")
            if round_.state == RoundState.FROZEN
            else _("The votes are being counted."),
        }
    verdict = verdict_on(round_, idea.code)
    why = reason_in_words(verdict["reason"], _)
    if verdict["won"]:
        return {
            "worker_word": _("Funded"),
            "neighbour_word": _("funded"),
            "tone": "good",
            "sentence": _("It was funded, with %(cost)s.") % {"cost": pounds(idea.cost_pence or 0)}
            + f" {why}",
            "next_step": _("Its money can be followed to the receipt on the page of its award."),
        }
    return {
        "worker_word": _("Not funded this time"),
        "neighbour_word": _("not funded this time"),
        "tone": "plain",
        "sentence": why,
        "next_step": _("It can come back in the next round, as it is or changed."),
    }
