"""What happens to a meeting: it is called, gains items and papers, is called off, broken off until
another day, or ends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.files.actions import Upload, keeping
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.models import (
    AgendaItem,
    Meeting,
    MeetingState,
    Outcome,
    Paper,
    Partnership,
)
from doorstep.apps.partnerships.rules import meetings as rules
from doorstep.apps.people.models import Role
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.promises.actions import Due, Owed, owe
from doorstep.apps.promises.queries import added_holidays, due_after
from doorstep.apps.promises.rules import plain_reason
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Wording
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

NOTICE = {Meeting.Kind.ORDINARY: "meeting.notice", Meeting.Kind.ANNUAL: "meeting.notice_annual"}
MINUTES_OWED = "meeting.minutes"


@dataclass(frozen=True)
class NewItem:
    """What is put on an agenda; read `AgendaItem` for what each part means."""

    kind: str
    title: str
    organisation: Organisation | None = None
    pence: int | None = None
    terms: dict[str, Any] = field(default_factory=dict)
    minutes_of: Meeting | None = None
    carried_from: AgendaItem | None = None


@transaction.atomic
def call_meeting(
    partnership: Partnership,
    *,
    kind: str = Meeting.Kind.ORDINARY,
    meets_at: datetime,
    where: str,
    items: Sequence[NewItem] = (),
    short_notice: str = "",
    on: date,
    actor: Actor,
) -> Meeting:
    """Give notice of a meeting. Its page is public at once, and that is the notice."""
    if kind not in Meeting.Kind.values:
        raise Refused(_("Choose a kind of meeting."), code="meeting_kind")
    lock_head()
    place, meets_on = partnership.place, timezone.localtime(meets_at).date()
    rules.refuse_bad_day(meets_on, on)
    deadline = rules.notice_by(
        meets_on, rule(NOTICE[Meeting.Kind(kind)], on, place.slug), added_holidays()
    )
    why = rules.plain_words(short_notice, rules.LONGEST_NOTE)
    rules.refuse_late_notice(deadline, on, why)
    late = on > deadline.due
    return _called(
        partnership, kind, meets_at, where, items, on, actor,
        notice_by=deadline.due, short_notice=keep_words(why) if late else None,
    )  # fmt: skip


def _called(
    partnership: Partnership,
    kind: str,
    meets_at: datetime,
    where: str,
    items: Sequence[NewItem],
    on: date,
    actor: Actor,
    *,
    notice_by: date,
    short_notice: Wording | None = None,
    continues: Meeting | None = None,
) -> Meeting:
    refuse_blank({_("where you meet"): where}, {_("where you meet"): 200})
    if len(items) > rules.MOST_ITEMS:
        raise Refused(
            _("An agenda has at most %(most)s items.") % {"most": rules.MOST_ITEMS}, code="items"
        )
    last = Meeting.objects.filter(partnership=partnership).aggregate(n=Max("number"))["n"] or 0
    place, words = keep_words(where.strip()), [_title(item) for item in items]
    leaf = write_leaf(
        "meeting.called",
        {
            "place": partnership.place.slug,
            "meeting": last + 1,
            "meeting_kind": str(kind),
            "meets_at": timezone.localtime(meets_at).isoformat(timespec="minutes"),
            "where": place.commitment,
            "notice_by": notice_by.isoformat(),
            "short_notice": short_notice.commitment if short_notice else "",
            "continues": continues.number if continues else 0,
            "items": [_said(i, item, words[i - 1]) for i, item in enumerate(items, start=1)],
            "actor": actor.as_leaf(),
        },
    )
    meeting = Meeting.objects.create(
        partnership=partnership, number=last + 1, kind=kind, where=place, meets_at=meets_at,
        called_on=on, notice_by=notice_by, short_notice=short_notice, continues=continues,
        called=leaf,
    )  # fmt: skip
    for number, item in enumerate(items, start=1):
        _put(meeting, number, item, words[number - 1], leaf, late=False)
    return meeting


@transaction.atomic
def add_item(meeting: Meeting, item: NewItem, *, on: date, actor: Actor) -> AgendaItem:
    """Something more for the agenda. Once the notice was due it is marked as late."""
    meeting = held_meeting(meeting, MeetingState.CALLED)
    last = meeting.items.aggregate(n=Max("number"))["n"] or 0
    if last >= rules.MOST_ITEMS:
        raise Refused(
            _("An agenda has at most %(most)s items.") % {"most": rules.MOST_ITEMS}, code="items"
        )
    words, late = _title(item), on > meeting.notice_by
    leaf = write_leaf(
        "meeting.item_added",
        {
            "place": meeting.partnership.place.slug,
            "meeting": meeting.number,
            **_said(last + 1, item, words),
            "late": late,
            "actor": actor.as_leaf(),
        },
    )
    return _put(meeting, last + 1, item, words, leaf, late=late)


def add_paper(item: AgendaItem, title: str, upload: Upload | bytes, *, actor: Actor) -> Paper:
    """A paper for an item, a picture or a PDF. Anybody may read it from now on."""
    refuse_blank({_("name"): title}, {_("name"): rules.LONGEST_TITLE})
    with keeping(upload, purpose="paper", public=True, by=actor) as file, transaction.atomic():
        meeting = held_meeting(item.meeting, MeetingState.CALLED)
        words = keep_words(title.strip())
        leaf = write_leaf(
            "meeting.paper_added",
            {
                "place": meeting.partnership.place.slug,
                "meeting": meeting.number,
                "item": item.number,
                "title": words.commitment,
                "fingerprint": file.fingerprint,
                "actor": actor.as_leaf(),
            },
        )
        return Paper.objects.create(item=item, title=words, file=file, leaf=leaf)


@transaction.atomic
def cancel_meeting(meeting: Meeting, reason: str, *, actor: Actor) -> Meeting:
    """Call a meeting off before anything was decided, with a reason for everybody."""
    meeting = held_meeting(meeting, MeetingState.CALLED)
    if meeting.items.filter(decision__isnull=False).exists():
        raise Refused(
            _("Something was decided at this meeting already. End it, or break it off."),
            code="meeting_began",
        )
    return _ended(meeting, MeetingState.CANCELLED, reason, {}, actor)


@transaction.atomic
def adjourn_meeting(
    meeting: Meeting, *, meets_at: datetime, where: str, reason: str, on: date, actor: Actor
) -> Meeting:
    """Break a meeting off; it goes on another day with whatever is not decided yet. Returns the
    meeting that goes on. It was announced here, so no new notice is due."""
    meeting = held_meeting(meeting, MeetingState.CALLED)
    _refuse_before(meeting, on)
    meets_on = timezone.localtime(meets_at).date()
    rules.refuse_bad_day(meets_on, on)
    left = carried_over(meeting)
    _ended(meeting, MeetingState.ADJOURNED, reason, _ends(meeting), actor)
    _owe_minutes(meeting, on, actor)
    return _called(
        meeting.partnership, meeting.kind, meets_at, where, left, on, actor,
        notice_by=meeting.notice_by, continues=meeting,
    )  # fmt: skip


@transaction.atomic
def end_meeting(meeting: Meeting, *, on: date, actor: Actor) -> Meeting:
    """The meeting is over. What was not reached is not decided, and stays to be carried over."""
    meeting = held_meeting(meeting, MeetingState.CALLED)
    _refuse_before(meeting, on)
    if not meeting.items.filter(decision__isnull=False).exists():
        raise Refused(
            _("Nothing is written down of this meeting. Write down an item, or call it off."),
            code="meeting_empty",
        )
    _ended(meeting, MeetingState.HELD, "", _ends(meeting), actor)
    _owe_minutes(meeting, on, actor)
    return meeting


def carried_over(meeting: Meeting) -> list[NewItem]:
    """What a meeting leaves for the next: items that it did not reach, or could not decide."""
    left = meeting.items.select_related("title", "organisation", "minutes_of", "decision").filter(
        carried_to__isnull=True
    )
    return [
        NewItem(
            kind=item.kind, title=item.title.text or _("(words erased)"),
            organisation=item.organisation, pence=item.pence, terms=item.terms,
            minutes_of=item.minutes_of, carried_from=item,
        )
        for item in left
        if not hasattr(item, "decision") or item.decision.outcome == Outcome.NOT_DECIDED
    ]  # fmt: skip


def held_meeting(meeting: Meeting, *states: MeetingState) -> Meeting:
    """The meeting as it stands now, under the record's pen; refuses any other state."""
    lock_head()
    now = Meeting.objects.select_related("partnership__place").get(pk=meeting.pk)
    if now.state not in states:
        raise Refused(
            _("This meeting is “%(state)s”, so this cannot be done with it any more.")
            % {"state": now.get_state_display()},
            code="meeting_state",
        )
    return now


