"""An item is dealt with: interests are declared, and what the room came to is written down."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.partnerships.actions.meetings import held_meeting
from doorstep.apps.partnerships.actions.minutes import agree_minutes
from doorstep.apps.partnerships.models import (
    AgendaItem,
    Declaration,
    Interest,
    ItemDecision,
    Meeting,
    MeetingState,
    Membership,
    Method,
    Outcome,
    Presence,
)
from doorstep.apps.partnerships.queries.meetings import must_stay_out, seats_at
from doorstep.apps.partnerships.rules import meetings as rules
from doorstep.apps.people.spells import holds
from doorstep.apps.record.actions import keep_words, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule


@transaction.atomic
def declare_at_meeting(
    meeting: Meeting,
    membership: Membership,
    kind: str,
    *,
    item: AgendaItem | None = None,
    actor: Actor,
) -> Declaration:
    """A member says for one item, or for all of a meeting, that they have an interest."""
    if kind not in Interest.Kind.values:
        raise Refused(_("Choose a kind of interest."), code="interest_kind")
    meeting = held_meeting(meeting, MeetingState.CALLED)
    if membership.partnership_id != meeting.partnership_id or not holds(
        membership, timezone.localtime(meeting.meets_at).date()
    ):
        raise Refused(_("That seat is not held on the day of the meeting."), code="seat")
    same = Declaration.objects.filter(meeting=meeting, item=item, membership=membership, kind=kind)
    if (earlier := same.first()) is not None:
        return earlier
    if item is not None and (
        item.meeting_id != meeting.pk or ItemDecision.objects.filter(item=item).exists()
    ):
        raise Refused(_("This item is dealt with already."), code="item_done")
    leaf = write_leaf(
        "meeting.interest_declared",
        {
            "place": meeting.partnership.place.slug,
            "meeting": meeting.number,
            "item": item.number if item else 0,
            "membership": membership.pk,
            "interest_kind": str(kind),
            "actor": actor.as_leaf(),
        },
    )
    return Declaration.objects.create(
        meeting=meeting, item=item, membership=membership, kind=kind, leaf=leaf
    )


@transaction.atomic
def decide_item(
    item: AgendaItem,
    *,
    said: Mapping[int, str],
    chair: Membership | None,
    method: str = Method.NONE,
    votes: rules.Votes | None = None,
    note: str = "",
    on: date,
    actor: Actor,
) -> ItemDecision:
    """Write down what the room came to. `said` maps each seat (its number) to `here`, `away`, or
    the kind of interest for which its holder stays out.

    Quorum and resident majority are computed from those who take part in this item. Where one of
    them is missing the item is not decided, whatever was voted, and stays for another meeting.
    """
    meeting = held_meeting(item.meeting, MeetingState.CALLED)
    item = AgendaItem.objects.select_related("organisation", "minutes_of").get(pk=item.pk)
    meets_on = timezone.localtime(meeting.meets_at).date()
    if on < meets_on:
        raise Refused(_("The meeting has not begun. Write it down once it has."), code="too_early")
    if ItemDecision.objects.filter(item=item).exists():
        raise Refused(_("This item is dealt with already."), code="item_done")
    there = _there(item, meeting, said, meets_on)
    place = meeting.partnership.place.slug
    room = rules.room(
        there.values(),
        quorum=rule("meeting.quorum", meets_on, place),
        majority=rule("meeting.resident_majority", meets_on, place),
    )
    outcome, method, votes = _came_to(item, room, method, votes or rules.Votes())
    if outcome in (Outcome.CARRIED, Outcome.LOST):
        rules.refuse_chair(there.get(chair.pk) if chair else None)
    chair = chair if chair and chair.pk in there else None
    words = rules.plain_words(note, rules.LONGEST_NOTE)
    kept = keep_words(words) if words else None
    leaf = _leaf(item, meeting, room, there.values(), outcome, method, votes, chair, on, actor)
    for one in there.values():
        Presence.objects.create(
            item=item, membership_id=one.membership, lives_here=one.lives_here,
            stays_out=one.stays_out,
        )  # fmt: skip
    decision = ItemDecision.objects.create(
        item=item, method=method, in_favour=votes.in_favour, against=votes.against,
        abstained=votes.abstained, present=room.present, counted=room.counted,
        residents=room.residents, quorum=room.quorum, majority=room.majority, chair=chair,
        outcome=outcome, note=kept, decided_on=on, leaf=leaf,
    )  # fmt: skip
    if item.kind == AgendaItem.Kind.MINUTES and outcome == Outcome.CARRIED:
        agree_minutes(decision, on=on, actor=actor)
    return decision


def _there(
    item: AgendaItem, meeting: Meeting, said: Mapping[int, str], meets_on: date
) -> dict[int, rules.There]:
    """{seat: who is in the room}, with everybody out who must be."""
    seats = {seat.pk: seat for seat in seats_at(meeting)}
    known: Mapping[int, Collection[str]] = must_stay_out(item, meeting, seats.values(), meets_on)
    found = {}
    for number, word in said.items():
        seat = seats.get(number)
        if seat is None:
            raise Refused(
                _("Somebody is marked who holds no seat on the day of the meeting."), code="seat"
            )
        if word not in (rules.HERE, rules.AWAY, *rules.KINDS):
            raise Refused(_("Say of each member whether they are here."), code="presence")
        if word == rules.AWAY:
            continue
        rules.refuse_who_must_stay_out(seat.called, word, known.get(seat.pk, ()))
        out = rules.strongest({*known.get(seat.pk, ()), *({word} & set(rules.KINDS))})
        found[number] = rules.There(number, seat.lives_here, out)
    if not found:
        raise Refused(_("Mark who is in the room."), code="nobody_here")
    return found


def _came_to(
    item: AgendaItem, room: rules.Room, method: str, votes: rules.Votes
) -> tuple[str, str, rules.Votes]:
    if not item.needs_a_vote:
        return Outcome.NOTED, Method.NONE, rules.Votes()
    if not room.can_decide:
        return Outcome.NOT_DECIDED, Method.NONE, rules.Votes()
    if method not in (Method.HANDS, Method.BALLOT, Method.CONSENT):
        raise Refused(_("Say how it was decided."), code="method")
    outcome, counted = rules.outcome_of(room, method, votes)
    return outcome, method, counted


def _leaf(
    item: AgendaItem,
    meeting: Meeting,
    room: rules.Room,
    there: Collection[rules.There],
    outcome: str,
    method: str,
    votes: rules.Votes,
    chair: Membership | None,
    on: date,
    actor: Actor,
) -> Leaf:
    """The decision's leaf: numbers, seats and commitments, and nobody's name."""
    out = [one.stays_out for one in there if one.stays_out]
    return write_leaf(
        "meeting.item_decided",
        {
            "place": meeting.partnership.place.slug,
            "meeting": meeting.number,
            "item": item.number,
            "item_kind": item.kind,
            "title": item.title.commitment,
            "organisation": item.organisation.slug if item.organisation else "",
            "pence": item.pence or 0,
            "terms": item.terms,
            "method": str(method),
            "in_favour": votes.in_favour,
            "against": votes.against,
            "abstained": votes.abstained,
            "present": room.present,
            "stayed_out": {kind: out.count(kind) for kind in rules.KINDS if kind in out},
            "counted": room.counted,
            "residents": room.residents,
            "quorum": room.quorum,
            "majority": room.majority,
            "chair": str(chair.seat) if chair else "",
            "outcome": str(outcome),
            "why": list(room.codes),
            "decided_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
