"""What is owed to whoever had an idea, as promises: an answer, and one second look."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.ideas.models import Idea, IdeaState, Step, StepKind
from doorstep.apps.people.models import Role
from doorstep.apps.promises.actions import Due, Owed, kept, owe, withdraw
from doorstep.apps.promises.kinds import About, about, numbers
from doorstep.apps.promises.queries import due_after
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.rounds.models import Round
from doorstep.apps.rows import Row, row

ANSWER, REVIEW = "idea.answer", "idea.review"
REVIEW_RULE = "enquiry.answer_within"
KEEPS = {StepKind.ANSWERED: ANSWER, StepKind.REVIEW_ANSWERED: REVIEW}
ENDS = {StepKind.RETIRED, StepKind.WITHDRAWN, StepKind.HIDDEN, StepKind.ERASED}


def follow(idea: Idea, step: Step, actor: Actor) -> None:
    """Each step of an idea makes something owed, keeps it, or makes it needless."""
    kind, today = StepKind(step.kind), timezone.localdate()
    act: dict[str, Any] = {"on": today, "actor": actor, "leaf": step.leaf}
    if kind in KEEPS:
        kept(KEEPS[kind], str(idea.number), **act)
    elif kind in ENDS:
        needless(idea, actor, step.leaf)
    elif kind in {StepKind.PROPOSED, StepKind.SHOWN} and idea.state == IdeaState.PROPOSED:
        owe(_owed(idea, ANSWER, Due(idea.round.terms.checked_by)), again=True, **act)
    elif kind in {StepKind.REVIEW_ASKED, StepKind.SHOWN} and idea.state == IdeaState.REVIEW:
        due = due_after(REVIEW_RULE, today, idea.round.place.slug)
        owe(_owed(idea, REVIEW, Due.by(due, REVIEW_RULE)), again=True, **act)


def needless(idea: Idea, actor: Actor, leaf: Leaf) -> None:
    """Nobody waits for an answer any more."""
    for kind in (ANSWER, REVIEW):
        withdraw(kind, str(idea.number), on=timezone.localdate(), actor=actor, leaf=leaf)


def round_called_off(round_: Round) -> None:
    """Ideas of a round that was called off are not answered any more."""
    leaf = round_.cancelled
    if leaf is None:
        return
    waiting = Idea.objects.filter(
        round=round_, state__in=[IdeaState.PROPOSED, IdeaState.REVIEW]
    ).select_related("round__place")
    for idea in waiting:
        needless(idea, Actor("system", "worker"), leaf)


def _owed(idea: Idea, kind: str, due: Due) -> Owed:
    return Owed(kind, str(idea.number), due, place=idea.round.place, role=Role.Kind.WORKER)


def _ideas(keys: Collection[str]) -> QuerySet[Idea]:
    found = Idea.objects.filter(pk__in=numbers(keys))
    return row(found, key="number", hidden="hidden", title="title__text")


@about(ANSWER, gettext_lazy("Answer an idea"), _ideas)
def _answer(idea: Row) -> About:
    return _idea(
        idea, _("An answer to idea %(number)s, “%(title)s”"), _("An answer to idea %(number)s")
    )


@about(REVIEW, gettext_lazy("Look at an idea a second time"), _ideas)
def _review(idea: Row) -> About:
    return _idea(
        idea,
        _("A second look at idea %(number)s, “%(title)s”"),
        _("A second look at idea %(number)s"),
    )


def _idea(idea: Row, whole: str, nameless: str) -> About:
    number, title = idea["key"], idea["title"]
    return About(
        (nameless if idea["hidden"] or not title else whole) % {"number": number, "title": title},
        url=reverse("ideas:idea", args=[number]),
        work=reverse("ideas:check", args=[number]),
    )
