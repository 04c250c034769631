"""What an author may do with their own idea: change it, retire it, take it back, ask once more.

An author has no account: the link in their message opens these. For an idea that was typed in for
somebody without an address, whoever typed it in may do the same on their word, as recorded.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.ideas import rules
from doorstep.apps.ideas.actions import messages
from doorstep.apps.ideas.actions.proposing import Said, words_of
from doorstep.apps.ideas.actions.steps import held, kept, take, terms_of
from doorstep.apps.ideas.models import Idea, IdeaState, StepKind
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import withdraw_project
from doorstep.apps.rounds.models import RoundState, Withdrawal


@transaction.atomic
def change(
    idea: Idea, said: Said, *, actor: Actor | None = None, today: date | None = None
) -> Idea:
    """New words. The earlier ones stay beside the record, and the idea is checked again."""
    idea = _before_freeze(idea)
    rules.refuse_step(StepKind.CHANGED, idea.state, idea.hidden, idea.number)
    terms = terms_of(idea.round)
    rules.refuse_late_change(
        idea.state, today or timezone.localdate(), terms.ideas_until, terms.checked_by
    )
    now = words_of(said)
    same = (
        now["title"].text == idea.title.text
        and now["what"].text == idea.what.text
        and (now["where"].text if now["where"] else "") == (idea.where.text if idea.where else "")
        and (now["tags"], now["rough_pence"]) == (idea.tags, idea.rough_pence)
    )
    if same:
        # Nothing of it is kept: the transaction takes back the words that were just laid down.
        raise Refused(_("These are the words as they stand, so nothing was changed."), code="same")
    take(
        idea, StepKind.CHANGED, actor=actor or author_of(idea),
        state=IdeaState.PROPOSED, cost_pence=None, **now,
    )  # fmt: skip
    return idea


@transaction.atomic
def ask_review(idea: Idea, reason: str, *, actor: Actor | None = None) -> Idea:
    """The author asks for a second look. Once, and before the rules of the round are fixed."""
    idea = _before_freeze(idea)
    rules.refuse_step(StepKind.REVIEW_ASKED, idea.state, idea.hidden, idea.number)
    if idea.steps.filter(kind=StepKind.REVIEW_ASKED).exists():
        raise Refused(
            _("A second look was asked for already, and there is one for each idea."),
            code="reviewed_once",
        )
    take(
        idea, StepKind.REVIEW_ASKED, actor=actor or author_of(idea),
        reason=kept(reason, "reason"), state=IdeaState.REVIEW,
    )  # fmt: skip
    return idea


@transaction.atomic
def retire(idea: Idea, other: Idea, *, actor: Actor | None = None) -> Idea:
    """The author stands behind another idea instead. Followers are asked, and never moved."""
    idea = _before_freeze(idea)
    other = Idea.objects.select_related("title").get(pk=other.pk)
    if other.pk == idea.pk or other.round_id != idea.round_id or other.hidden:
        raise Refused(_("Choose another idea of the same round."), code="favoured")
    if other.state not in rules.LIVE:
        raise Refused(
            _("Idea %(number)s is no longer in the running: choose another one.")
            % {"number": other.number},
            code="favoured_over",
        )
    take(
        idea, StepKind.RETIRED, actor=actor or author_of(idea),
        state=IdeaState.RETIRED, favoured=other,
    )  # fmt: skip
    messages.retired(idea, other)
    return idea


@transaction.atomic
def withdraw(idea: Idea, *, actor: Actor | None = None) -> Idea:
    """The author takes the idea back. Once it is on a ballot, until voting has ended."""
    idea = held(idea)
    if idea.round.state not in (RoundState.DRAFT, RoundState.FROZEN):
        raise Refused(_("Voting has ended, so the idea stays."), code="withdrawn_late")
    by = actor or author_of(idea)
    take(idea, StepKind.WITHDRAWN, actor=by, state=IdeaState.WITHDRAWN)
    if idea.project is not None and not Withdrawal.objects.filter(project=idea.project).exists():
        withdraw_project(idea.project, reason=_("Its author took it back."), actor=by)
    messages.withdrawn(idea)
    return idea


@transaction.atomic
def question_hiding(idea: Idea, reason: str, *, actor: Actor | None = None) -> Idea:
    """The author of hidden words asks for a second look. Once."""
    idea = held(idea)
    rules.refuse_step(StepKind.HIDING_QUESTIONED, idea.state, idea.hidden, idea.number)
    if idea.steps.filter(kind=StepKind.HIDING_QUESTIONED).exists():
        raise Refused(_("You asked about this already. It is answered once."), code="asked_once")
    take(
        idea, StepKind.HIDING_QUESTIONED, actor=actor or author_of(idea),
        reason=kept(reason, "reason"),
    )  # fmt: skip
    return idea


def author_of(idea: Idea) -> Actor:
    """An author as the record knows them: by the number of their idea."""
    return Actor("author", idea.number)


def _before_freeze(idea: Idea) -> Idea:
    idea = held(idea)
    if idea.round.state != RoundState.DRAFT:
        raise Refused(
            _("The rules of this round are fixed, so its ideas can no longer change."),
            code="round_frozen",
        )
    return idea