def _refuse_before(meeting: Meeting, on: date) -> None:
    if on < timezone.localtime(meeting.meets_at).date():
        raise Refused(
            _("The meeting has not begun. To move it, call it off and call another."),
            code="meeting_to_come",
        )


def _ended(
    meeting: Meeting, state: MeetingState, reason: str, said: dict[str, int], actor: Actor
) -> Meeting:
    why = None
    if state is not MeetingState.HELD:
        why = keep_words(plain_reason(reason))
    leaf = write_leaf(
        f"meeting.{state}",
        {
            "place": meeting.partnership.place.slug,
            "meeting": meeting.number,
            "reason": why.commitment if why else "",
            **said,
            "actor": actor.as_leaf(),
        },
    )
    meeting.state, meeting.why, meeting.ended = state, why, leaf
    meeting.save(update_fields=["state", "why", "ended"])
    return meeting


def _ends(meeting: Meeting) -> dict[str, int]:
    """How many items were settled, how many could not be, and how many were not reached."""
    outcomes: list[str | None] = list(meeting.items.values_list("decision__outcome", flat=True))
    return {
        "settled": sum(one not in (None, Outcome.NOT_DECIDED) for one in outcomes),
        "not_decided": outcomes.count(Outcome.NOT_DECIDED),
        "not_reached": outcomes.count(None),
    }


