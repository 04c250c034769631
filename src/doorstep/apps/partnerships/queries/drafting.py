"""What is ready when a meeting is called or its minutes are written, so that nobody types it."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.partnerships.actions.meetings import NewItem, carried_over
from doorstep.apps.partnerships.models import (
    AgendaItem,
    Meeting,
    MeetingState,
    MinutesStep,
    Outcome,
    Partnership,
)
from doorstep.apps.partnerships.queries.meetings import Told, hidden_names
from doorstep.apps.partnerships.rules import meetings as rules
from doorstep.apps.people.spells import said_day
from doorstep.apps.promises.queries import added_holidays
from doorstep.engine.rulebook import Rule

OVER = (MeetingState.HELD, MeetingState.ADJOURNED)


def unagreed(partnership: Partnership) -> Meeting | None:
    """The oldest meeting whose minutes are drafted and not agreed, and on no agenda to come."""
    drafted = MinutesStep.objects.filter(kind=MinutesStep.Kind.DRAFTED).values("meeting")
    agreed = MinutesStep.objects.filter(kind=MinutesStep.Kind.AGREED).values("meeting")
    waiting = AgendaItem.objects.filter(
        meeting__state=MeetingState.CALLED, minutes_of__isnull=False
    ).values("minutes_of")
    found = Meeting.objects.filter(partnership=partnership, state__in=OVER, pk__in=drafted)
    return found.exclude(pk__in=agreed).exclude(pk__in=waiting).order_by("number").first()


def to_agree(meeting: Meeting) -> NewItem:
    day = said_day(timezone.localtime(meeting.meets_at).date())
    title = _("Minutes of the meeting of %(day)s") % {"day": day}
    return NewItem(AgendaItem.Kind.MINUTES, title, minutes_of=meeting)


def left_over(partnership: Partnership) -> list[NewItem]:
    """What the last meeting that ended did not reach, or could not decide."""
    last = Meeting.objects.filter(partnership=partnership, state=MeetingState.HELD)
    found = last.order_by("-number").first()
    if found is None:
        return []
    return [item for item in carried_over(found) if item.kind != AgendaItem.Kind.MINUTES]


def open_items(meeting: Meeting) -> list[AgendaItem]:
    """Items that are not dealt with yet."""
    rows = meeting.items.select_related("title").filter(decision__isnull=True)
    return list(rows.order_by("number"))


def earliest(today: date, days: Rule) -> date:
    """The first day for which notice given today is in time."""
    added = added_holidays()
    day = today + timedelta(days=int(days.value))
    while rules.notice_by(day, days, added).due < today:
        day += timedelta(days=1)
    return day


def would_be_hidden(meeting: Meeting, steps: Sequence[MinutesStep]) -> list[str]:
    """What in the words as they stand could not be published."""
    text = (steps[-1].text.text or "") if steps else ""
    return rules.private_words(text, hidden_names(meeting.partnership))


def first_draft(meeting: Meeting, agenda: Sequence[Told]) -> str:
    """Minutes made of what was written down at each item: roles and numbers."""
    head = _("%(kind)s of %(group)s, %(day)s, %(where)s") % {
        "kind": meeting.get_kind_display().capitalize(),
        "group": meeting.partnership.name,
        "day": said_day(timezone.localtime(meeting.meets_at).date()),
        "where": meeting.where.text or "",
    }
    return "\n\n".join([head, *(_of_item(told) for told in agenda)])


def _of_item(told: Told) -> str:
    lines = [f"{told.number}. {told.item.title.text or ''}: {told.word}."]
    made = told.decision
    if made is not None:
        if made.outcome in (Outcome.CARRIED, Outcome.LOST):
            lines.append(
                _(
                    "%(how)s: in favour %(in_favour)s, against %(against)s, abstained "
                    "%(abstained)s. %(counted)s took part, %(residents)s of them residents."
                )
                % {
                    "how": made.get_method_display().capitalize(),
                    "in_favour": made.in_favour,
                    "against": made.against,
                    "abstained": made.abstained,
                    "counted": made.counted,
                    "residents": made.residents,
                }
            )
        lines += told.why
        lines += [
            _("Stayed out: %(count)s (%(kind)s).") % {"count": count, "kind": kind}
            for kind, count in told.stayed_out
        ]
        if made.note is not None and made.note.text:
            lines.append(made.note.text)
    return "\n".join(lines)
