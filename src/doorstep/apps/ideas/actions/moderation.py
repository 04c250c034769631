"""Words that must not stand in public: hidden with a reason, looked at again, erased by law."""

from django.db import transaction

from doorstep.apps.files import actions as files
from doorstep.apps.files.models import Content
from doorstep.apps.ideas import rules
from doorstep.apps.ideas.actions import messages
from doorstep.apps.ideas.actions.checking import person_of
from doorstep.apps.ideas.actions.steps import held, kept, take
from doorstep.apps.ideas.models import Idea, StepKind
from doorstep.apps.record.actions import erase_words
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Wording


@transaction.atomic
def hide(idea: Idea, reason: str, *, actor: Actor) -> Idea:
    """Take an idea's words and photo out of sight, and say why in public. The author is told."""
    idea = held(idea)
    take(idea, StepKind.HIDDEN, actor=actor, reason=kept(reason, "reason"), hidden=True)
    messages.hidden(idea, rules.plain_text(reason, "reason"))
    return idea


@transaction.atomic
def keep_hidden(idea: Idea, reason: str, *, actor: Actor) -> Idea:
    """Answer the author's question: the words stay hidden. By another person than who hid them."""
    idea = held(idea)
    _refuse_same(idea, actor)
    take(idea, StepKind.HIDING_KEPT, actor=actor, reason=kept(reason, "reason"))
    messages.hiding_answered(idea)
    return idea


@transaction.atomic
def show_again(idea: Idea, reason: str, *, actor: Actor) -> Idea:
    """The words stand in public again."""
    idea = held(idea)
    take(idea, StepKind.SHOWN, actor=actor, reason=kept(reason, "reason"), hidden=False)
    messages.hiding_answered(idea)
    return idea


@transaction.atomic
def erase(idea: Idea, reason: str, *, actor: Actor) -> Idea:
    """Forget the words and photos of a hidden idea for ever, every version of them.

    For what the law does not let us keep. Each erasure has a leaf of its own as well.
    """
    idea = held(idea)
    rules.refuse_step(StepKind.ERASED, idea.state, idea.hidden, idea.number)
    take(idea, StepKind.ERASED, actor=actor, reason=kept(reason, "reason"))
    steps = list(idea.steps.select_related("photo"))
    words = {pk for step in steps for pk in (step.title_id, step.what_id, step.where_id) if pk}
    for wording in Wording.objects.filter(pk__in=words, erasure=None).order_by("pk"):
        erase_words(wording, actor=actor, reason=reason)
    for photo in {step.photo for step in steps if step.photo}:
        if Content.objects.filter(pk=photo.pk, erasure=None).exists():
            files.erase(photo, reason=reason, actor=actor)
    return idea


def _refuse_same(idea: Idea, actor: Actor) -> None:
    last = idea.steps.filter(kind=StepKind.HIDDEN).select_related("leaf").order_by("-seq").first()
    if last is not None and isinstance(actor.id, int):
        rules.refuse_same(actor.id, [person_of(last) or 0])
