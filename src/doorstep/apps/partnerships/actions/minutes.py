"""Minutes: drafted by somebody who was there, agreed by a later meeting, then published."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.partnerships.actions.meetings import MINUTES_OWED, held_meeting
from doorstep.apps.partnerships.models import (
    ItemDecision,
    Meeting,
    MeetingState,
    MinutesStep,
)
from doorstep.apps.partnerships.queries.meetings import hidden_names
from doorstep.apps.partnerships.rules import meetings as rules
from doorstep.apps.people.models import Role
from doorstep.apps.promises.actions import Due, Owed, kept, owe
from doorstep.apps.promises.queries import due_after
from doorstep.apps.record.actions import MAX_WORDS, keep_words, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Wording
from doorstep.apps.refused import Refused

PUBLISHING_OWED = "meeting.publish"
OVER = (MeetingState.HELD, MeetingState.ADJOURNED)


@transaction.atomic
def draft_minutes(meeting: Meeting, text: str, *, on: date, actor: Actor) -> MinutesStep:
    """Write the minutes, or write them anew until a meeting agreed them. Members read them."""
    meeting = held_meeting(meeting, *OVER)
    said = rules.plain_words(text, MAX_WORDS)
    if not said:
        raise Refused(_("Write the minutes first."), code="minutes_empty")
    steps = list(meeting.minutes.all())
    if any(step.kind == MinutesStep.Kind.AGREED for step in steps):
        raise Refused(
            _("These minutes were agreed. Put a correction on the agenda of the next meeting."),
            code="minutes_agreed",
        )
    words = keep_words(said)
    step = _step(meeting, MinutesStep.Kind.DRAFTED, words, None, on, actor)
    kept(MINUTES_OWED, str(meeting.pk), on=on, actor=actor, leaf=step.leaf)
    return step


def agree_minutes(decision: ItemDecision, *, on: date, actor: Actor) -> MinutesStep:
    """A meeting agreed the minutes that its item names, as they were drafted last. Called by the
    act that wrote the decision down, in its transaction."""
    meeting = decision.item.minutes_of
    assert meeting is not None
    drafted = meeting.minutes.filter(kind=MinutesStep.Kind.DRAFTED).order_by("seq").last()
    if drafted is None:
        raise Refused(
            _("The minutes of that meeting are not drafted yet, so nobody could agree them."),
            code="minutes_not_drafted",
        )
    if meeting.minutes.filter(kind=MinutesStep.Kind.AGREED).exists():
        raise Refused(_("These minutes were agreed already."), code="minutes_agreed")
    step = _step(meeting, MinutesStep.Kind.AGREED, drafted.text, decision, on, actor, decision.leaf)
    place = meeting.partnership.place
    due = Due.by(due_after("meeting.published_within", on, place.slug), "meeting.published_within")
    role = Role.Kind.PARTNERSHIP_MEMBER
    owed = Owed(PUBLISHING_OWED, str(meeting.pk), due, place=place, role=role)
    owe(owed, on=on, actor=actor, leaf=decision.leaf)
    return step


@transaction.atomic
def publish_minutes(meeting: Meeting, *, on: date, actor: Actor) -> MinutesStep:
    """Show agreed minutes to everybody. Refused while they name somebody who did not agree."""
    meeting = held_meeting(meeting, *OVER)
    steps = {step.kind: step for step in meeting.minutes.select_related("text")}
    if MinutesStep.Kind.PUBLISHED in steps:
        return steps[MinutesStep.Kind.PUBLISHED]
    agreed = steps.get(MinutesStep.Kind.AGREED)
    if agreed is None:
        raise Refused(
            _("A meeting agrees the minutes first. Put them on the agenda of the next one."),
            code="minutes_not_agreed",
        )
    text = agreed.text.text or ""
    rules.refuse_private_words(text, hidden_names(meeting.partnership))
    step = _step(meeting, MinutesStep.Kind.PUBLISHED, agreed.text, None, on, actor)
    kept(PUBLISHING_OWED, str(meeting.pk), on=on, actor=actor, leaf=step.leaf)
    return step


def _step(
    meeting: Meeting,
    kind: MinutesStep.Kind,
    text: Wording,
    decision: ItemDecision | None,
    on: date,
    actor: Actor,
    leaf: Leaf | None = None,
) -> MinutesStep:
    seq = meeting.minutes.count() + 1
    if leaf is None:
        leaf = write_leaf(
            f"meeting.minutes_{kind}",
            {
                "place": meeting.partnership.place.slug,
                "meeting": meeting.number,
                "step": seq,
                "text": text.commitment,
                "actor": actor.as_leaf(),
            },
        )
    return MinutesStep.objects.create(
        meeting=meeting, seq=seq, kind=kind, text=text, decision=decision, on=on, leaf=leaf
    )