def _owe_minutes(meeting: Meeting, on: date, actor: Actor) -> None:
    place = meeting.partnership.place
    due = due_after("meeting.minutes_within", on, place.slug)
    owed = Owed(
        MINUTES_OWED, str(meeting.pk), Due.by(due, "meeting.minutes_within"), place=place,
        role=Role.Kind.PARTNERSHIP_MEMBER,
    )  # fmt: skip
    owe(owed, on=on, actor=actor, leaf=meeting.ended)


def _title(item: NewItem) -> Wording:
    if item.kind not in AgendaItem.Kind.values:
        raise Refused(_("Choose what an item is for."), code="item_kind")
    refuse_blank({_("name"): item.title}, {_("name"): rules.LONGEST_TITLE})
    wants_money = item.kind in (AgendaItem.Kind.MONEY, AgendaItem.Kind.LIMIT)
    if wants_money and not (type(item.pence) is int and item.pence > 0):
        raise Refused(_("Say up to how much money the item is about."), code="item_money")
    if not wants_money and item.pence is not None:
        raise Refused(_("Only an item that gives money has a sum."), code="item_money")
    if (item.kind == AgendaItem.Kind.MINUTES) != (item.minutes_of is not None):
        raise Refused(_("Say which meeting’s minutes are to be agreed."), code="item_minutes")
    if item.kind == AgendaItem.Kind.LIMIT:
        rules.refuse_bad_terms(item.terms)
    return keep_words(item.title.strip())


def _said(number: int, item: NewItem, title: Wording) -> dict[str, Any]:
    """An item as its leaf says it."""
    return {
        "item": number,
        "item_kind": str(item.kind),
        "title": title.commitment,
        "organisation": item.organisation.slug if item.organisation else "",
        "pence": item.pence or 0,
        "terms": item.terms,
        "minutes_of": item.minutes_of.number if item.minutes_of else 0,
    }


def _put(
    meeting: Meeting, number: int, item: NewItem, title: Wording, leaf: Leaf, *, late: bool
) -> AgendaItem:
    return AgendaItem.objects.create(
        meeting=meeting, number=number, kind=item.kind, title=title,
        organisation=item.organisation, pence=item.pence, terms=item.terms,
        minutes_of=item.minutes_of, carried_from=item.carried_from, late=late, leaf=leaf,
    )  # fmt: skip
